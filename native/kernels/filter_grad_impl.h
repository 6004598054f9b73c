/*
 * The gradient of a 3x3 kernel by the transpose of F(4x4, 3x3): the input's tiles at the points, as in
 * the forward pass; the gradient's tiles at the points by the transposed outputs' matrix; for each
 * point their products, summed over the tiles; and the transposed kernel's matrix to nine taps.
 */
#include <string.h>

#include "grads.h"

/* The transpose of F(4x4, 3x3). */
#define TILE 4
#define SIDE SIDE_OF(TILE)
#define POINTS POINTS_OF(TILE)

struct filter_plan {
  const struct filter_grad *grad;
  int64_t rows, columns, tiles; /* of an image, down and across; of the batch */
  int64_t chunk;                /* tiles at a time */
  int64_t first, count;         /* the chunk at hand */
  size_t depth;                 /* c, rounded up to whole vectors */
  int panels;
  float *inputs;                /* [point][tile][depth] */
  size_t input_stride;
  float *gradients;             /* [point][panel][tile][PANEL] */
  size_t gradient_stride;
  float *scratch;               /* of a worker: [point][channel][panel][PANEL] */
  size_t worker_floats;
  int channels, width;          /* input channels and panels of a part */
  int channel_parts, panel_parts;
  float factors[SIDE][3];
};

/* Four neighbours of the gradient, at the six points. */
INLINE void gradient_points(const vec y[4], vec v[SIDE]) {
  const float p = (float)P, q = (float)Q, p2 = (float)(P * P), q2 = (float)(Q * Q);
  vec even = v_fma(v_all(p2), y[2], y[0]), odd = v_fma(v_all(p2), y[3], y[1]);
  v[0] = y[0];
  v[1] = v_fma(v_all(p), odd, even);
  v[2] = v_fnma(v_all(p), odd, even);
  even = v_fma(v_all(q2), y[2], y[0]);
  odd = v_fma(v_all(q2), y[3], y[1]);
  v[3] = v_fma(v_all(q), odd, even);
  v[4] = v_fnma(v_all(q), odd, even);
  v[5] = y[3];
}

static void gradient_tile(
    const struct filter_grad *g, int64_t image, int64_t y, int64_t x, int k, int lanes, float *to,
    size_t stride) {
  const float *corner = g->gradient + ((image * g->h + y) * g->w + x) * g->k + k;
  vec t[TILE][SIDE];
  for (int i = 0; i < TILE; i++) {
    vec row[TILE];
    for (int j = 0; j < TILE; j++) {
      int there = y + i < g->h && x + j < g->w;
      row[j] = there ? v_load_n(corner + (i * g->w + j) * g->k, lanes) : v_zero();
    }
    gradient_points(row, t[i]);
  }
#pragma GCC unroll 8
  for (int j = 0; j < SIDE; j++) {
    vec column[TILE], v[SIDE];
#pragma GCC unroll 8
    for (int i = 0; i < TILE; i++) {
      column[i] = t[i][j];
    }
    gradient_points(column, v);
#pragma GCC unroll 8
    for (int i = 0; i < SIDE; i++) {
      v_store(to + (size_t)(i * SIDE + j) * stride, v[i]);
    }
  }
}

#define FILTER_TILES 4

static void filter_tiles(void *context, int worker, int64_t part) {
  (void)worker;
  const struct filter_plan *p = context;
  const struct filter_grad *g = p->grad;
  for (int64_t t = part * FILTER_TILES; t < p->count && t < (part + 1) * FILTER_TILES; t++) {
    int64_t row = (p->first + t) / p->columns, image = row / p->rows;
    int64_t y = row % p->rows * TILE, x = (p->first + t) % p->columns * TILE;
    image_tile(
        TILE, g->input + image * g->h * g->w * g->c, g->h, g->w, g->c, y, x,
        p->inputs + (size_t)t * p->depth, p->input_stride);
    for (int k = 0; k < p->panels * PANEL; k += LANES) {
      int lanes = lanes_at(g->k, k);
      float *to = p->gradients + ((size_t)(k / PANEL) * p->chunk + t) * PANEL + k % PANEL;
      gradient_tile(g, image, y, x, k, lanes, to, p->gradient_stride);
    }
  }
}

/* Six values at the points, as three taps. */
INLINE void tap_points(const struct filter_plan *p, const vec u[6], vec taps[3]) {
  vec s1 = v_add(u[1], u[2]), d1 = v_sub(u[1], u[2]), s2 = v_add(u[3], u[4]), d2 = v_sub(u[3], u[4]);
  const float (*f)[3] = p->factors;
  taps[0] = v_fma(v_all(f[0][0]), u[0], v_fma(v_all(f[1][0]), s1, v_mul(v_all(f[3][0]), s2)));
  taps[1] = v_fma(v_all(f[1][1]), d1, v_mul(v_all(f[3][1]), d2));
  taps[2] = v_fma(v_all(f[1][2]), s1, v_fma(v_all(f[3][2]), s2, u[5]));
}

/* One input channel and a vector of output channels: from the sums at the points to the result. */
static void store_taps(
    const struct filter_plan *p, const float *sums, size_t stride, int c, int k, int lanes) {
  const struct filter_grad *g = p->grad;
  vec t[6][3];
#pragma GCC unroll 6
  for (int i = 0; i < 6; i++) {
    vec u[6];
#pragma GCC unroll 6
    for (int j = 0; j < 6; j++) {
      u[j] = v_load(sums + (size_t)(i * 6 + j) * stride);
    }
    tap_points(p, u, t[i]);
  }
#pragma GCC unroll 3
  for (int j = 0; j < 3; j++) {
    vec u[6], taps[3];
#pragma GCC unroll 6
    for (int i = 0; i < 6; i++) {
      u[i] = t[i][j];
    }
    tap_points(p, u, taps);
#pragma GCC unroll 3
    for (int i = 0; i < 3; i++) {
      float *to = g->result + ((size_t)(i * 3 + j) * g->c + c) * g->k + k;
      vec sum = p->first == 0 ? taps[i] : v_add(v_load_n(to, lanes), taps[i]);
      v_store_n(to, sum, lanes);
    }
  }
}

static void filter_part(void *context, int worker, int64_t part) {
  const struct filter_plan *p = context;
  const struct filter_grad *g = p->grad;
  int c0 = (int)(part % p->channel_parts) * p->channels;
  int c1 = c0 + p->channels < g->c ? c0 + p->channels : g->c;
  int panel0 = (int)(part / p->channel_parts) * p->width;
  int panel1 = panel0 + p->width < p->panels ? panel0 + p->width : p->panels;
  float *sums = p->scratch + worker * p->worker_floats;
  size_t row = (size_t)p->width * PANEL, stride = p->channels * row + PAD;
  for (int point = 0; point < POINTS; point++) {
    for (int panel = panel0; panel < panel1; panel++) {
      for (int c = c0; c < c1;) {
        int rows = rows_of_block(c1 - c);
        struct product product = {
            .a = p->inputs + point * p->input_stride + c,
            .a_row = 1,
            .a_depth = p->depth,
            .b = p->gradients + point * p->gradient_stride + (size_t)panel * p->chunk * PANEL,
            .segments = 1,
            .depth = (size_t)p->count,
            .sums = sums + point * stride + (c - c0) * row + (size_t)(panel - panel0) * PANEL,
            .sums_row = row,
            .fetch = (const char *)sums,
            .fetch_rows = (const char *)sums};
        product_new_any[rows - 1](&product);
        c += rows;
      }
    }
  }
  for (int c = c0; c < c1; c++) {
    for (int k = panel0 * PANEL; k < panel1 * PANEL && k < g->k; k += LANES) {
      int lanes = lanes_at(g->k, k);
      store_taps(p, sums + (c - c0) * row + (k - panel0 * PANEL), stride, c, k, lanes);
    }
  }
}

/* Inputs and gradients of a chunk of tiles, shared by all threads. */
#define CHUNK_BYTES (16 << 20)

enum graft_status ISA(filter_grad)(const struct filter_grad *grad, int threads) {
  struct filter_plan p = {
      .grad = grad,
      .rows = (grad->h + TILE - 1) / TILE,
      .columns = (grad->w + TILE - 1) / TILE,
      .depth = whole_vectors(grad->c),
      .panels = panels_in(grad->k)};
  int count = pool_threads(threads);
  p.tiles = grad->n * p.rows * p.columns;
  int64_t tile_floats = POINTS * ((int64_t)p.depth + p.panels * PANEL);
  int64_t chunks = p.tiles * tile_floats * (int64_t)sizeof(float) / CHUNK_BYTES + 1;
  p.chunk = (p.tiles + chunks - 1) / chunks;
  p.channels = 64;
  p.width = 2;
  do {
    p.channel_parts = (grad->c + p.channels - 1) / p.channels;
    p.panel_parts = (p.panels + p.width - 1) / p.width;
    if (p.channel_parts * p.panel_parts >= 2 * count) {
      break;
    }
    if (p.width > 1) {
      p.width = 1;
    } else {
      p.channels /= 2;
    }
  } while (p.channels >= ROWS);
  p.channel_parts = (grad->c + p.channels - 1) / p.channels;
  p.panel_parts = (p.panels + p.width - 1) / p.width;
  p.input_stride = (size_t)p.chunk * p.depth + PAD;
  p.gradient_stride = (size_t)p.panels * p.chunk * PANEL + PAD;
  p.worker_floats = POINTS * ((size_t)p.channels * p.width * PANEL + PAD);
  double factors[SIDE][3];
  kernel_factors(TILE, factors);
  for (int i = 0; i < 6; i++) {
    for (int j = 0; j < 3; j++) {
      p.factors[i][j] = (float)factors[i][j];
    }
  }
  size_t floats =
      POINTS * (p.input_stride + p.gradient_stride) + count * p.worker_floats;
  p.inputs = arena_take(floats * sizeof(float));
  if (p.inputs == NULL) {
    return GRAFT_NO_MEMORY;
  }
  p.gradients = p.inputs + POINTS * p.input_stride;
  p.scratch = p.gradients + POINTS * p.gradient_stride;
  for (p.first = 0; p.first < p.tiles; p.first += p.chunk) {
    p.count = p.tiles - p.first < p.chunk ? p.tiles - p.first : p.chunk;
    pool_run(count, (p.count + FILTER_TILES - 1) / FILTER_TILES, filter_tiles, &p);
    pool_run(count, (int64_t)p.channel_parts * p.panel_parts, filter_part, &p);
  }
  arena_give(p.inputs);
  return GRAFT_OK;
}

#undef TILE
#undef SIDE
#undef POINTS
