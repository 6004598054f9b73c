/*
 * A panel's sums of some tiles, and the outputs of them. Its points are claimed by the thread whose
 * piece it is and, at the end of a layer, by those that have nothing else to do.
 */
#ifndef GRAFT_PIECE_IMPL_H
#define GRAFT_PIECE_IMPL_H

#include "ahead_impl.h"
#include "plan_impl.h"

struct piece {
  int64_t first, count; /* tiles of the layer */
  int panel;
  const float *inputs; /* of the first tile */
  float *sums;
};

/* Piece `number` of the job, of this worker. */
static struct piece piece_at(const struct plan *p, int worker, int64_t number) {
  float *scratch = p->scratch + worker * p->worker_floats;
  if (p->inputs == NULL) {
    int64_t block = number / p->panels;
    return (struct piece){
        .first = block * p->block,
        .count = tiles_of_block(p, block),
        .panel = (int)(number % p->panels),
        .inputs = scratch,
        .sums = scratch + p->points * p->input_stride};
  }
  /* The parts of a panel follow one another, for its kernel to be read once. */
  int64_t slices = (p->count + p->slice - 1) / p->slice;
  int64_t first = number % slices * p->slice;
  return (struct piece){
      .first = p->first + first,
      .count = part_from(first, p->count, p->slice),
      .panel = (int)(number / slices),
      .inputs = p->inputs + (size_t)first * p->depth,
      .sums = scratch};
}

static void multiply_point(const struct plan *p, const struct piece *piece, int point) {
  const size_t c = (size_t)p->conv->c, blocks = (size_t)(piece->count + ROWS - 1) / ROWS;
  const float *b = p->kernel + ((size_t)piece->panel * p->points + point) * c * PANEL;
  const float *inputs = piece->inputs + point * p->input_stride;
  struct product product = {
      .a_row = p->depth,
      .b = b,
      .segments = 1,
      .depth = c,
      .sums_row = PANEL,
      /* The next point's kernel, spread over the blocks of rows. */
      .fetch = (const char *)(b + c * PANEL),
      .fetch_step = (PANEL * sizeof(float) + blocks - 1) / blocks};
  for (int64_t t = 0; t < piece->count;) {
    int rows = rows_of_block(piece->count - t);
    product.a = inputs + (size_t)t * p->depth;
    product.sums = piece->sums + point * p->sums_stride + (size_t)t * PANEL;
    product.fetch_rows = (const char *)(product.a + (size_t)rows * p->depth);
    if (t + rows == piece->count) {
      product.fetch_rows = (const char *)(inputs + p->input_stride);
    }
    product.fetch_rows_step = (size_t)rows * sizeof(float);
    product_new[rows - 1](&product);
    t += rows;
    product.fetch += c * product.fetch_step;
  }
}

/* Such points of this worker's piece as nobody has claimed. Nothing is fetched ahead if it is NULL. */
static void multiply_points(const struct plan *p, int worker, struct ahead *ahead) {
  struct claims *claims = &p->work->of[worker];
  int64_t number;
  for (int first; (first = claims_take(p->work, claims, p->claim, &number)) >= 0;) {
    struct piece piece = piece_at(p, worker, number);
    int end = first + p->claim < p->points ? first + p->claim : p->points;
    for (int point = first; point < end; point++) {
      if (ahead != NULL) {
        fetch_ahead(p, ahead, piece.panel, point);
      }
      multiply_point(p, &piece, point);
    }
    claims_done(claims, end - first);
  }
}

INLINE void outputs_of(const int tile, const struct plan *p, const struct piece *piece) {
  struct place place = place_at(p, piece->first);
  for (int64_t t = 0; t < piece->count; t++, next_tile(p, &place)) {
    for (int i = 0; i < 2; i++) {
      int k = piece->panel * PANEL + i * LANES;
      int lanes = lanes_at(p->conv->k, k);
      if (lanes > 0) {
        output_vector(
            tile, p->conv, p->past_caches, place.tile, piece->sums + (size_t)t * PANEL + i * LANES,
            p->sums_stride, k, lanes);
      }
    }
  }
  /* Before other threads are told that this part is done. */
  _mm_sfence();
}

static __attribute__((noinline)) void give_outputs(
    const struct plan *p, const struct piece *piece) {
  if (p->tile == 4) {
    outputs_of(4, p, piece);
  } else {
    outputs_of(6, p, piece);
  }
}

/* One of this worker's pieces, from products to outputs. */
static void whole_piece(const struct plan *p, int worker, int64_t number, struct ahead *ahead) {
  struct claims *claims = &p->work->of[worker];
  claims_open(claims, number);
  multiply_points(p, worker, ahead);
  claims_close(p->work, claims);
  struct piece piece = piece_at(p, worker, number);
  give_outputs(p, &piece);
}

/* For a worker whose parts are done: the others' points, until no part is left. */
static void help_others(const struct plan *p) {
  for (int spins = 0; work_left(p->work); spins++) {
    for (int worker = 0; worker < p->work->workers; worker++) {
      multiply_points(p, worker, NULL);
    }
    pool_pause(spins);
  }
}

#endif
