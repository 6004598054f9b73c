/*
 * The 3x3 convolution by F(4x4, 3x3) or F(6x6, 3x3): inputs of a block of tiles to [point][tile][c], a
 * matrix product for each point and panel to [point][tile][2 * LANES], outputs of it with bias, ReLU,
 * pool.
 */
#include <string.h>

#include "arena.h"
#include "conv3x3.h"
#include "input_tile_impl.h"
#include "micro_impl.h"
#include "output_tile_impl.h"
#include "pool.h"
#include "transform_impl.h"

/* Floats between the points' parts beyond their size: keeps them out of the same cache sets. */
#define PAD 16

/* A layer and how it is cut into tiles and blocks. */
struct plan {
  const struct graft_conv3x3 *conv;
  int tile, points;             /* outputs of a tile, down and across; points of it */
  int threads;
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

static struct tile tile_at(const struct plan *p, int64_t index) {
  int64_t row = index / p->columns;
  return (struct tile){
      .image = row / p->rows, .y = row % p->rows * p->tile, .x = index % p->columns * p->tile};
}

/* To the next tile, without dividing. */
INLINE void next_tile(const struct plan *p, struct tile *tile) {
  tile->x += p->tile;
  if (tile->x < p->conv->w) {
    return;
  }
  tile->x = 0;
  tile->y += p->tile;
  if (tile->y >= p->conv->h) {
    tile->y = 0;
    tile->image++;
  }
}

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

/*
 * The pixels that a thread takes next, fetched into the second-level cache while it multiplies and
 * memory has little to do: of each tile what is new to the right, a row of it at a time.
 */
struct ahead {
  struct tile tile;
  int64_t rows, fetched; /* of pixels, of all its tiles */
};

/* The tiles from `first` on, as far as they go. */
static struct ahead look_ahead(const struct plan *p, int64_t first) {
  struct ahead ahead = {0};
  if (first < p->tiles) {
    int64_t count = p->tiles - first < p->block ? p->tiles - first : p->block;
    ahead.tile = tile_at(p, first);
    ahead.rows = count * SIDE_OF(p->tile);
  }
  return ahead;
}

static void fetch_row(const struct plan *p, struct ahead *ahead) {
  const struct graft_conv3x3 *conv = p->conv;
  int64_t row = ahead->fetched++ % SIDE_OF(p->tile), y = ahead->tile.y - 1 + row;
  int64_t from = ahead->tile.x + 1, to = from + p->tile < conv->w ? from + p->tile : conv->w;
  if (y >= 0 && y < conv->h) {
    const float *line = conv->input + (ahead->tile.image * conv->h + y) * conv->w * conv->c;
    for (const float *at = line + from * conv->c; at < line + to * conv->c; at += 16) {
      _mm_prefetch((const char *)at, _MM_HINT_T1);
    }
  }
  if (row == SIDE_OF(p->tile) - 1) {
    next_tile(p, &ahead->tile);
  }
}

/* The share of a panel's point: as many rows as bring them all in by the last one. */
static void fetch_ahead(const struct plan *p, struct ahead *ahead, int panel, int point) {
  int64_t step = (int64_t)panel * p->points + point + 1, steps = (int64_t)p->panels * p->points;
  while (ahead->fetched * steps < step * ahead->rows) {
    fetch_row(p, ahead);
  }
}

/* All points of one panel: sums of `count` tiles of the inputs. Nothing is fetched ahead if it is NULL. */
static void multiply_panel(
    const struct plan *p, const float *inputs, int64_t count, int panel, float *sums,
    struct ahead *ahead) {
  const size_t c = (size_t)p->conv->c, blocks = (size_t)(count + ROWS - 1) / ROWS;
  for (int point = 0; point < p->points; point++) {
    if (ahead != NULL) {
      fetch_ahead(p, ahead, panel, point);
    }
    const float *b = p->kernel + ((size_t)panel * p->points + point) * c * PANEL;
    struct product product = {
        .a_row = p->depth,
        .b = b,
        .segments = 1,
        .depth = c,
        .sums_row = PANEL,
        /* The next point's kernel, spread over the blocks of rows. */
        .fetch = (const char *)(b + c * PANEL),
        .fetch_step = (PANEL * sizeof(float) + blocks - 1) / blocks};
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
      product.fetch += c * product.fetch_step;
    }
  }
}

INLINE void outputs_of(
    const int tile, const struct plan *p, int64_t first, int64_t count, int panel,
    const float *sums) {
  struct tile place = tile_at(p, first);
  for (int64_t t = 0; t < count; t++, next_tile(p, &place)) {
    for (int i = 0; i < 2; i++) {
      int k = panel * PANEL + i * LANES;
      int lanes = lanes_at(p->conv->k, k);
      if (lanes > 0) {
        output_vector(
            tile, p->conv, p->past_caches, place, sums + (size_t)t * PANEL + i * LANES,
            p->sums_stride, k, lanes);
      }
    }
  }
  /* Before other threads are told that this part is done. */
  _mm_sfence();
}

static __attribute__((noinline)) void give_outputs(
    const struct plan *p, int64_t first, int64_t count, int panel, const float *sums) {
  if (p->tile == 4) {
    outputs_of(4, p, first, count, panel, sums);
  } else {
    outputs_of(6, p, first, count, panel, sums);
  }
}

INLINE void inputs_of(
    const int tile, const struct plan *p, int64_t first, int64_t count, float *to) {
  const struct graft_conv3x3 *conv = p->conv;
  struct tile place = tile_at(p, first);
  for (int64_t t = 0; t < count; t++, next_tile(p, &place)) {
    const float *image = conv->input + place.image * conv->h * conv->w * conv->c;
    input_tile(
        tile, image, conv->h, conv->w, conv->c, place.y, place.x, to + (size_t)t * p->depth,
        p->input_stride);
  }
}

static __attribute__((noinline)) void take_inputs(
    const struct plan *p, int64_t first, int64_t count, float *to) {
  if (p->tile == 4) {
    inputs_of(4, p, first, count, to);
  } else {
    inputs_of(6, p, first, count, to);
  }
}

/* A block of tiles from end to end, by one thread, without waiting for another. */
static void own_block(void *context, int worker, int64_t part) {
  const struct plan *p = context;
  int64_t first = part * p->block;
  int64_t count = p->tiles - first < p->block ? p->tiles - first : p->block;
  float *inputs = p->scratch + worker * p->worker_floats;
  float *sums = inputs + p->points * p->input_stride;
  take_inputs(p, first, count, inputs);
  /* Most often this thread's next block. */
  struct ahead ahead = look_ahead(p, first + p->threads * p->block);
  for (int panel = 0; panel < p->panels; panel++) {
    multiply_panel(p, inputs, count, panel, sums, &ahead);
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
  multiply_panel(p, p->inputs + (size_t)first * p->depth, count, panel, sums, NULL);
  give_outputs(p, p->first + first, count, panel, sums);
}

/*
 * Kernels up to this size are read again for every block of tiles; larger ones once for as many tiles
 * as the shared inputs hold.
 */
#define OWN_BLOCK_KERNEL_BYTES (4 << 20)
/* What a thread's own block takes: inputs and sums, in the second-level cache beside the kernel. */
#define OWN_BLOCK_BYTES (704 << 10)
#define SHARED_INPUT_BYTES (8 << 20)
#define SLICE_BYTES (512 << 10)

static int64_t at_least_one(int64_t x) { return x < 1 ? 1 : x; }

/*
 * `size` in as few equal pieces as `most` and an equal number of them for `threads` allow, multiples of
 * ROWS where that is possible.
 */
static int64_t even_pieces(int64_t size, int64_t most, int64_t threads) {
  most = most > ROWS ? most / ROWS * ROWS : at_least_one(most);
  int64_t share = (size + threads - 1) / threads;
  int64_t pieces = (share + most - 1) / most;
  int64_t piece = (share + pieces - 1) / pieces;
  int64_t rounded = (piece + ROWS - 1) / ROWS * ROWS;
  return rounded <= most && (size + rounded - 1) / rounded % threads == 0 ? rounded : piece;
}

static enum graft_status run_own_blocks(struct plan *p) {
  int64_t tile_bytes = (int64_t)sizeof(float) * p->points * (int64_t)(p->depth + PANEL);
  p->block = even_pieces(p->tiles, OWN_BLOCK_BYTES / tile_bytes, p->threads);
  p->input_stride = (size_t)p->block * p->depth + PAD;
  p->sums_stride = (size_t)p->block * PANEL + PAD;
  p->worker_floats = p->points * (p->input_stride + p->sums_stride);
  p->scratch = arena_take(p->threads * p->worker_floats * sizeof(float));
  if (p->scratch == NULL) {
    return GRAFT_NO_MEMORY;
  }
  pool_run(p->threads, (p->tiles + p->block - 1) / p->block, own_block, p);
  arena_give(p->scratch);
  return GRAFT_OK;
}

static enum graft_status run_shared(struct plan *p) {
  int64_t tile_bytes = (int64_t)sizeof(float) * p->points * (int64_t)p->depth;
  p->block = even_pieces(p->tiles, SHARED_INPUT_BYTES / tile_bytes, 1);
  int64_t sums_bytes = (int64_t)sizeof(float) * p->points * PANEL;
  p->slice = even_pieces(p->block, SLICE_BYTES / sums_bytes, 1);
  p->input_stride = (size_t)p->block * p->depth + PAD;
  p->sums_stride = (size_t)p->slice * PANEL + PAD;
  p->worker_floats = p->points * p->sums_stride;
  size_t floats = p->points * p->input_stride + p->threads * p->worker_floats;
  p->inputs = arena_take(floats * sizeof(float));
  if (p->inputs == NULL) {
    return GRAFT_NO_MEMORY;
  }
  p->scratch = p->inputs + p->points * p->input_stride;
  for (p->first = 0; p->first < p->tiles; p->first += p->block) {
    p->count = p->tiles - p->first < p->block ? p->tiles - p->first : p->block;
    pool_run(
        p->threads, (p->count + SHARED_INPUT_TILES - 1) / SHARED_INPUT_TILES, shared_inputs, p);
    pool_run(p->threads, p->panels * ((p->count + p->slice - 1) / p->slice), shared_panel, p);
  }
  arena_give(p->inputs);
  return GRAFT_OK;
}

static enum graft_status winograd(
    const struct graft_conv3x3 *conv, enum algorithm algorithm, int threads) {
  const int tile = (int)algorithm;
  struct plan p = {
      .conv = conv,
      .tile = tile,
      .points = POINTS_OF(tile),
      .threads = pool_threads(threads),
      .rows = (conv->h + tile - 1) / tile,
      .columns = (conv->w + tile - 1) / tile,
      .depth = whole_vectors(conv->c),
      .panels = panels_in(conv->k),
      .kernel = conv->packed + HEAD_FLOATS,
      .past_caches = writes_past_caches(conv)};
  p.tiles = conv->n * p.rows * p.columns;
  size_t kernel_bytes = packed_body_floats(algorithm, PANEL, conv->c, conv->k) * sizeof(float);
  return kernel_bytes <= OWN_BLOCK_KERNEL_BYTES ? run_own_blocks(&p) : run_shared(&p);
}
