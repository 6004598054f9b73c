/*
 * The 3x3 convolution of few channels, directly: at three channels Winograd's transforms would cost
 * more than they save. A pixel's neighbours lie side by side in its row and the ones above and below,
 * so the products read them where they are, from a copy of a few rows with zeros around them.
 */
#ifndef GRAFT_PIXELS_IMPL_H
#define GRAFT_PIXELS_IMPL_H

#include <string.h>

#include "micro_impl.h"

/* A layer, as far as its products need it. */
struct direct_layer {
  const float *kernel; /* packed, without its head */
  const float *bias;   /* or NULL */
  int c, relu;
};

/* The pixels [rows][columns] from (y, x) on of an image [h][w][c]: zeros where they are outside. */
static void copy_pixels(
    const float *image, int64_t h, int64_t w, int64_t c, int64_t y, int64_t x, int64_t rows,
    int64_t columns, float *to) {
  int64_t before = x < 0 ? -x : 0;
  int64_t count = (x + columns < w ? x + columns : w) - (x + before);
  size_t edge = (size_t)(before * c), inner = (size_t)(count * c);
  size_t all = (size_t)(columns * c);
  for (int64_t row = y; row < y + rows; row++, to += all) {
    if (row < 0 || row >= h) {
      memset(to, 0, all * sizeof(float));
    } else {
      memset(to, 0, edge * sizeof(float));
      memcpy(to + edge, image + (row * w + x + before) * c, inner * sizeof(float));
      memset(to + edge + inner, 0, (all - edge - inner) * sizeof(float));
    }
  }
}

/* The products of a row of `width` outputs with a panel, from the copied pixels. */
static struct product direct_product(
    const struct direct_layer *layer, int panel, const float *pixels, int64_t width) {
  const size_t c = (size_t)layer->c;
  return (struct product){
      .a = pixels,
      .a_row = c,
      .a_segment = (size_t)(width + 2) * c,
      .b = layer->kernel + (size_t)panel * 9 * c * PANEL,
      .b_segment = 3 * c * PANEL,
      .segments = 3,
      .depth = 3 * c,
      .fetch = (const char *)pixels,
      .fetch_rows = (const char *)pixels,
      .relu = layer->relu};
}

/*
 * A panel's outputs of a row, with bias and ReLU; k floats from one to the next. The panel's channels
 * are all there.
 */
static void direct_row(
    const struct direct_layer *layer, int panel, const float *pixels, int64_t width, float *to,
    size_t k, int past_caches) {
  static const float no_bias[PANEL];
  struct product product = direct_product(layer, panel, pixels, width);
  product.bias = layer->bias == NULL ? no_bias : layer->bias + panel * PANEL;
  product.sums = to + panel * PANEL;
  product.sums_row = k;
  product.past_caches = past_caches;
  for (int64_t x = 0; x < width;) {
    int block = rows_of_block(width - x);
    if (!past_caches) {
      /* The places of the next block: a pixel with each depth, which are more than ROWS. */
      product.fetch = (const char *)(product.sums + block * k);
      product.fetch_step = k * sizeof(float);
    }
    product_layer[block - 1](&product);
    product.sums += block * k;
    product.a += block * layer->c;
    x += block;
  }
}

#endif
