/*
 * Convolutions as matrix products, without a matrix of patches: for every tap the input's pixels are
 * the rows, where they lie; taps that fall outside of the image cost nothing. The kernel is brought
 * into panels block by block, by the thread that uses it: read once, in lines as long as possible.
 */
#include <string.h>

#include "arena.h"
#include "gemm_conv.h"
#include "micro_impl.h"
#include "pool.h"

/* A part's columns, its block of the kernel, and its positions. */
#define MANY_WIDTH 128
#define MANY_DEPTH 512
#define MANY_POSITIONS 512

/* How a product is cut; no sum's order depends on the number of threads. */
struct cut {
  const struct gemm *gemm;
  int64_t positions; /* of the output: n * ho * wo */
  int64_t block;     /* positions of a part */
  int width;         /* columns of a part: a multiple of PANEL */
  int chunks;        /* parts side by side */
  int depth;         /* of a block of the kernel */
  float *scratch;    /* of a worker: the kernel's block, then the sums */
  size_t kernel_floats, worker_floats;
};

/* Rows [depth][k] of a kernel, as panels. */
INLINE void panels_of(
    const void *kernel, const enum graft_number number, size_t first, size_t row, int depth,
    int count, float *to) {
  for (int d = 0; d < depth; d++) {
    size_t from = first + d * row;
    for (int k = 0; k < count; k += LANES) {
      int lanes = lanes_at(count, k);
      float *at = to + ((size_t)(k / PANEL) * depth + d) * PANEL + k % PANEL;
      v_store(at, kernel_load(kernel, number, from + k, 16 * row, lanes));
    }
    if ((count - 1) % PANEL < LANES) {
      v_store(to + ((size_t)(count / PANEL) * depth + d) * PANEL + LANES, v_zero());
    }
  }
}

/* Columns of a kernel [k][depth], as panels. */
static void transposed_panels_of(const float *kernel, size_t row, int depth, int count, float *to) {
  for (int k = 0; k < panels_in(count) * PANEL; k += LANES) {
    for (int d = 0; d < depth; d += LANES) {
      int lanes = lanes_at(depth, d);
      vec square[LANES];
      for (int i = 0; i < LANES; i++) {
        square[i] = k + i < count ? v_load_n(kernel + (size_t)(k + i) * row + d, lanes) : v_zero();
      }
      v_transpose(square);
      for (int i = 0; i < lanes; i++) {
        v_store(to + ((size_t)(k / PANEL) * depth + d + i) * PANEL + k % PANEL, square[i]);
      }
    }
  }
}

static void take_kernel(
    const struct cut *c, int tap, int first_depth, int depth, int first, int count, float *to) {
  const struct gemm *g = c->gemm;
  if (g->transposed) {
    const float *from =
        (const float *)g->kernel + ((size_t)tap * g->k + first) * g->depth + first_depth;
    transposed_panels_of(from, (size_t)g->depth, depth, count, to);
  } else {
    size_t from = ((size_t)tap * g->depth + first_depth) * g->k + first;
    if (g->number == GRAFT_BFLOAT16) {
      panels_of(g->kernel, GRAFT_BFLOAT16, from, (size_t)g->k, depth, count, to);
    } else {
      panels_of(g->kernel, GRAFT_FLOAT, from, (size_t)g->k, depth, count, to);
    }
  }
}

/* The output positions of a part that a tap has an input pixel for, and those pixels. */
struct pixels {
  int64_t count;
  int32_t at[MANY_POSITIONS]; /* counted from the part's first */
  const float *in[MANY_POSITIONS];
};

static void pixels_of_tap(
    const struct gemm *g, int tap, int64_t from, int64_t to, struct pixels *pixels) {
  int64_t dy = g->first_dy + g->step * (tap / g->columns);
  int64_t dx = g->first_dx + g->step * (tap % g->columns);
  pixels->count = 0;
  for (int64_t i = from; i < to; i++) {
    int64_t row = i / g->wo, image = row / g->ho;
    int64_t y = row % g->ho + dy, x = i % g->wo + dx;
    if (y >= 0 && y < g->hi && x >= 0 && x < g->wi) {
      pixels->at[pixels->count] = (int32_t)(i - from);
      pixels->in[pixels->count++] = g->in + ((image * g->hi + y) * g->wi + x) * g->depth;
    }
  }
}

/* Floats between the copied rows beyond their size: keeps them out of the same cache sets. */
#define ROW_PAD 16

/*
 * One block of the kernel times the pixels, added to the sums [panel][position][PANEL]. The pixels'
 * rows are copied side by side: channel counts are powers of two, and so many rows of them would push
 * each other out of the cache.
 */
static void add_products(
    const struct cut *c, const struct pixels *pixels, int first_depth, int depth, int panels,
    const float *kernel, float *sums) {
  float rows[ROWS * (MANY_DEPTH + ROW_PAD)] __attribute__((aligned(64)));
  float block[ROWS * PANEL] __attribute__((aligned(64)));
  for (int64_t i = 0; i < pixels->count;) {
    int count = rows_of_block(pixels->count - i);
    for (int r = 0; r < count; r++) {
      memcpy(
          rows + r * (MANY_DEPTH + ROW_PAD), pixels->in[i + r] + first_depth,
          (size_t)depth * sizeof(float));
    }
    struct product product = {
        .a = rows,
        .a_row = MANY_DEPTH + ROW_PAD,
        .segments = 1,
        .depth = (size_t)depth,
        .sums = block,
        .sums_row = PANEL,
        .fetch = (const char *)kernel,
        .fetch_rows = (const char *)kernel};
    for (int panel = 0; panel < panels; panel++) {
      product.b = kernel + (size_t)panel * depth * PANEL;
      product_new[count - 1](&product);
      for (int r = 0; r < count; r++) {
        float *sum = sums + ((size_t)panel * c->block + pixels->at[i + r]) * PANEL;
        v_store(sum, v_add(v_load(sum), v_load(block + r * PANEL)));
        v_store(sum + LANES, v_add(v_load(sum + LANES), v_load(block + r * PANEL + LANES)));
      }
    }
    i += count;
  }
}

static void store_sums(
    const struct cut *c, int64_t from, int64_t to, int first, int count, const float *sums) {
  const struct gemm *g = c->gemm;
  for (int64_t i = from; i < to; i++) {
    for (int k = 0; k < count; k += LANES) {
      int lanes = lanes_at(count, k);
      vec sum = v_load(sums + ((size_t)(k / PANEL) * c->block + (i - from)) * PANEL + k % PANEL);
      if (g->bias != NULL) {
        sum = v_add(sum, v_load_n(g->bias + first + k, lanes));
      }
      if (g->relu) {
        sum = v_max(v_zero(), sum);
      }
      v_store_n(g->out + i * g->k + first + k, sum, lanes);
    }
  }
}

static void product_part(void *context, int worker, int64_t part) {
  const struct cut *c = context;
  const struct gemm *g = c->gemm;
  int first = (int)(part % c->chunks) * c->width;
  int count = g->k - first < c->width ? g->k - first : c->width;
  int panels = panels_in(count);
  int64_t from = part / c->chunks * c->block;
  int64_t to = c->positions - from < c->block ? c->positions : from + c->block;
  float *kernel = c->scratch + worker * c->worker_floats, *sums = kernel + c->kernel_floats;
  memset(sums, 0, (size_t)panels * c->block * PANEL * sizeof(float));
  for (int tap = 0; tap < g->rows * g->columns; tap++) {
    struct pixels pixels;
    pixels_of_tap(g, tap, from, to, &pixels);
    if (pixels.count == 0) {
      continue;
    }
    for (int d = 0; d < g->depth; d += c->depth) {
      int depth = g->depth - d < c->depth ? g->depth - d : c->depth;
      take_kernel(c, tap, d, depth, first, count, kernel);
      add_products(c, &pixels, d, depth, panels, kernel, sums);
    }
  }
  store_sums(c, from, to, first, count, sums);
}

enum graft_status ISA(gemm)(const struct gemm *gemm, int threads) {
  struct cut c = {.gemm = gemm, .positions = gemm->n * gemm->ho * gemm->wo};
  if (c.positions == 0 || gemm->k == 0) {
    return GRAFT_OK;
  }
  int count = pool_threads(threads);
  int matrix = gemm->rows * gemm->columns == 1 && gemm->n == 1 && gemm->ho == 1 && !gemm->transposed;
  if (matrix && gemm->wo <= FEW_ROWS && gemm->depth > 0) {
    return few_rows(gemm, count);
  }
  c.width = MANY_WIDTH;
  c.depth = gemm->depth < MANY_DEPTH ? gemm->depth : MANY_DEPTH;
  /* Two parts a thread at least, where there are as many columns. */
  while (c.width > PANEL && gemm->k < 2 * count * c.width) {
    c.width /= 2;
  }
  c.chunks = (gemm->k + c.width - 1) / c.width;
  int64_t blocks = (c.positions + MANY_POSITIONS - 1) / MANY_POSITIONS;
  c.block = (c.positions + blocks - 1) / blocks;
  c.kernel_floats = (size_t)c.depth * c.width;
  c.worker_floats = c.kernel_floats + (size_t)c.block * c.width;
  c.scratch = arena_take(count * c.worker_floats * sizeof(float));
  if (c.scratch == NULL) {
    return GRAFT_NO_MEMORY;
  }
  pool_run(count, c.chunks * blocks, product_part, &c);
  arena_give(c.scratch);
  return GRAFT_OK;
}
