/*
 * Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray, arXiv:1509.09308) by the Toom-Cook
 * construction: a tile of 4x4 outputs needs 6x6 inputs; all are evaluated as polynomials at the
 * points 0, +-p, +-q and infinity, multiplied point by point, and interpolated. Where M
 * is the product of (x - point) over the finite points, an input's row for a point is M / (x - point),
 * a kernel's row is the powers of the point over the derivative of M there, an output's row is the
 * powers of the point.
 *
 * The order of the points is 0, p, -p, q, -q, infinity. Rows for p and -p share their even
 * and odd parts, which is where the additions are saved.
 */
#ifndef GRAFT_TRANSFORM_IMPL_H
#define GRAFT_TRANSFORM_IMPL_H

#define INLINE static inline __attribute__((always_inline))

#define TILE 4            /* outputs of a tile, down and across */
#define SIDE 6            /* inputs and points of it */
#define POINTS (SIDE * SIDE)

/* 1/sqrt(2) and sqrt(2): half the error of 1 and 2, at the same cost. */
#define P 0.70710678118654752440
#define Q 1.41421356237309504880

/* Six neighbours of the input, at the points x and -x; the other pair's is y, y2 its square. */
INLINE void input_pair(float x, float y2, const vec d[SIDE], vec *plus, vec *minus) {
  vec even = v_fnma(v_all(y2), d[2], d[4]), odd = v_fnma(v_all(y2), d[1], d[3]);
  *plus = v_fma(v_all(x), odd, even);
  *minus = v_fnma(v_all(x), odd, even);
}

/* At 0 and infinity. p^2 q^2 is 1. */
INLINE void input_outer(const vec d[SIDE], vec *zero, vec *infinity) {
  vec sum = v_all((float)(P * P + Q * Q));
  *zero = v_fnma(sum, d[2], v_add(d[0], d[4]));
  *infinity = v_fnma(sum, d[3], v_add(d[1], d[5]));
}

/* At all points. */
INLINE void input_points(const vec d[SIDE], vec v[SIDE]) {
  input_pair((float)P, (float)(Q * Q), d, &v[1], &v[2]);
  input_pair((float)Q, (float)(P * P), d, &v[3], &v[4]);
  input_outer(d, &v[0], &v[5]);
}

/* The products at the six points, as four outputs. */
INLINE void output_points(const vec v[SIDE], vec y[TILE]) {
  vec s1 = v_add(v[1], v[2]), d1 = v_sub(v[1], v[2]);
  vec s2 = v_add(v[3], v[4]), d2 = v_sub(v[3], v[4]);
  y[0] = v_add(v[0], v_add(s1, s2));
  y[1] = v_fma(v_all((float)P), d1, v_mul(v_all((float)Q), d2));
  y[2] = v_fma(v_all((float)(P * P)), s1, v_mul(v_all((float)(Q * Q)), s2));
  y[3] = v_fma(v_all((float)(P * P * P)), d1, v_fma(v_all((float)(Q * Q * Q)), d2, v[5]));
}

/* The factors of a kernel's three values at each point: g[point][tap]. */
static void kernel_factors(double g[SIDE][3]) {
  static const double points[SIDE - 1] = {0, P, -P, Q, -Q};
  for (int i = 0; i < SIDE - 1; i++) {
    double scale = 1;
    for (int j = 0; j < SIDE - 1; j++) {
      scale *= j == i ? 1 : points[i] - points[j];
    }
    g[i][0] = 1 / scale;
    g[i][1] = points[i] / scale;
    g[i][2] = points[i] * points[i] / scale;
  }
  g[SIDE - 1][0] = 0;
  g[SIDE - 1][1] = 0;
  g[SIDE - 1][2] = 1;
}

#endif
