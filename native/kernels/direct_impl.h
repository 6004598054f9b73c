/* Layers of few input channels, a strip of output rows at a time. */
#include "arena.h"
#include "output_tile_impl.h"
#include "pixels_impl.h"
#include "pool.h"

struct direct {
  const struct graft_conv3x3 *conv;
  struct direct_layer layer;
  int panels;
  int64_t strips, rows; /* of an image; output rows of a strip, 2 with a pool */
  size_t row_floats;    /* of a copied row, with a pixel of zeros at both ends */
  float *scratch;
  size_t worker_floats;
};

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
  copy_pixels(
      conv->input + image * conv->h * conv->w * conv->c, conv->h, conv->w, conv->c, y - 1, -1,
      rows + 2, conv->w + 2, inputs);
  int past_caches = writes_past_caches(conv);
  for (int panel = 0; panel < d->panels; panel++) {
    int whole = !conv->pool && (panel + 1) * PANEL <= conv->k;
    for (int64_t row = 0; row < rows; row++) {
      const float *pixels = inputs + row * d->row_floats;
      if (whole) {
        float *to = conv->output + ((image * conv->h + y + row) * conv->w) * conv->k;
        direct_row(&d->layer, panel, pixels, conv->w, to, (size_t)conv->k, past_caches);
        continue;
      }
      struct product product = direct_product(&d->layer, panel, pixels, conv->w);
      product.sums_row = PANEL;
      for (int64_t x = 0; x < conv->w;) {
        int block = rows_of_block(conv->w - x);
        product.a = pixels + x * conv->c;
        product.sums = sums + (row * conv->w + x) * PANEL;
        product_new[block - 1](&product);
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
      .layer =
          {.kernel = conv->packed + HEAD_FLOATS,
           .bias = conv->bias,
           .c = conv->c,
           .relu = conv->relu},
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
