/* A layer as Winograd's tiles: how it is cut into blocks, and where its numbers lie. */
#ifndef GRAFT_PLAN_IMPL_H
#define GRAFT_PLAN_IMPL_H

#include "claims.h"
#include "conv3x3.h"
#include "micro_impl.h"
#include "output_tile_impl.h"
#include "pixels_impl.h"

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
  struct direct_layer before; /* what the layer before needs, if it is computed here, too */
  int64_t block_rows, block_columns; /* then: tiles of a block, down and across */
  int64_t down, across;              /* and blocks of an image */
  int64_t first, count; /* the block that is shared */
  int64_t slice;        /* tiles of a part of the shared block */
  int64_t parts;        /* of the job; those beyond help the others */
  int claim;            /* points that a thread takes at once */
  struct work *work;
  int past_caches; /* whether the output is written past the caches */
};

/* How many of `size` there are in the part of `most` of them that begins at `first`. */
static inline int64_t part_from(int64_t first, int64_t size, int64_t most) {
  return size - first < most ? size - first : most;
}

/*
 * Tiles are numbered by rows of the image, and blocks are as many of them as fit; but with the layer
 * before, blocks are rectangles of an image, for their pixels' neighbours to be few, and tiles are
 * numbered from p->block times the block's number on, by rows of the block.
 */
struct place {
  struct tile tile;
  int64_t left, right; /* where a row of tiles begins and ends, in pixels */
};

/* The rectangle of a block, as the place of its first tile. */
static struct place rectangle_at(const struct plan *p, int64_t block) {
  int64_t row = block / p->across, column = block % p->across * p->block_columns;
  int64_t left = column * p->tile;
  int64_t columns = part_from(column, p->columns, p->block_columns);
  return (struct place){
      .tile =
          {.image = row / p->down, .y = row % p->down * p->block_rows * p->tile, .x = left},
      .left = left,
      .right = left + columns * p->tile};
}

static struct place place_at(const struct plan *p, int64_t index) {
  if (p->conv->before != NULL) {
    struct place place = rectangle_at(p, index / p->block);
    int64_t columns = (place.right - place.left) / p->tile, number = index % p->block;
    place.tile.y += number / columns * p->tile;
    place.tile.x += number % columns * p->tile;
    return place;
  }
  int64_t row = index / p->columns;
  return (struct place){
      .tile =
          {.image = row / p->rows, .y = row % p->rows * p->tile, .x = index % p->columns * p->tile},
      .left = 0,
      .right = p->columns * p->tile};
}

/* Of a block that is a thread's own. */
static int64_t tiles_of_block(const struct plan *p, int64_t block) {
  if (p->conv->before == NULL) {
    return part_from(block * p->block, p->tiles, p->block);
  }
  struct place place = rectangle_at(p, block);
  return (place.right - place.left) / p->tile *
         part_from(place.tile.y / p->tile, p->rows, p->block_rows);
}

/* To the next tile, without dividing. */
INLINE void next_tile(const struct plan *p, struct place *place) {
  struct tile *tile = &place->tile;
  tile->x += p->tile;
  if (tile->x < place->right) {
    return;
  }
  tile->x = place->left;
  tile->y += p->tile;
  if (tile->y >= p->conv->h) {
    tile->y = 0;
    tile->image++;
  }
}

#endif
