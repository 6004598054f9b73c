/*
 * Winograd's minimal filtering F(4x4, 3x3) and F(6x6, 3x3) (Lavin and Gray, arXiv:1509.09308) by the
 * Toom-Cook construction: a tile of 4x4 outputs needs 6x6 inputs, one of 6x6 needs 8x8; all are
 * evaluated as polynomials at the points 0, +-p, +-q ... and infinity, multiplied point by point, and
 * interpolated. Where M is the product of (x - point) over the finite points, an input's row for a
 * point is M / (x - point), a kernel's row is the powers of the point over the derivative of M there,
 * an output's row is the powers of the point.
 *
 * The order of the points is 0, p, -p, q, -q ..., infinity. Rows for p and -p share their even
 * and odd parts, which is where the additions are saved.
 *
 * `tile`, the outputs of a tile down and across, is 4 or 6 and known where these are compiled.
 */
#ifndef GRAFT_TRANSFORM_IMPL_H
#define GRAFT_TRANSFORM_IMPL_H

#define INLINE static inline __attribute__((always_inline))

/*
 * Hides from the compiler where a pointer comes from. It would calculate the addresses of all pixels
 * and points ahead of the loop over the channels, dozens of them, and keep them in memory.
 */
#define OPAQUE(pointer) __asm__("" : "+r"(pointer))

#define SIDE_OF(tile) ((tile) + 2) /* inputs and points of a tile, down and across */
#define POINTS_OF(tile) (SIDE_OF(tile) * SIDE_OF(tile))
#define PAIRS_OF(tile) ((tile) / 2) /* of points */
#define MOST_TILE 6
#define MOST_SIDE SIDE_OF(MOST_TILE)

/* 1/sqrt(2) and sqrt(2): half the error of 1 and 2, at the same cost. */
#define P 0.70710678118654752440
#define Q 1.41421356237309504880

/* The positive points of F(4x4) and of F(6x6). Other ones have at best 5 % less error in F(6x6). */
static const double points_of_4[] = {P, Q}, points_of_6[] = {1, 2, 0.5};

/* Neighbours of the input at the pair of points number `pair`. */
INLINE void input_pair(const int tile, const int pair, const vec d[], vec *plus, vec *minus) {
  vec even, odd;
  double x;
  if (tile == 4) {
    x = points_of_4[pair];
    /* The other pair's point, squared. */
    double y = points_of_4[1 - pair] * points_of_4[1 - pair];
    even = v_fnma(v_all((float)y), d[2], d[4]);
    odd = v_fnma(v_all((float)y), d[1], d[3]);
  } else {
    x = points_of_6[pair];
    double y = points_of_6[(pair + 1) % 3], z = points_of_6[(pair + 2) % 3];
    vec sum = v_all((float)(y * y + z * z)), product = v_all((float)(y * y * z * z));
    even = v_fma(product, d[2], v_fnma(sum, d[4], d[6]));
    odd = v_fma(product, d[1], v_fnma(sum, d[3], d[5]));
  }
  *plus = v_fma(v_all((float)x), odd, even);
  *minus = v_fnma(v_all((float)x), odd, even);
}

/* At 0 and infinity. */
INLINE void input_outer(const int tile, const vec d[], vec *zero, vec *infinity) {
  if (tile == 4) {
    /* p^2 q^2 is 1. */
    vec sum = v_all((float)(P * P + Q * Q));
    *zero = v_fnma(sum, d[2], v_add(d[0], d[4]));
    *infinity = v_fnma(sum, d[3], v_add(d[1], d[5]));
  } else {
    /* 1 + 4 + 1/4, and 1 * 4 + 4 * 1/4 + 1/4 * 1; the product of all three is 1. */
    vec sum = v_all(5.25f);
    *zero = v_fma(sum, v_sub(d[2], d[4]), v_sub(d[6], d[0]));
    *infinity = v_fma(sum, v_sub(d[3], d[5]), v_sub(d[7], d[1]));
  }
}

/* At all points. */
INLINE void input_points(const int tile, const vec d[], vec v[]) {
#pragma GCC unroll 8
  for (int pair = 0; pair < PAIRS_OF(tile); pair++) {
    input_pair(tile, pair, d, &v[2 * pair + 1], &v[2 * pair + 2]);
  }
  input_outer(tile, d, &v[0], &v[SIDE_OF(tile) - 1]);
}

/* The products at the points, as outputs. */
INLINE void output_points(const int tile, const vec v[], vec y[]) {
  vec s1 = v_add(v[1], v[2]), d1 = v_sub(v[1], v[2]);
  vec s2 = v_add(v[3], v[4]), d2 = v_sub(v[3], v[4]);
  if (tile == 4) {
    y[0] = v_add(v[0], v_add(s1, s2));
    y[1] = v_fma(v_all((float)P), d1, v_mul(v_all((float)Q), d2));
    y[2] = v_fma(v_all((float)(P * P)), s1, v_mul(v_all((float)(Q * Q)), s2));
    y[3] = v_fma(v_all((float)(P * P * P)), d1, v_fma(v_all((float)(Q * Q * Q)), d2, v[5]));
  } else {
    vec s3 = v_add(v[5], v[6]), d3 = v_sub(v[5], v[6]);
    y[0] = v_add(v_add(v[0], s1), v_add(s2, s3));
    y[1] = v_fma(v_all(2), d2, v_fma(v_all(0.5f), d3, d1));
    y[2] = v_fma(v_all(4), s2, v_fma(v_all(0.25f), s3, s1));
    y[3] = v_fma(v_all(8), d2, v_fma(v_all(0.125f), d3, d1));
    y[4] = v_fma(v_all(16), s2, v_fma(v_all(0.0625f), s3, s1));
    y[5] = v_fma(v_all(32), d2, v_fma(v_all(0.03125f), d3, v_add(d1, v[7])));
  }
}

/* The factors of a kernel's three values at each point: g[point][tap]. */
static void kernel_factors(int tile, double g[][3]) {
  const double *positive = tile == 4 ? points_of_4 : points_of_6;
  double points[MOST_SIDE] = {0};
  int finite = SIDE_OF(tile) - 1;
  for (int i = 1; i < finite; i++) {
    points[i] = i % 2 == 1 ? positive[i / 2] : -points[i - 1];
  }
  for (int i = 0; i < finite; i++) {
    double scale = 1;
    for (int j = 0; j < finite; j++) {
      scale *= j == i ? 1 : points[i] - points[j];
    }
    g[i][0] = 1 / scale;
    g[i][1] = points[i] / scale;
    g[i][2] = points[i] * points[i] / scale;
  }
  g[finite][0] = 0;
  g[finite][1] = 0;
  g[finite][2] = 1;
}

#endif
