/*
 * A tile's 6x6 inputs at all 36 points (8x8 at 64 for tiles of 6x6 outputs), a vector of channels at a
 * time: rows of points in pairs, each from the pixels. All at once would need 36 or 64 vectors between
 * the two directions, more than there are registers; reading the pixels again for each pair, from the
 * first-level cache, costs less than keeping them.
 */
#ifndef GRAFT_INPUT_TILE_IMPL_H
#define GRAFT_INPUT_TILE_IMPL_H

#include "micro_impl.h"
#include "transform_impl.h"

/* A tile's pixels, a vector of channels of them. */
struct tile_pixels {
  const char *corner; /* of the first; may lie before the image: never read where the masks are 0 */
  int64_t down, right; /* bytes to the next row, to the next column */
  unsigned rows, columns; /* those inside of the image, as bits */
  int lanes;
};

/* The pixels from row `first` on of column j; all are inside if `inner`. */
INLINE void pixel_column(
    const int tile, const int inner, const struct tile_pixels *p, int j, const int first, vec d[]) {
  const char *top = p->corner + j * p->right;
  OPAQUE(top);
#pragma GCC unroll 8
  for (int i = first; i < SIDE_OF(tile); i++) {
    const float *at = (const float *)(top + i * p->down);
    if (inner) {
      d[i] = v_load(at);
    } else {
      d[i] = (p->rows >> i & 1) && (p->columns >> j & 1) ? v_load_n(at, p->lanes) : v_zero();
    }
  }
}

/* Fetches what column j is for the tile to the right, which comes next. */
INLINE void fetch_column(const int tile, const struct tile_pixels *p, int j) {
  const char *top = p->corner + (j + tile) * p->right;
  OPAQUE(top);
#pragma GCC unroll 8
  for (int i = 0; i < SIDE_OF(tile); i++) {
    _mm_prefetch(top + i * p->down, _MM_HINT_T0);
  }
}

/* Row i of the points, from the columns' values for it. */
INLINE void store_points(const int tile, const vec t[], int i, float *to, size_t stride) {
  vec v[MOST_SIDE];
  input_points(tile, t, v);
  float *at = to + (size_t)i * SIDE_OF(tile) * stride;
  OPAQUE(at);
#pragma GCC unroll 8
  for (int j = 0; j < SIDE_OF(tile); j++) {
    v_store(at + j * stride, v[j]);
  }
}

/* One vector of channels at all points, to [point][...]. */
INLINE void input_vector(
    const int tile, const int inner, const struct tile_pixels *p, float *to, size_t stride) {
  vec d[MOST_SIDE], t[2][MOST_SIDE];
#pragma GCC unroll 8
  for (int j = 0; j < SIDE_OF(tile); j++) {
    pixel_column(tile, inner, p, j, 0, d);
    if (inner && j >= SIDE_OF(tile) - tile) {
      fetch_column(tile, p, j);
    }
    input_outer(tile, d, &t[0][j], &t[1][j]);
  }
  store_points(tile, t[0], 0, to, stride);
  store_points(tile, t[1], SIDE_OF(tile) - 1, to, stride);
#pragma GCC unroll 8
  for (int pair = 0; pair < PAIRS_OF(tile); pair++) {
#pragma GCC unroll 8
    for (int j = 0; j < SIDE_OF(tile); j++) {
      pixel_column(tile, inner, p, j, 1, d);
      input_pair(tile, pair, d, &t[0][j], &t[1][j]);
    }
    store_points(tile, t[0], 2 * pair + 1, to, stride);
    store_points(tile, t[1], 2 * pair + 2, to, stride);
  }
}

/* The rows or columns first ... first+count-1 that are inside 0 ... size-1, as bits. */
static unsigned inside(int64_t first, int count, int64_t size) {
  unsigned mask = 0;
  for (int i = 0; i < count; i++) {
    mask |= (unsigned)(first + i >= 0 && first + i < size) << i;
  }
  return mask;
}

/*
 * What a tile whose outputs begin at (y, x) of [h][w] needs: `corner` is the pixel at (y-1, x-1), `line`
 * is how many pixels lie between rows.
 */
static inline struct tile_pixels pixels_of_tile(
    int tile, const float *corner, int64_t line, int64_t h, int64_t w, int64_t c, int64_t y,
    int64_t x) {
  const int64_t size = sizeof(float);
  return (struct tile_pixels){
      .corner = (const char *)corner,
      .down = line * c * size,
      .right = c * size,
      .rows = inside(y - 1, SIDE_OF(tile), h),
      .columns = inside(x - 1, SIDE_OF(tile), w)};
}

INLINE void input_vectors(
    const int tile, struct tile_pixels p, int64_t c, float *to, size_t stride) {
  const unsigned all = (1u << SIDE_OF(tile)) - 1;
  int64_t i = 0;
  p.lanes = LANES;
  if (p.rows == all && p.columns == all) {
    for (; i + LANES <= c; i += LANES, p.corner += sizeof(vec)) {
      input_vector(tile, 1, &p, to + i, stride);
    }
  }
  for (; i < c; i += LANES, p.corner += sizeof(vec)) {
    p.lanes = lanes_at(c, i);
    input_vector(tile, 0, &p, to + i, stride);
  }
}

/* A tile's inputs of c channels at all points, to [point][...]; the pixels' lanes are not used. */
static __attribute__((noinline)) void input_tile_4(
    const struct tile_pixels *p, int64_t c, float *to, size_t stride) {
  input_vectors(4, *p, c, to, stride);
}

static __attribute__((noinline)) void input_tile_6(
    const struct tile_pixels *p, int64_t c, float *to, size_t stride) {
  input_vectors(6, *p, c, to, stride);
}

/* The inputs of an image [h][w][c] around a tile's outputs at (y, x), at all points, to [point][...]. */
static inline void image_tile(
    int tile, const float *image, int64_t h, int64_t w, int64_t c, int64_t y, int64_t x,
    float *to, size_t stride) {
  const float *corner = image + ((y - 1) * w + (x - 1)) * c;
  struct tile_pixels pixels = pixels_of_tile(tile, corner, w, h, w, c, y, x);
  if (tile == 4) {
    input_tile_4(&pixels, c, to, stride);
  } else {
    input_tile_6(&pixels, c, to, stride);
  }
}

#endif
