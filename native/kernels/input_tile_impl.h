/*
 * A tile's 6x6 inputs at all 36 points, a vector of channels at a time: rows of points in pairs, each
 * from the pixels. All at once would need 36 vectors between the two directions, more than there are
 * registers; reading the pixels three times, from the first-level cache, costs less than keeping them.
 */
#ifndef GRAFT_INPUT_TILE_IMPL_H
#define GRAFT_INPUT_TILE_IMPL_H

#include "micro_impl.h"
#include "transform_impl.h"

/*
 * Hides from the compiler where a pointer comes from. It would calculate the addresses of all pixels
 * and points ahead of the loop over the channels, dozens of them, and keep them in memory.
 */
#define OPAQUE(pointer) __asm__("" : "+r"(pointer))

/* A tile's pixels, a vector of channels of them. */
struct tile_pixels {
  const char *corner; /* of the first; may lie before the image: never read where the masks are 0 */
  int64_t down, right; /* bytes to the next row, to the next column */
  unsigned rows, columns; /* those inside of the image, as bits */
  int lanes;
};

/* The pixels from row `first` on of column j; all are inside if `inner`. */
INLINE void pixel_column(
    const int inner, const struct tile_pixels *p, int j, const int first, vec d[SIDE]) {
  const char *top = p->corner + j * p->right;
  OPAQUE(top);
#pragma GCC unroll 8
  for (int i = first; i < SIDE; i++) {
    const float *at = (const float *)(top + i * p->down);
    if (inner) {
      d[i] = v_load(at);
    } else {
      d[i] = (p->rows >> i & 1) && (p->columns >> j & 1) ? v_load_n(at, p->lanes) : v_zero();
    }
  }
}

/* Fetches what column j is for the tile to the right, which comes next. */
INLINE void fetch_column(const struct tile_pixels *p, int j) {
  const char *top = p->corner + (j + TILE) * p->right;
  OPAQUE(top);
#pragma GCC unroll 8
  for (int i = 0; i < SIDE; i++) {
    _mm_prefetch(top + i * p->down, _MM_HINT_T0);
  }
}

/* Row i of the points, from the columns' values for it. */
INLINE void store_points(const vec t[SIDE], int i, float *to, size_t stride) {
  vec v[SIDE];
  input_points(t, v);
  float *at = to + (size_t)i * SIDE * stride;
  OPAQUE(at);
#pragma GCC unroll 8
  for (int j = 0; j < SIDE; j++) {
    v_store(at + j * stride, v[j]);
  }
}

/* One vector of channels at all points, to [point][...]. */
INLINE void input_vector(const int inner, const struct tile_pixels *p, float *to, size_t stride) {
  vec d[SIDE], t[2][SIDE];
#pragma GCC unroll 8
  for (int j = 0; j < SIDE; j++) {
    pixel_column(inner, p, j, 0, d);
    if (inner && j >= SIDE - TILE) {
      fetch_column(p, j);
    }
    input_outer(d, &t[0][j], &t[1][j]);
  }
  store_points(t[0], 0, to, stride);
  store_points(t[1], 5, to, stride);
#pragma GCC unroll 8
  for (int j = 0; j < SIDE; j++) {
    pixel_column(inner, p, j, 1, d);
    input_pair((float)P, (float)(Q * Q), d, &t[0][j], &t[1][j]);
  }
  store_points(t[0], 1, to, stride);
  store_points(t[1], 2, to, stride);
#pragma GCC unroll 8
  for (int j = 0; j < SIDE; j++) {
    pixel_column(inner, p, j, 1, d);
    input_pair((float)Q, (float)(P * P), d, &t[0][j], &t[1][j]);
  }
  store_points(t[0], 3, to, stride);
  store_points(t[1], 4, to, stride);
}

/* The rows or columns first ... first+5 that are inside 0 ... size-1, as bits. */
static unsigned inside(int64_t first, int64_t size) {
  unsigned mask = 0;
  for (int i = 0; i < SIDE; i++) {
    mask |= (unsigned)(first + i >= 0 && first + i < size) << i;
  }
  return mask;
}

/* The inputs [h][w][c] around a tile's outputs at (y, x), at all points, to [point][...]. */
INLINE void input_tile(
    const float *image, int64_t h, int64_t w, int64_t c, int64_t y, int64_t x,
    float *to, size_t stride) {
  const int64_t size = sizeof(float);
  struct tile_pixels p = {
      .corner = (const char *)(image + ((y - 1) * w + (x - 1)) * c),
      .down = w * c * size,
      .right = c * size,
      .rows = inside(y - 1, h),
      .columns = inside(x - 1, w),
      .lanes = LANES};
  const unsigned all = (1u << SIDE) - 1;
  int64_t i = 0;
  if (p.rows == all && p.columns == all) {
    for (; i + LANES <= c; i += LANES, p.corner += LANES * size) {
      input_vector(1, &p, to + i, stride);
    }
  }
  for (; i < c; i += LANES, p.corner += LANES * size) {
    p.lanes = lanes_at(c, i);
    input_vector(0, &p, to + i, stride);
  }
}

#endif
