/*
 * The pixels that a thread takes next, fetched into the second-level cache while it multiplies and
 * memory has little to do: of each tile what is new to the right, a row of it at a time.
 */
#ifndef GRAFT_AHEAD_IMPL_H
#define GRAFT_AHEAD_IMPL_H

#include "plan_impl.h"

struct ahead {
  struct place place;
  int64_t rows, fetched; /* of pixels, of all its tiles */
};

/* The tiles from `first` on, as far as they go. */
static struct ahead look_ahead(const struct plan *p, int64_t first) {
  struct ahead ahead = {0};
  if (first < p->tiles) {
    ahead.place = place_at(p, first);
    ahead.rows = part_from(first, p->tiles, p->block) * SIDE_OF(p->tile);
  }
  return ahead;
}

static void fetch_row(const struct plan *p, struct ahead *ahead) {
  const struct graft_conv3x3 *conv = p->conv;
  struct tile tile = ahead->place.tile;
  int64_t row = ahead->fetched++ % SIDE_OF(p->tile), y = tile.y - 1 + row;
  int64_t from = tile.x + 1, to = from + p->tile < conv->w ? from + p->tile : conv->w;
  if (y >= 0 && y < conv->h) {
    const float *line = conv->input + (tile.image * conv->h + y) * conv->w * conv->c;
    for (const float *at = line + from * conv->c; at < line + to * conv->c; at += 16) {
      _mm_prefetch((const char *)at, _MM_HINT_T1);
    }
  }
  if (row == SIDE_OF(p->tile) - 1) {
    next_tile(p, &ahead->place);
  }
}

/* The share of a panel's point: as many rows as bring them all in by the last one. */
static void fetch_ahead(const struct plan *p, struct ahead *ahead, int panel, int point) {
  int64_t step = (int64_t)panel * p->points + point + 1, steps = (int64_t)p->panels * p->points;
  while (ahead->fetched * steps < step * ahead->rows) {
    fetch_row(p, ahead);
  }
}

#endif
