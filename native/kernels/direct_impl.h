/*
 * The 3x3 convolution of few channels, directly: at three channels Winograd's transforms would cost
 * more than they save. A pixel's neighbours lie side by side in its row and the ones above and below,
 * so the products read them where they are, from a copy of a few rows with zeros around them.
 */

#include <string.h>

#include "arena.h"
#include "micro_impl.h"
#include "output_tile_impl.h"
#include "pool.h"

struct direct {
  const struct graft_conv3x3 *conv;
  const float *kernel;
  int panels;
  int64_t strips, rows; /* of an image; output rows of a strip, 2 with a pool */
  size_t row_floats;    /* of a copied row, with a pixel of zeros at both ends */
  float *scratch;
  size_t worker_floats;
};

/* The input rows around a strip: [rows + 2][w + 2][c]. */
static void copy_rows(const struct direct *d, const float *image, int64_t y, float *to) {
  const struct graft_conv3x3 *conv = d->conv;
  size_t inner = (size_t)(conv->w * conv->c), edge = (size_t)conv->c;
  for (int64_t row = y - 1; row < y + d->rows + 1; row++) {
    if (row < 0 || row >= conv->h) {
      memset(to, 0, d->row_floats * sizeof(float));
    } else {
      memset(to, 0, edge * sizeof(float));
      memcpy(to + edge, image + (size_t)row * inner, inner * sizeof(float));
      memset(to + edge + inner, 0, edge * sizeof(float));
    }
    to += d->row_floats;
  }
}

static void direct_store(
    const struct direct *d, int64_t image, int64_t y, int64_t rows, int panel, const float *sums) {
  const struct graft_conv3x3 *conv = d->conv;
  for (int i = 0; i < 2; i++) {
    int k = panel * PANEL + i * LANES;
    int lanes = lanes_at(conv->k, k);
    if (lanes <= 0) {
      return;
    }
    vec bias = conv->bias == NULL ? v_zero() : v_load_n(conv->bias + k, lanes);
    if (!conv->pool) {
      float *to = conv->output + (image * conv->h + y) * conv->w * conv->k + k;
      for (int64_t x = 0; x < conv->w; x++) {
        vec value = v_load(sums + x * PANEL + i * LANES);
        v_store_n(to + x * conv->k, finish(value, bias, conv->relu), lanes);
      }
      continue;
    }
    for (int64_t x = 0; x < conv->w; x += 2) {
      vec pixels[2][2];
      for (int row = 0; row < 2; row++) {
        for (int column = 0; column < 2; column++) {
          int there = row < rows && x + column < conv->w;
          pixels[row][column] =
              there ? finish(
                          v_load(sums + (row * conv->w + x + column) * PANEL + i * LANES), bias,
                          conv->relu)
                    : v_zero();
        }
      }
      struct tile tile = {.image = image, .y = y, .x = x};
      if (conv->which == NULL) {
        store_pools(2, 0, conv, tile, pixels, k, lanes);
      } else {
        store_pools(2, 1, conv, tile, pixels, k, lanes);
      }
    }
  }
}

static void direct_strip(void *context, int worker, int64_t part) {
  const struct direct *d = context;
  const struct graft_conv3x3 *conv = d->conv;
  int64_t image = part / d->strips, y = part % d->strips * d->rows;
  int64_t rows = conv->h - y < d->rows ? conv->h - y : d->rows;
  float *inputs = d->scratch + worker * d->worker_floats;
  float *sums = inputs + (size_t)(d->rows + 2) * d->row_floats;
  float bias[PANEL];
  copy_rows(d, conv->input + image * conv->h * conv->w * conv->c, y, inputs);
  for (int panel = 0; panel < d->panels; panel++) {
    struct product product = {
        .a_row = (size_t)conv->c,
        .a_segment = d->row_floats,
        .b = d->kernel + (size_t)panel * 9 * conv->c * PANEL,
        .b_segment = 3 * (size_t)conv->c * PANEL,
        .segments = 3,
        .depth = 3 * (size_t)conv->c,
        .sums_row = PANEL,
        .fetch_rows = (const char *)inputs,
        .fetch = (const char *)inputs,
        .bias = bias,
        .relu = conv->relu,
        .past_caches = writes_past_caches(conv)};
    int whole = !conv->pool && (panel + 1) * PANEL <= conv->k;
    for (int i = 0; whole && i < PANEL; i++) {
      bias[i] = conv->bias == NULL ? 0 : conv->bias[panel * PANEL + i];
    }
    for (int64_t row = 0; row < rows; row++) {
      for (int64_t x = 0; x < conv->w;) {
        int block = rows_of_block(conv->w - x);
        product.a = inputs + row * d->row_floats + x * conv->c;
        if (whole) {
          int64_t pixel = (image * conv->h + y + row) * conv->w + x;
          product.sums = conv->output + pixel * conv->k + panel * PANEL;
          product.sums_row = (size_t)conv->k;
          if (!product.past_caches) {
            /* The places of the next block: a pixel with each depth, which are more than ROWS. */
            product.fetch = (const char *)(product.sums + (size_t)block * conv->k);
            product.fetch_step = (size_t)conv->k * sizeof(float);
          }
          product_layer[block - 1](&product);
        } else {
          product.sums = sums + (row * conv->w + x) * PANEL;
          product_new[block - 1](&product);
        }
        x += block;
      }
    }
    if (!whole) {
      direct_store(d, image, y, rows, panel, sums);
    }
    _mm_sfence();
  }
}

static enum graft_status direct(const struct graft_conv3x3 *conv, int threads) {
  struct direct d = {
      .conv = conv,
      .kernel = conv->packed + HEAD_FLOATS,
      .panels = panels_in(conv->k),
      .rows = conv->pool ? 2 : 1,
      .row_floats = (size_t)((conv->w + 2) * conv->c)};
  d.strips = (conv->h + d.rows - 1) / d.rows;
  d.worker_floats = ((size_t)(d.rows + 2) * d.row_floats + (size_t)(d.rows * conv->w) * PANEL);
  int count = pool_threads(threads);
  d.scratch = arena_take(count * d.worker_floats * sizeof(float));
  if (d.scratch == NULL) {
    return GRAFT_NO_MEMORY;
  }
  pool_run(count, conv->n * d.strips, direct_strip, &d);
  arena_give(d.scratch);
  return GRAFT_OK;
}

enum graft_status ISA(conv3x3)(
    const struct graft_conv3x3 *conv, enum algorithm algorithm, int threads) {
  return algorithm == DIRECT ? direct(conv, threads) : winograd(conv, algorithm, threads);
}
