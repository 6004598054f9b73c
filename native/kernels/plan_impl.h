/* A layer as Winograd's tiles: how it is cut into blocks, and where its numbers lie. */
#ifndef GRAFT_PLAN_IMPL_H
#define GRAFT_PLAN_IMPL_H

#include "claims.h"
#include "conv3x3.h"
#include "micro_impl.h"
#include "output_tile_impl.h"

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
  float *inputs;       /* shared by all threads, or NULL: each block is one thread's own */
  float *scratch;      /* of all workers */
  size_t worker_floats;
  int64_t first, count; /* the block that is shared */
  int64_t slice;        /* tiles of a part of the shared block */
  int64_t parts;        /* of the job; those beyond help the others */
  int claim;            /* points that a thread takes at once */
  struct work *work;
  int past_caches; /* whether the output is written past the caches */
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

/* How many of `size` there are in the part of `most` of them that begins at `first`. */
static inline int64_t part_from(int64_t first, int64_t size, int64_t most) {
  return size - first < most ? size - first : most;
}

#endif
