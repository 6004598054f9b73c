/*
 * A few rows times a matrix [depth][k]: a fully connected layer at a small batch, bound by reading the
 * matrix once. Each part reads a range of its rows from end to end into sums of its own: for one input
 * row after row, as fast as memory is read at all; for more several rows side by side, as their sums do
 * not fit into the first-level cache. The ranges are those of the matrix, not of the threads, so the
 * order of a sum is fixed.
 */

#include <string.h>

#include "arena.h"
#include "gemm_conv.h"
#include "pool.h"

#define FEW_ROWS 8
#define MATRIX_ROWS 8  /* of the matrix at a time: as many streams as the prefetchers follow */
#define AHEAD_BYTES 4096 /* how far one row after the other is fetched ahead */
#define MATRIX_PARTS 32

/* The numbers at `at` of a kernel, and those `ahead` of them fetched for later. */
INLINE vec kernel_load(
    const void *kernel, const enum graft_number number, size_t at, size_t ahead, int lanes) {
  if (number == GRAFT_BFLOAT16) {
    const uint16_t *halves = (const uint16_t *)kernel + at;
    _mm_prefetch((const char *)(halves + ahead), _MM_HINT_T0);
    return v_load_bf16(halves, lanes);
  }
  const float *floats = (const float *)kernel + at;
  _mm_prefetch((const char *)(floats + ahead), _MM_HINT_T0);
  return v_load_n(floats, lanes);
}

struct matrix {
  const struct gemm *gemm;
  int count;      /* rows of the input: positions */
  int part;       /* rows of the matrix of a part */
  float *sums;    /* [part][count][stride] */
  size_t stride;  /* k, rounded up to whole vectors */
};

/* `lines` rows of the matrix, added to the sums of all inputs. */
INLINE void matrix_rows(
    const struct matrix *m, const enum graft_number number, const int count, const int lines,
    int first, float *sums) {
  const struct gemm *g = m->gemm;
  const size_t number_bytes = number == GRAFT_BFLOAT16 ? sizeof(uint16_t) : sizeof(float);
  const size_t start = (size_t)first * g->k;
  const size_t ahead = count == 1 ? AHEAD_BYTES / number_bytes : (size_t)MATRIX_ROWS * g->k;
  vec x[FEW_ROWS][MATRIX_ROWS];
  for (int i = 0; i < count; i++) {
    for (int r = 0; r < lines; r++) {
      x[i][r] = v_all(g->in[(size_t)i * g->depth + first + r]);
    }
  }
  for (int k = 0; k < g->k; k += LANES) {
    int lanes = lanes_at(g->k, k);
    vec sum[FEW_ROWS];
    for (int i = 0; i < count; i++) {
      sum[i] = v_load(sums + i * m->stride + k);
    }
    for (int r = 0; r < lines; r++) {
      vec value = kernel_load(g->kernel, number, start + (size_t)r * g->k + k, ahead, lanes);
      for (int i = 0; i < count; i++) {
        sum[i] = v_fma(x[i][r], value, sum[i]);
      }
    }
    for (int i = 0; i < count; i++) {
      v_store(sums + i * m->stride + k, sum[i]);
    }
  }
}

INLINE void matrix_range(
    const struct matrix *m, const enum graft_number number, const int count, int from, int to,
    float *sums) {
  int row = from;
  for (; count > 1 && row + MATRIX_ROWS <= to; row += MATRIX_ROWS) {
    matrix_rows(m, number, count, MATRIX_ROWS, row, sums);
  }
  for (; row < to; row++) {
    matrix_rows(m, number, count, 1, row, sums);
  }
}

INLINE void matrix_counts(
    const struct matrix *m, const enum graft_number number, int from, int to, float *sums) {
#define CASE(n) \
  case n: \
    matrix_range(m, number, n, from, to, sums); \
    break;
  switch (m->count) {
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)
  }
#undef CASE
}

static void matrix_part(void *context, int worker, int64_t part) {
  (void)worker;
  const struct matrix *m = context;
  int from = (int)part * m->part;
  int to = m->gemm->depth - from < m->part ? m->gemm->depth : from + m->part;
  float *sums = m->sums + (size_t)part * m->count * m->stride;
  memset(sums, 0, (size_t)m->count * m->stride * sizeof(float));
  if (m->gemm->number == GRAFT_BFLOAT16) {
    matrix_counts(m, GRAFT_BFLOAT16, from, to, sums);
  } else {
    matrix_counts(m, GRAFT_FLOAT, from, to, sums);
  }
}

static enum graft_status few_rows(const struct gemm *g, int threads) {
  struct matrix m = {
      .gemm = g, .count = (int)g->wo, .stride = whole_vectors(g->k)};
  m.part = (g->depth + MATRIX_PARTS - 1) / MATRIX_PARTS;
  m.part = m.part < 4 * MATRIX_ROWS ? 4 * MATRIX_ROWS : m.part;
  int parts = (g->depth + m.part - 1) / m.part;
  m.sums = arena_take((size_t)parts * m.count * m.stride * sizeof(float));
  if (m.sums == NULL) {
    return GRAFT_NO_MEMORY;
  }
  pool_run(threads, parts, matrix_part, &m);
  for (int i = 0; i < m.count; i++) {
    for (int k = 0; k < g->k; k += LANES) {
      int lanes = lanes_at(g->k, k);
      vec sum = g->bias == NULL ? v_zero() : v_load_n(g->bias + k, lanes);
      for (int part = 0; part < parts; part++) {
        sum = v_add(sum, v_load(m.sums + ((size_t)part * m.count + i) * m.stride + k));
      }
      v_store_n(g->out + (size_t)i * g->k + k, g->relu ? v_max(v_zero(), sum) : sum, lanes);
    }
  }
  arena_give(m.sums);
  return GRAFT_OK;
}
