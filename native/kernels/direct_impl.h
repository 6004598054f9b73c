/*
 * The 3x3 convolution of few channels, directly: rows of the nine taps' inputs [pixel][9 * c], times
 * the panels. At three channels Winograd's transforms would cost more than they save.
 */

struct direct {
  const struct graft_conv3x3 *conv;
  const float *kernel;
  int panels;
  int64_t strips, rows; /* of an image; output rows of a strip, 2 with a pool */
  size_t depth;
  float *scratch;
  size_t worker_floats;
};

/* The inputs of one row of output pixels, zeros outside of the image: [w][9 * c]. */
static void gather_row(const struct direct *d, const float *image, int64_t y, float *to) {
  const struct graft_conv3x3 *conv = d->conv;
  int64_t w = conv->w, c = conv->c;
  for (int i = 0; i < 3; i++) {
    int64_t row = y + i - 1;
    const float *from = image + row * w * c;
    for (int64_t x = 0; x < w; x++) {
      float *at = to + (size_t)x * d->depth + i * 3 * c;
      if (row < 0 || row >= conv->h) {
        memset(at, 0, 3 * c * sizeof(float));
        continue;
      }
      for (int j = 0; j < 3; j++) {
        int64_t column = x + j - 1;
        int outside = column < 0 || column >= w;
        for (int64_t k = 0; k < c; k++) {
          at[j * c + k] = outside ? 0 : from[column * c + k];
        }
      }
    }
  }
}

static void direct_store(
    const struct direct *d, int64_t image, int64_t y, int64_t rows, int panel, const float *sums) {
  const struct graft_conv3x3 *conv = d->conv;
  for (int i = 0; i < 2; i++) {
    int k = panel * PANEL + i * LANES;
    int lanes = conv->k - k < LANES ? conv->k - k : LANES;
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
      vec pixels[MAX_SIDE][MAX_SIDE];
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
  int64_t rows = conv->h - y < d->rows ? conv->h - y : d->rows, pixels = rows * conv->w;
  float *inputs = d->scratch + worker * d->worker_floats;
  float *sums = inputs + (size_t)d->rows * conv->w * d->depth;
  for (int64_t row = 0; row < rows; row++) {
    gather_row(
        d, conv->input + image * conv->h * conv->w * conv->c, y + row,
        inputs + (size_t)(row * conv->w) * d->depth);
  }
  for (int panel = 0; panel < d->panels; panel++) {
    struct product product = {
        .a_row = d->depth,
        .b = d->kernel + (size_t)panel * d->depth * PANEL,
        .depth = d->depth,
        .sums_row = PANEL,
        .fetch = (const char *)inputs};
    for (int64_t x = 0; x < pixels;) {
      int block = rows_of_block(pixels - x);
      product.a = inputs + (size_t)x * d->depth;
      product.sums = sums + x * PANEL;
      product_new[block - 1](&product);
      x += block;
    }
    direct_store(d, image, y, rows, panel, sums);
  }
}

static enum graft_status direct(const struct graft_conv3x3 *conv, int threads) {
  struct direct d = {
      .conv = conv,
      .kernel = conv->packed + HEAD_FLOATS,
      .panels = (conv->k + PANEL - 1) / PANEL,
      .rows = conv->pool ? 2 : 1,
      .depth = 9 * (size_t)conv->c};
  d.strips = (conv->h + d.rows - 1) / d.rows;
  d.worker_floats = ((size_t)(d.rows * conv->w) * (d.depth + PANEL) + LANES - 1) / LANES * LANES;
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
