/*
 * A layer of few channels and the one after it in one pass: a block's pixels of the first are computed
 * when the second's inputs are taken from them, and stay in the second-level cache. What lies at the
 * edges of blocks is computed twice.
 */
#ifndef GRAFT_TWO_LAYERS_IMPL_H
#define GRAFT_TWO_LAYERS_IMPL_H

#include "input_tile_impl.h"
#include "pixels_impl.h"
#include "plan_impl.h"

/*
 * Blocks of at most `most` tiles, and one for each thread: as few as possible, for the kernel is read
 * for each of them; of those as square as possible.
 */
static void cut_rectangles(struct plan *p, int64_t most) {
  int64_t share = (p->tiles + p->threads - 1) / p->threads;
  most = share < most ? share : most;
  int64_t fewest = INT64_MAX, least = INT64_MAX;
  for (int64_t rows = 1; rows <= p->rows && rows <= most; rows++) {
    int64_t columns = most / rows < p->columns ? most / rows : p->columns;
    int64_t across = (p->columns + columns - 1) / columns, down = (p->rows + rows - 1) / rows;
    int64_t blocks = across * down;
    int64_t edges = across * p->rows + down * p->columns;
    if (blocks < fewest || (blocks == fewest && edges < least)) {
      fewest = blocks;
      least = edges;
      p->across = across;
      p->down = down;
      p->block_columns = (p->columns + across - 1) / across;
      p->block_rows = (p->rows + down - 1) / down;
    }
  }
  p->block = p->block_rows * p->block_columns;
}

/* Pixels of the first layer's outputs in a row of a block's. */
static int64_t block_line(const struct plan *p) { return p->block_columns * p->tile + 2; }

/* The scratch of take_inputs_of_two: the first layer's outputs of a row of tiles, and their pixels. */
static size_t two_layers_floats(const struct plan *p) {
  if (p->conv->before == NULL) {
    return 0;
  }
  size_t outputs = (size_t)(SIDE_OF(p->tile) * block_line(p) * p->conv->c);
  size_t inputs = (size_t)((SIDE_OF(p->tile) + 2) * (block_line(p) + 2) * p->before.c);
  return outputs + whole_vectors((int)inputs);
}

/*
 * The first layer's outputs at the rows from `y` on and the columns from `x` on, to [rows][line][c] as
 * if all were inside of the image; those outside are not written.
 */
static void first_layer(
    const struct plan *p, int64_t image, int64_t y, int64_t rows, int64_t x, int64_t columns,
    float *to, int64_t line, float *pixels) {
  const struct graft_conv3x3 *conv = p->conv;
  const int c = p->before.c;
  if (y < 0) {
    to -= y * line * conv->c;
    rows += y;
    y = 0;
  }
  if (x < 0) {
    to -= x * conv->c;
    columns += x;
    x = 0;
  }
  rows = part_from(y, conv->h, rows);
  columns = part_from(x, conv->w, columns);
  if (rows <= 0) {
    return;
  }
  copy_pixels(
      conv->input + image * conv->h * conv->w * c, conv->h, conv->w, c, y - 1, x - 1, rows + 2,
      columns + 2, pixels);
  for (int panel = 0; panel < conv->c / PANEL; panel++) {
    for (int64_t row = 0; row < rows; row++) {
      direct_row(
          &p->before, panel, pixels + row * (columns + 2) * c, columns, to + row * line * conv->c,
          (size_t)conv->c, 0);
    }
  }
}

/* A block's inputs of the second layer at all points. */
static void take_inputs_of_two(
    const struct plan *p, int64_t block, float *to, float *scratch) {
  const int tile = 6; /* that of few channels, see algorithm_for */
  const struct graft_conv3x3 *conv = p->conv;
  const int64_t line = block_line(p), side = SIDE_OF(tile);
  float *outputs = scratch, *pixels = scratch + side * line * conv->c;
  struct place place = rectangle_at(p, block);
  int64_t columns = (place.right - place.left) / tile;
  int64_t rows = part_from(place.tile.y / tile, p->rows, p->block_rows);
  int64_t y = place.tile.y, kept = 0;
  for (int64_t row = 0; row < rows; row++, y += tile, kept = 2) {
    float *last = outputs + tile * line * conv->c;
    if (kept > 0) {
      memcpy(outputs, last, (size_t)(kept * line * conv->c) * sizeof(float));
    }
    first_layer(
        p, place.tile.image, y - 1 + kept, side - kept, place.left - 1, columns * tile + 2,
        outputs + kept * line * conv->c, line, pixels);
    for (int64_t column = 0; column < columns; column++, to += p->depth) {
      struct tile_pixels pixels = pixels_of_tile(
          tile, outputs + column * tile * conv->c, line, conv->h, conv->w, conv->c, y,
          place.left + column * tile);
      input_tile_6(&pixels, conv->c, to, p->input_stride);
    }
  }
}

#endif
