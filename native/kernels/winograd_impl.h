/*
 * The 3x3 convolution by F(4x4, 3x3): inputs of a block of tiles to [point][tile][c], a matrix
 * product for each point and panel to [point][tile][2 * LANES], outputs of it with bias, ReLU, pool.
 */
#include <string.h>

#include "arena.h"
#include "conv3x3.h"
#include "input_tile_impl.h"
#include "micro_impl.h"
#include "pool.h"
#include "transform_impl.h"

/* Floats between the points' parts beyond their size: keeps them out of the same cache sets. */
#define PAD 16

/* A layer and how it is cut into tiles and blocks. */
struct plan {
  const struct graft_conv3x3 *conv;
  int64_t rows, columns, tiles; /* tiles of an image, down and across; of the batch */
  size_t depth;                 /* c, rounded up to whole vectors: floats of a tile's point */
  int panels;
  const float *kernel; /* packed, without its head */
  int64_t block;       /* tiles of a block */
  size_t input_stride; /* floats from point to point of the inputs */
  size_t sums_stride;  /* of the sums */
  float *inputs;       /* shared by all threads, or NULL */
  float *scratch;      /* of all workers */
  size_t worker_floats;
  int64_t first, count; /* the block that is shared */
  int64_t slice;        /* tiles of a part of the shared block */
  int past_caches;      /* whether the output is written past the caches */
};

struct tile {
  int64_t image, y, x; /* its first output pixel */
};

static struct tile tile_at(const struct plan *p, int64_t index) {
  int64_t row = index / p->columns;
  return (struct tile){
      .image = row / p->rows, .y = row % p->rows * TILE, .x = index % p->columns * TILE};
}

/*
 * An output larger than this is not in the caches any more when the next layer reads it; written past
 * them, its lines need not be read first.
 */
#define CACHED_OUTPUT_BYTES (8 << 20)

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

/* The pixels of a vector of outputs to their places. */
INLINE void store_pixels(
    const struct graft_conv3x3 *conv, int past_caches, struct tile tile,
    vec y[SIDE][SIDE], int k, int lanes) {
  float *to = conv->output + ((tile.image * conv->h + tile.y) * conv->w + tile.x) * conv->k + k;
  for (int i = 0; i < TILE && tile.y + i < conv->h; i++) {
    for (int j = 0; j < TILE && tile.x + j < conv->w; j++) {
      float *at = to + (i * conv->w + j) * conv->k;
      if (past_caches) {
        v_stream(at, y[i][j]);
      } else {
        v_store_n(at, y[i][j], lanes);
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

/* The pools of size x size pixels. */
INLINE void store_pools(
    const int size, const int record, const struct graft_conv3x3 *conv, struct tile tile,
    vec y[SIDE][SIDE], int k, int lanes) {
  int64_t rows = (conv->h + 1) / 2, columns = (conv->w + 1) / 2;
  for (int i = 0; i < size && tile.y + i < conv->h; i += 2) {
    int below = tile.y + i + 1 < conv->h;
    for (int j = 0; j < size && tile.x + j < conv->w; j += 2) {
      int right = tile.x + j + 1 < conv->w;
      vec largest = y[i][j];
      ivec which = i_all(0);
      if (right) {
        pool_more(record, y[i][j + 1], 1, &largest, &which);
      }
      if (below) {
        pool_more(record, y[i + 1][j], 2, &largest, &which);
      }
      if (right && below) {
        pool_more(record, y[i + 1][j + 1], 3, &largest, &which);
      }
      int64_t pixel = (tile.image * rows + (tile.y + i) / 2) * columns + (tile.x + j) / 2;
      v_store_n(conv->output + pixel * conv->k + k, largest, lanes);
      if (record) {
        if (conv->relu) {
          which = i_if_greater(largest, v_zero(), which, i_all(4));
        }
        i_store_bytes(conv->which + pixel * conv->k + k, which, lanes);
      }
    }
  }
}

/* A vector of output channels of one tile, from its sums at all points. */
INLINE void output_vector(
    const struct graft_conv3x3 *conv, int past_caches, struct tile tile,
    const float *sums, size_t stride, int k, int lanes) {
  vec t[SIDE][SIDE], y[SIDE][SIDE];
#pragma GCC unroll 8
  for (int i = 0; i < SIDE; i++) {
    vec v[SIDE];
#pragma GCC unroll 8
    for (int j = 0; j < SIDE; j++) {
      v[j] = v_load(sums + (size_t)(i * SIDE + j) * stride);
    }
    output_points(v, t[i]);
  }
  vec bias = conv->bias == NULL ? v_zero() : v_load_n(conv->bias + k, lanes);
#pragma GCC unroll 8
  for (int j = 0; j < TILE; j++) {
    vec v[SIDE], column[SIDE];
#pragma GCC unroll 8
    for (int i = 0; i < SIDE; i++) {
      v[i] = t[i][j];
    }
    output_points(v, column);
#pragma GCC unroll 8
    for (int i = 0; i < TILE; i++) {
      y[i][j] = finish(column[i], bias, conv->relu);
    }
  }
  if (!conv->pool) {
    store_pixels(conv, past_caches, tile, y, k, lanes);
  } else if (conv->which == NULL) {
    store_pools(TILE, 0, conv, tile, y, k, lanes);
  } else {
    store_pools(TILE, 1, conv, tile, y, k, lanes);
  }
}

/* All points of one panel: sums of `count` tiles of the inputs. */
static void multiply_panel(
    const struct plan *p, const float *inputs, int64_t count, int panel, float *sums) {
  size_t c = (size_t)p->conv->c;
  for (int point = 0; point < POINTS; point++) {
    const float *b = p->kernel + ((size_t)panel * POINTS + point) * c * PANEL;
    struct product product = {
        .a_row = p->depth,
        .b = b,
        .segments = 1,
        .depth = c,
        .sums_row = PANEL,
        /* The next point's kernel, spread over the first blocks of rows. */
        .fetch = (const char *)(b + c * PANEL),
        .fetch_step = count <= ROWS ? 128 : 64};
    int block = 0;
    for (int64_t t = 0; t < count;) {
      int rows = rows_of_block(count - t);
      product.a = inputs + point * p->input_stride + (size_t)t * p->depth;
      product.sums = sums + point * p->sums_stride + (size_t)t * PANEL;
      product.fetch_rows = (const char *)(product.a + (size_t)rows * p->depth);
      if (t + rows == count) {
        product.fetch_rows = (const char *)(inputs + (point + 1) * p->input_stride);
      }
      product.fetch_rows_step = (size_t)rows * sizeof(float);
      product_new[rows - 1](&product);
      t += rows;
      if (++block == 1) {
        product.fetch += c * 64;
      } else {
        product.fetch_step = 0;
      }
    }
  }
}

static __attribute__((noinline)) void give_outputs(
    const struct plan *p, int64_t first, int64_t count, int panel, const float *sums) {
  for (int64_t t = 0; t < count; t++) {
    struct tile tile = tile_at(p, first + t);
    for (int i = 0; i < 2; i++) {
      int k = panel * PANEL + i * LANES;
      int lanes = lanes_at(p->conv->k, k);
      if (lanes > 0) {
        output_vector(
            p->conv, p->past_caches, tile, sums + (size_t)t * PANEL + i * LANES, p->sums_stride,
            k, lanes);
      }
    }
  }
  /* Before other threads are told that this part is done. */
  _mm_sfence();
}

static __attribute__((noinline)) void take_inputs(
    const struct plan *p, int64_t first, int64_t count, float *to) {
  const struct graft_conv3x3 *conv = p->conv;
  for (int64_t t = 0; t < count; t++) {
    struct tile tile = tile_at(p, first + t);
    const float *image = conv->input + tile.image * conv->h * conv->w * conv->c;
    input_tile(
        image, conv->h, conv->w, conv->c, tile.y, tile.x, to + (size_t)t * p->depth,
        p->input_stride);
  }
}

/* A block of tiles from end to end, by one thread, without waiting for another. */
static void own_block(void *context, int worker, int64_t part) {
  const struct plan *p = context;
  int64_t first = part * p->block;
  int64_t count = p->tiles - first < p->block ? p->tiles - first : p->block;
  float *inputs = p->scratch + worker * p->worker_floats;
  float *sums = inputs + POINTS * p->input_stride;
  take_inputs(p, first, count, inputs);
  for (int panel = 0; panel < p->panels; panel++) {
    multiply_panel(p, inputs, count, panel, sums);
    give_outputs(p, first, count, panel, sums);
  }
}

#define SHARED_INPUT_TILES 4

static void shared_inputs(void *context, int worker, int64_t part) {
  (void)worker;
  const struct plan *p = context;
  int64_t first = part * SHARED_INPUT_TILES;
  int64_t count = p->count - first < SHARED_INPUT_TILES ? p->count - first : SHARED_INPUT_TILES;
  take_inputs(p, p->first + first, count, p->inputs + (size_t)first * p->depth);
}

/* A slice of the shared block's tiles for one panel; the parts of a panel follow one another. */
static void shared_panel(void *context, int worker, int64_t part) {
  const struct plan *p = context;
  int64_t slices = (p->count + p->slice - 1) / p->slice;
  int panel = (int)(part / slices);
  int64_t first = part % slices * p->slice;
  int64_t count = p->count - first < p->slice ? p->count - first : p->slice;
  float *sums = p->scratch + worker * p->worker_floats;
  multiply_panel(p, p->inputs + (size_t)first * p->depth, count, panel, sums);
  give_outputs(p, p->first + first, count, panel, sums);
}

/*
 * Kernels up to this size are read again for every block of tiles; larger ones once for as many tiles
 * as the shared inputs hold.
 */
#define OWN_BLOCK_KERNEL_BYTES (4 << 20)
/* What a thread's own block takes: inputs and sums, in the second-level cache beside the kernel. */
#define OWN_BLOCK_BYTES (640 << 10)
#define SHARED_INPUT_BYTES (8 << 20)
#define SLICE_BYTES (512 << 10)

static int64_t at_least_one(int64_t x) { return x < 1 ? 1 : x; }

/* `size` in as few equal pieces as `most` allows, multiples of ROWS where that is possible. */
static int64_t even_pieces(int64_t size, int64_t most) {
  most = most > ROWS ? most / ROWS * ROWS : at_least_one(most);
  int64_t pieces = (size + most - 1) / most;
  int64_t piece = (size + pieces - 1) / pieces;
  int64_t rounded = (piece + ROWS - 1) / ROWS * ROWS;
  return rounded <= most ? rounded : piece;
}

static enum graft_status run_own_blocks(struct plan *p, int threads) {
  int64_t tile_bytes = (int64_t)sizeof(float) * POINTS * (int64_t)(p->depth + PANEL);
  int64_t most = at_least_one(OWN_BLOCK_BYTES / tile_bytes);
  int64_t share = (p->tiles + threads - 1) / threads;
  p->block = even_pieces(share, most < share ? most : share);
  p->input_stride = (size_t)p->block * p->depth + PAD;
  p->sums_stride = (size_t)p->block * PANEL + PAD;
  p->worker_floats = POINTS * (p->input_stride + p->sums_stride);
  p->scratch = arena_take(threads * p->worker_floats * sizeof(float));
  if (p->scratch == NULL) {
    return GRAFT_NO_MEMORY;
  }
  pool_run(threads, (p->tiles + p->block - 1) / p->block, own_block, p);
  arena_give(p->scratch);
  return GRAFT_OK;
}

static enum graft_status run_shared(struct plan *p, int threads) {
  int64_t tile_bytes = (int64_t)sizeof(float) * POINTS * (int64_t)p->depth;
  p->block = even_pieces(p->tiles, at_least_one(SHARED_INPUT_BYTES / tile_bytes));
  int64_t slice_most = at_least_one(SLICE_BYTES / ((int64_t)sizeof(float) * POINTS * PANEL));
  p->slice = even_pieces(p->block, slice_most < p->block ? slice_most : p->block);
  p->input_stride = (size_t)p->block * p->depth + PAD;
  p->sums_stride = (size_t)p->slice * PANEL + PAD;
  p->worker_floats = POINTS * p->sums_stride;
  size_t floats = POINTS * p->input_stride + threads * p->worker_floats;
  p->inputs = arena_take(floats * sizeof(float));
  if (p->inputs == NULL) {
    return GRAFT_NO_MEMORY;
  }
  p->scratch = p->inputs + POINTS * p->input_stride;
  for (p->first = 0; p->first < p->tiles; p->first += p->block) {
    p->count = p->tiles - p->first < p->block ? p->tiles - p->first : p->block;
    pool_run(
        threads, (p->count + SHARED_INPUT_TILES - 1) / SHARED_INPUT_TILES, shared_inputs, p);
    pool_run(threads, p->panels * ((p->count + p->slice - 1) / p->slice), shared_panel, p);
  }
  arena_give(p->inputs);
  return GRAFT_OK;
}

static enum graft_status winograd(const struct graft_conv3x3 *conv, int threads) {
  struct plan p = {
      .conv = conv,
      .rows = (conv->h + TILE - 1) / TILE,
      .columns = (conv->w + TILE - 1) / TILE,
      .depth = whole_vectors(conv->c),
      .panels = panels_in(conv->k),
      .kernel = conv->packed + HEAD_FLOATS,
      .past_caches = writes_past_caches(conv)};
  p.tiles = conv->n * p.rows * p.columns;
  size_t kernel_bytes = packed_body_floats(WINOGRAD, PANEL, conv->c, conv->k) * sizeof(float);
  int count = pool_threads(threads);
  return kernel_bytes <= OWN_BLOCK_KERNEL_BYTES ? run_own_blocks(&p, count)
                                                : run_shared(&p, count);
}
