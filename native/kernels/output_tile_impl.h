/*
 * A tile's outputs from its sums at all points, a vector of channels at a time: bias, ReLU, pool, and
 * to their places. The places of the tile that comes next are fetched: they are rarely in the nearer
 * caches, and stores wait for each other.
 */
#ifndef GRAFT_OUTPUT_TILE_IMPL_H
#define GRAFT_OUTPUT_TILE_IMPL_H

#include "conv3x3.h"
#include "transform_impl.h"

struct tile {
  int64_t image, y, x; /* its first output pixel */
};

/*
 * An output larger than this is not in the caches any more when the next layer reads it; written past
 * them, its lines need not be read first.
 */
#define CACHED_OUTPUT_BYTES (16 << 20)

/* Whether an output without a pool is written past the caches. */
static int writes_past_caches(const struct graft_conv3x3 *conv) {
  size_t bytes = (size_t)(conv->n * conv->h * conv->w) * conv->k * sizeof(float);
  return bytes > CACHED_OUTPUT_BYTES && (uintptr_t)conv->output % sizeof(vec) == 0 &&
         conv->k % LANES == 0;
}

INLINE vec finish(vec y, vec bias, int relu) {
  y = v_add(y, bias);
  /* In this order a NaN stays one. */
  return relu ? v_max(v_zero(), y) : y;
}

/* Two columns of pixels, the first one at `first`, to their places; `tile` of them to the next tile. */
INLINE void store_pixels(
    const int tile, const struct graft_conv3x3 *conv, int past_caches, struct tile first,
    vec y[][2], int k, int lanes) {
  float *to = conv->output + ((first.image * conv->h + first.y) * conv->w + first.x) * conv->k + k;
#pragma GCC unroll 8
  for (int i = 0; i < tile; i++) {
#pragma GCC unroll 2
    for (int j = 0; j < 2; j++) {
      float *at = to + (i * conv->w + j) * conv->k;
      if (first.y + i >= conv->h || first.x + j >= conv->w) {
        continue;
      }
      if (past_caches) {
        v_stream(at, y[i][j]);
      } else {
        v_store_n(at, y[i][j], lanes);
        __builtin_prefetch(at + tile * conv->k, 1);
      }
    }
  }
}

/* The larger one of the first and any further pixel, and which it is. */
INLINE void pool_more(const int record, vec y, int number, vec *largest, ivec *which) {
  if (record) {
    *which = i_if_greater(y, *largest, i_all(number), *which);
  }
  *largest = v_max(*largest, y);
}

/* The pools of two columns of `size` pixels, the first one at `first`. */
INLINE void store_pools(
    const int size, const int record, const struct graft_conv3x3 *conv, struct tile first,
    vec y[][2], int k, int lanes) {
  int64_t rows = (conv->h + 1) / 2, columns = (conv->w + 1) / 2;
  int right = first.x + 1 < conv->w;
#pragma GCC unroll 4
  for (int i = 0; i < size; i += 2) {
    if (first.y + i >= conv->h) {
      continue;
    }
    int below = first.y + i + 1 < conv->h;
    vec largest = y[i][0];
    ivec which = i_all(0);
    if (right) {
      pool_more(record, y[i][1], 1, &largest, &which);
    }
    if (below) {
      pool_more(record, y[i + 1][0], 2, &largest, &which);
    }
    if (right && below) {
      pool_more(record, y[i + 1][1], 3, &largest, &which);
    }
    int64_t pixel = (first.image * rows + (first.y + i) / 2) * columns + first.x / 2;
    float *at = conv->output + pixel * conv->k + k;
    v_store_n(at, largest, lanes);
    __builtin_prefetch(at + size / 2 * conv->k, 1);
    if (record) {
      if (conv->relu) {
        which = i_if_greater(largest, v_zero(), which, i_all(4));
      }
      i_store_bytes(conv->which + pixel * conv->k + k, which, lanes);
    }
  }
}

/* A vector of output channels of one tile, from its sums at all points. */
INLINE void output_vector(
    const int tile, const struct graft_conv3x3 *conv, int past_caches, struct tile place,
    const float *sums, size_t stride, int k, int lanes) {
  vec t[MOST_SIDE][MOST_TILE];
#pragma GCC unroll 8
  for (int i = 0; i < SIDE_OF(tile); i++) {
    vec v[MOST_SIDE];
    const float *at = sums + (size_t)i * SIDE_OF(tile) * stride;
    OPAQUE(at);
#pragma GCC unroll 8
    for (int j = 0; j < SIDE_OF(tile); j++) {
      v[j] = v_load(at + j * stride);
    }
    output_points(tile, v, t[i]);
  }
  vec bias = conv->bias == NULL ? v_zero() : v_load_n(conv->bias + k, lanes);
#pragma GCC unroll 4
  for (int j = 0; j < tile; j += 2, place.x += 2) {
    vec y[MOST_TILE][2];
    if (place.x >= conv->w) {
      continue;
    }
#pragma GCC unroll 2
    for (int right = 0; right < 2; right++) {
      vec v[MOST_SIDE], column[MOST_TILE];
#pragma GCC unroll 8
      for (int i = 0; i < SIDE_OF(tile); i++) {
        v[i] = t[i][j + right];
      }
      output_points(tile, v, column);
#pragma GCC unroll 8
      for (int i = 0; i < tile; i++) {
        y[i][right] = finish(column[i], bias, conv->relu);
      }
    }
    if (!conv->pool) {
      store_pixels(tile, conv, past_caches, place, y, k, lanes);
    } else if (conv->which == NULL) {
      store_pools(tile, 0, conv, place, y, k, lanes);
    } else {
      store_pools(tile, 1, conv, place, y, k, lanes);
    }
  }
}

#endif
