/*
 * The inner product that everything rests on: up to ROWS rows of sums, two vectors (a panel) wide,
 * over a whole depth, in registers. One row's values are broadcast from where they lie; the panel
 * [depth][2 * LANES] is read in one line.
 */
#ifndef GRAFT_MICRO_IMPL_H
#define GRAFT_MICRO_IMPL_H

#include <stddef.h>

#define PANEL (2 * LANES)

/* Panels that hold so many output channels, zeros behind the last of them. */
static inline int panels_in(int channels) { return (channels + PANEL - 1) / PANEL; }

/* So many channels, rounded up to whole vectors. */
static inline size_t whole_vectors(int channels) {
  return ((size_t)channels + LANES - 1) / LANES * LANES;
}

/* How many of `channels` are in the vector that begins at `first`: 0 ... LANES. */
static inline int lanes_at(int64_t channels, int64_t first) {
  int64_t left = channels - first;
  return left >= LANES ? LANES : (left < 0 ? 0 : (int)left);
}

struct product {
  const float *a;   /* row r, segment s, depth d at a[r * a_row + s * a_segment + d * a_depth] */
  size_t a_row, a_segment, a_depth;
  const float *b;   /* segment s at b + s * b_segment: [depth][PANEL] */
  size_t b_segment, segments, depth;
  float *sums;      /* row r at sums[r * sums_row], PANEL floats */
  size_t sums_row;
  /*
   * What the next products read, fetched ahead: of the next panel fetch_step bytes (0 ... 128) with
   * each depth. All of these must point to memory: the processor looks for the page every time.
   */
  const char *fetch;
  size_t fetch_step;
  const char *fetch_rows; /* the next rows, fetch_rows_step bytes with each depth */
  size_t fetch_rows_step;
  const float *bias; /* PANEL floats; with relu, for product_layer alone */
  int relu;
  int past_caches; /* the sums, to a multiple of a vector's size */
};

/* Where the sums begin. */
enum start { NEW = 0, ADD = 1, LAYER = 2 }; /* at zero, at themselves, at the bias to be finished */

static inline __attribute__((always_inline)) void product_of(
    const struct product *p, const int rows, const int start, const int unit_depth) {
  vec sum[ROWS][2];
  const size_t a_row = p->a_row, a_depth = unit_depth ? 1 : p->a_depth;
#pragma GCC unroll 14
  for (int r = 0; r < rows; r++) {
    const float *from = start == ADD ? p->sums + r * p->sums_row : p->bias;
    sum[r][0] = start == NEW ? v_zero() : v_load(from);
    sum[r][1] = start == NEW ? v_zero() : v_load(from + LANES);
  }
  const char *fetch = p->fetch;
  const size_t fetch_step = p->fetch_step;
  const char *fetch_rows = p->fetch_rows;
  const size_t fetch_rows_step = p->fetch_rows_step;
  for (size_t segment = 0; segment < p->segments; segment++) {
    const float *a = p->a + segment * p->a_segment, *b = p->b + segment * p->b_segment;
    for (size_t d = 0; d < p->depth; d++) {
      vec b0 = v_load(b), b1 = v_load(b + LANES);
      b += PANEL;
      _mm_prefetch(fetch, _MM_HINT_T0);
      _mm_prefetch(fetch + 64, _MM_HINT_T0);
      fetch += fetch_step;
      _mm_prefetch(fetch_rows, _MM_HINT_T0);
      fetch_rows += fetch_rows_step;
#pragma GCC unroll 14
      for (int r = 0; r < rows; r++) {
        vec value = v_all(a[r * a_row]);
        sum[r][0] = v_fma(value, b0, sum[r][0]);
        sum[r][1] = v_fma(value, b1, sum[r][1]);
      }
      a += a_depth;
    }
  }
#pragma GCC unroll 14
  for (int r = 0; r < rows; r++) {
    if (start == LAYER && p->relu) {
      sum[r][0] = v_max(v_zero(), sum[r][0]);
      sum[r][1] = v_max(v_zero(), sum[r][1]);
    }
    if (start == LAYER && p->past_caches) {
      v_stream(p->sums + r * p->sums_row, sum[r][0]);
      v_stream(p->sums + r * p->sums_row + LANES, sum[r][1]);
      continue;
    }
    v_store(p->sums + r * p->sums_row, sum[r][0]);
    v_store(p->sums + r * p->sums_row + LANES, sum[r][1]);
  }
}

#define PRODUCT(rows, start, unit) \
  static __attribute__((noinline)) void product_##rows##_##start##_##unit(const struct product *p) { \
    product_of(p, rows, start, unit); \
  }
#define PRODUCTS(rows) \
  PRODUCT(rows, NEW, 1) PRODUCT(rows, LAYER, 1) PRODUCT(rows, NEW, 0) PRODUCT(rows, ADD, 0)
#define EACH(X) X(1) X(2) X(3) X(4) X(5) X(6)
#if ROWS == 14
#define EACH_MORE(X) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14)
#else
#define EACH_MORE(X)
#endif
EACH(PRODUCTS)
EACH_MORE(PRODUCTS)

typedef void product_function(const struct product *p);

#define NEW_UNIT(rows) product_##rows##_NEW_1,
#define LAYER_UNIT(rows) product_##rows##_LAYER_1,
#define NEW_ANY(rows) product_##rows##_NEW_0,
#define ADD_ANY(rows) product_##rows##_ADD_0,

/* By rows - 1. The sums are new, the depth lies together: a_depth is 1. */
static product_function *const product_new[ROWS] = {EACH(NEW_UNIT) EACH_MORE(NEW_UNIT)};
/* The same with bias and, if wanted, ReLU. */
static product_function *const product_layer[ROWS] = {EACH(LAYER_UNIT) EACH_MORE(LAYER_UNIT)};
/* New sums; any a_depth. */
static product_function *const product_new_any[ROWS] = {EACH(NEW_ANY) EACH_MORE(NEW_ANY)};
/* Added to the sums; any a_depth. */
static product_function *const product_add_any[ROWS] = {EACH(ADD_ANY) EACH_MORE(ADD_ANY)};

/* Rows of a block when `left` of them remain: equal blocks rather than a small last one. */
static inline int rows_of_block(int64_t left) {
  if (left <= ROWS) {
    return (int)left;
  }
  int64_t blocks = (left + ROWS - 1) / ROWS;
  return (int)((left + blocks - 1) / blocks);
}

#endif
