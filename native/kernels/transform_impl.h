/*
 * Winograd's minimal filtering F(m x m, 3 x 3) (Lavin and Gray, arXiv:1509.09308) by the Toom-Cook
 * construction: a tile of m x m outputs needs (m + 2)^2 inputs; all are evaluated as polynomials at
 * the points 0, +-p, +-q (, +-r) and infinity, multiplied point by point, and interpolated. Where M
 * is the product of (x - point) over the finite points, an input's row for a point is M / (x - point),
 * a kernel's row is the powers of the point over the derivative of M there, an output's row is the
 * powers of the point.
 *
 * The order of the points is 0, p, -p, q, -q (, r, -r), infinity. Rows for p and -p share their even
 * and odd parts, which is where the additions are saved.
 */
#ifndef GRAFT_TRANSFORM_IMPL_H
#define GRAFT_TRANSFORM_IMPL_H

#define INLINE static inline __attribute__((always_inline))

/* F(4x4): 0, +-1/sqrt(2), +-sqrt(2): half the error of 0, +-1, +-2 at the same cost. */
#define P4 0.70710678118654752440
#define Q4 1.41421356237309504880

/* F(6x6). */
#ifndef P6
#define P6 1.0
#define Q6 2.0
#define R6 0.5
#endif

#define MAX_SIDE 8

/* The inputs of m + 2 neighbours, at the points. */
INLINE void input_points(const int m, const vec d[MAX_SIDE], vec v[MAX_SIDE]) {
  if (m == 4) {
    const float p = (float)P4, q = (float)Q4, p2 = (float)(P4 * P4), q2 = (float)(Q4 * Q4);
    vec even = v_fnma(v_all(q2), d[2], d[4]), odd = v_fnma(v_all(q2), d[1], d[3]);
    v[1] = v_fma(v_all(p), odd, even);
    v[2] = v_fnma(v_all(p), odd, even);
    even = v_fnma(v_all(p2), d[2], d[4]);
    odd = v_fnma(v_all(p2), d[1], d[3]);
    v[3] = v_fma(v_all(q), odd, even);
    v[4] = v_fnma(v_all(q), odd, even);
    /* p^2 q^2 is 1. */
    v[0] = v_fnma(v_all(p2 + q2), d[2], v_add(d[0], d[4]));
    v[5] = v_fnma(v_all(p2 + q2), d[3], v_add(d[1], d[5]));
  } else {
    const double a = P6 * P6, b = Q6 * Q6, c = R6 * R6;
#define PAIR(at, point, x, y) \
    { \
      vec even = v_fma(v_all((float)((x) * (y))), d[2], v_fnma(v_all((float)((x) + (y))), d[4], d[6])); \
      vec odd = v_fma(v_all((float)((x) * (y))), d[1], v_fnma(v_all((float)((x) + (y))), d[3], d[5])); \
      v[at] = v_fma(v_all((float)(point)), odd, even); \
      v[at + 1] = v_fnma(v_all((float)(point)), odd, even); \
    }
    PAIR(1, P6, b, c)
    PAIR(3, Q6, a, c)
    PAIR(5, R6, a, b)
#undef PAIR
    const vec s1 = v_all((float)(a + b + c)), s2 = v_all((float)(a * b + a * c + b * c)),
              s3 = v_all((float)(a * b * c));
    v[0] = v_fnma(s3, d[0], v_fma(s2, d[2], v_fnma(s1, d[4], d[6])));
    v[7] = v_fnma(s3, d[1], v_fma(s2, d[3], v_fnma(s1, d[5], d[7])));
  }
}

/* The products at the m + 2 points, as m outputs. */
INLINE void output_points(const int m, const vec v[MAX_SIDE], vec y[MAX_SIDE]) {
  vec s1 = v_add(v[1], v[2]), d1 = v_sub(v[1], v[2]);
  vec s2 = v_add(v[3], v[4]), d2 = v_sub(v[3], v[4]);
  if (m == 4) {
    const double p = P4, q = Q4;
    y[0] = v_add(v[0], v_add(s1, s2));
    y[1] = v_fma(v_all((float)p), d1, v_mul(v_all((float)q), d2));
    y[2] = v_fma(v_all((float)(p * p)), s1, v_mul(v_all((float)(q * q)), s2));
    y[3] = v_fma(
        v_all((float)(p * p * p)), d1, v_fma(v_all((float)(q * q * q)), d2, v[5]));
  } else {
    const double p = P6, q = Q6, r = R6;
    vec s3 = v_add(v[5], v[6]), d3 = v_sub(v[5], v[6]);
    y[0] = v_add(v_add(v[0], s1), v_add(s2, s3));
#define POWERS(n, x1, x2, x3, pn, qn, rn) \
    y[n] = v_fma(v_all((float)(pn)), x1, v_fma(v_all((float)(qn)), x2, v_mul(v_all((float)(rn)), x3)));
    POWERS(1, d1, d2, d3, p, q, r)
    POWERS(2, s1, s2, s3, p * p, q * q, r * r)
    POWERS(3, d1, d2, d3, p * p * p, q * q * q, r * r * r)
    POWERS(4, s1, s2, s3, p * p * p * p, q * q * q * q, r * r * r * r)
#undef POWERS
    y[5] = v_fma(
        v_all((float)(p * p * p * p * p)), d1,
        v_fma(
            v_all((float)(q * q * q * q * q)), d2,
            v_fma(v_all((float)(r * r * r * r * r)), d3, v[7])));
  }
}

/* The factors of a kernel's three values at each point: kernel_factors[m == 6][point][tap]. */
static void kernel_factors(int m, double g[MAX_SIDE][3]) {
  const double points4[4] = {P4, -P4, Q4, -Q4}, points6[6] = {P6, -P6, Q6, -Q6, R6, -R6};
  const double *points = m == 4 ? points4 : points6;
  for (int i = -1; i < m; i++) {
    double x = i < 0 ? 0 : points[i], scale = 1;
    for (int j = -1; j < m; j++) {
      double other = j < 0 ? 0 : points[j];
      scale *= j == i ? 1 : x - other;
    }
    g[i + 1][0] = 1 / scale;
    g[i + 1][1] = x / scale;
    g[i + 1][2] = x * x / scale;
  }
  g[m + 1][0] = 0;
  g[m + 1][1] = 0;
  g[m + 1][2] = 1;
}

#endif
