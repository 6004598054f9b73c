/*
 * The 3x3 convolution by F(4x4, 3x3) or F(6x6, 3x3): inputs of a block of tiles to [point][tile][c], a
 * matrix product for each point and panel to [point][tile][2 * LANES], outputs of it with bias, ReLU,
 * pool.
 */
#include "arena.h"
#include "input_tile_impl.h"
#include "piece_impl.h"
#include "two_layers_impl.h"

/* Floats between the points' parts beyond their size: keeps them out of the same cache sets. */
#define PAD 16

static void take_inputs(const struct plan *p, int64_t first, int64_t count, float *to) {
  const struct graft_conv3x3 *conv = p->conv;
  struct place place = place_at(p, first);
  for (int64_t t = 0; t < count; t++, next_tile(p, &place)) {
    image_tile(
        p->tile, conv->input + place.tile.image * conv->h * conv->w * conv->c, conv->h, conv->w,
        conv->c, place.tile.y, place.tile.x, to + (size_t)t * p->depth, p->input_stride);
  }
}

/* A block of tiles from end to end. */
static void own_block(void *context, int worker, int64_t part) {
  const struct plan *p = context;
  if (part >= p->parts) {
    help_others(p);
    return;
  }
  float *inputs = p->scratch + worker * p->worker_floats;
  struct ahead ahead = {0};
  if (p->conv->before != NULL) {
    take_inputs_of_two(p, part, inputs, inputs + p->points * (p->input_stride + p->sums_stride));
  } else {
    take_inputs(p, part * p->block, tiles_of_block(p, part), inputs);
    /* Most often this thread's next block. */
    ahead = look_ahead(p, (part + p->threads) * p->block);
  }
  for (int panel = 0; panel < p->panels; panel++) {
    whole_piece(p, worker, part * p->panels + panel, &ahead);
  }
}

#define SHARED_INPUT_TILES 4

static void shared_inputs(void *context, int worker, int64_t part) {
  (void)worker;
  const struct plan *p = context;
  int64_t first = part * SHARED_INPUT_TILES;
  take_inputs(
      p, p->first + first, part_from(first, p->count, SHARED_INPUT_TILES),
      p->inputs + (size_t)first * p->depth);
}

/* A slice of the shared block's tiles for one panel. */
static void shared_piece(void *context, int worker, int64_t part) {
  const struct plan *p = context;
  if (part >= p->parts) {
    help_others(p);
  } else {
    whole_piece(p, worker, part, NULL);
  }
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

/* Products' steps of a claim: some microseconds, since it waits for all stores before it. */
#define CLAIM_DEPTH 8192

/* Runs `parts`, of `pieces` pieces of so many tiles in all, and then help for the last of them. */
static void run_pieces(
    struct plan *p, pool_body body, int64_t parts, int64_t pieces, int64_t tiles) {
  p->parts = parts;
  int64_t claim = 1 + CLAIM_DEPTH / (tiles * p->conv->c);
  p->claim = claim < p->points ? (int)claim : p->points;
  work_init(p->work, p->threads, p->points, pieces);
  /* A single part, which is tiny, needs no help. */
  pool_run(p->threads, parts > 1 ? parts + p->threads : 1, body, p);
}

static enum graft_status run_own_blocks(struct plan *p) {
  int64_t tile_bytes = (int64_t)sizeof(float) * p->points * (int64_t)(p->depth + PANEL);
  int64_t most = OWN_BLOCK_BYTES / tile_bytes;
  if (p->conv->before == NULL) {
    p->block = even_pieces(p->tiles, most, p->threads);
  } else {
    cut_rectangles(p, most);
  }
  p->input_stride = (size_t)p->block * p->depth + PAD;
  p->sums_stride = (size_t)p->block * PANEL + PAD;
  p->worker_floats = p->points * (p->input_stride + p->sums_stride) + two_layers_floats(p);
  p->scratch = arena_take(p->threads * p->worker_floats * sizeof(float));
  if (p->scratch == NULL) {
    return GRAFT_NO_MEMORY;
  }
  int64_t blocks = p->conv->before == NULL ? (p->tiles + p->block - 1) / p->block
                                           : p->conv->n * p->down * p->across;
  run_pieces(p, own_block, blocks, blocks * p->panels, p->block);
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
    p->count = part_from(p->first, p->tiles, p->block);
    pool_run(
        p->threads, (p->count + SHARED_INPUT_TILES - 1) / SHARED_INPUT_TILES, shared_inputs, p);
    int64_t pieces = p->panels * ((p->count + p->slice - 1) / p->slice);
    run_pieces(p, shared_piece, pieces, pieces, p->slice);
  }
  arena_give(p->inputs);
  return GRAFT_OK;
}

static enum graft_status winograd(
    const struct graft_conv3x3 *conv, enum algorithm algorithm, int threads) {
  const int tile = (int)algorithm;
  struct work work;
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
      .work = &work,
      .past_caches = writes_past_caches(conv)};
  if (conv->before != NULL) {
    p.before = (struct direct_layer){
        .kernel = conv->before->packed + HEAD_FLOATS,
        .bias = conv->before->bias,
        .c = conv->before->c,
        .relu = conv->before->relu};
  }
  p.tiles = conv->n * p.rows * p.columns;
  size_t kernel_bytes = packed_body_floats(algorithm, PANEL, conv->c, conv->k) * sizeof(float);
  int own = conv->before != NULL || kernel_bytes <= OWN_BLOCK_KERNEL_BYTES;
  return own ? run_own_blocks(&p) : run_shared(&p);
}
