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
static void panels_of(const float *kernel, size_t row, int depth, int count, float *to) {
  for (int d = 0; d < depth; d++) {
    const float *from = kernel + d * row;
    for (int k = 0; k < count; k += LANES) {
      int lanes = count - k < LANES ? count - k : LANES;
      float *at = to + ((size_t)(k / PANEL) * depth + d) * PANEL + k % PANEL;
      _mm_prefetch((const char *)(from + k + 16 * row), _MM_HINT_T0);
      v_store(at, v_load_n(from + k, lanes));
    }
    if ((count - 1) % PANEL < LANES) {
      v_store(to + ((size_t)(count / PANEL) * depth + d) * PANEL + LANES, v_zero());
    }
  }
}

/* Columns of a kernel [k][depth], as panels. */
static void transposed_panels_of(const float *kernel, size_t row, int depth, int count, float *to) {
  for (int k = 0; k < (count + PANEL - 1) / PANEL * PANEL; k += LANES) {
    for (int d = 0; d < depth; d += LANES) {
      int lanes = depth - d < LANES ? depth - d : LANES;
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
    const float *from = g->kernel + ((size_t)tap * g->k + first) * g->depth + first_depth;
    transposed_panels_of(from, (size_t)g->depth, depth, count, to);
  } else {
    const float *from = g->kernel + ((size_t)tap * g->depth + first_depth) * g->k + first;
    panels_of(from, (size_t)g->k, depth, count, to);
  }
}

/* The output positions from ... to-1 along a line whose input pixels for a tap lie in a line, too. */
struct run {
  int64_t from, to;
  const float *in;
};

/*
 * The run that holds position `at`, or the next one, for a tap; its end is its line's. Lines are rows
 * of pixels, or where a tap needs no column beyond the image, all the rows of an image.
 */
static int next_run(
    const struct gemm *g, int64_t dy, int64_t dx, int64_t at, int64_t end, struct run *run) {
  int64_t x0 = dx < 0 ? -dx : 0, x1 = g->wi - dx < g->wo ? g->wi - dx : g->wo;
  int64_t y0 = dy < 0 ? -dy : 0, y1 = g->hi - dy < g->ho ? g->hi - dy : g->ho;
  if (x0 >= x1 || y0 >= y1) {
    return 0;
  }
  int whole_rows = x0 == 0 && x1 == g->wo && g->wi == g->wo;
  while (at < end) {
    int64_t row = at / g->wo, image = row / g->ho, y = row % g->ho, x = at % g->wo;
    if (y >= y1) {
      at = ((image + 1) * g->ho + y0) * g->wo;
      continue;
    }
    if (y < y0) {
      at = (image * g->ho + y0) * g->wo;
      continue;
    }
    if (x >= x1) {
      at = (row + 1) * g->wo;
      continue;
    }
    x = x < x0 ? x0 : x;
    run->from = row * g->wo + x;
    run->to = whole_rows ? (image * g->ho + y1) * g->wo : row * g->wo + x1;
    run->to = run->to < end ? run->to : end;
    run->in = g->in + (((image * g->hi + y + dy) * g->wi) + x + dx) * g->depth;
    return run->from < end;
  }
  return 0;
}

/* One block of the kernel times all positions of a part, added to the sums [panel][position][PANEL]. */
static void add_products(
    const struct cut *c, int tap, int first_depth, int depth, int64_t from, int64_t to, int panels,
    const float *kernel, float *sums) {
  const struct gemm *g = c->gemm;
  int64_t dy = g->first_dy + g->step * (tap / g->columns);
  int64_t dx = g->first_dx + g->step * (tap % g->columns);
  struct run run;
  for (int64_t at = from; next_run(g, dy, dx, at, to, &run); at = run.to) {
    for (int64_t i = run.from; i < run.to;) {
      int rows = rows_of_block(run.to - i);
      struct product product = {
          .a = run.in + (i - run.from) * g->depth + first_depth,
          .a_row = (size_t)g->depth,
          .segments = 1,
          .depth = (size_t)depth,
          .sums_row = PANEL,
          .fetch = (const char *)kernel};
      for (int panel = 0; panel < panels; panel++) {
        product.b = kernel + (size_t)panel * depth * PANEL;
        product.sums = sums + ((size_t)panel * c->block + (i - from)) * PANEL;
        product_add[rows - 1](&product);
      }
      i += rows;
    }
  }
}

static void store_sums(
    const struct cut *c, int64_t from, int64_t to, int first, int count, const float *sums) {
  const struct gemm *g = c->gemm;
  for (int64_t i = from; i < to; i++) {
    for (int k = 0; k < count; k += LANES) {
      int lanes = count - k < LANES ? count - k : LANES;
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
  int panels = (count + PANEL - 1) / PANEL;
  int64_t from = part / c->chunks * c->block;
  int64_t to = c->positions - from < c->block ? c->positions : from + c->block;
  float *kernel = c->scratch + worker * c->worker_floats, *sums = kernel + c->kernel_floats;
  memset(sums, 0, (size_t)panels * c->block * PANEL * sizeof(float));
  for (int tap = 0; tap < g->rows * g->columns; tap++) {
    struct run run;
    if (!next_run(
            g, g->first_dy + g->step * (tap / g->columns),
            g->first_dx + g->step * (tap % g->columns), from, to, &run)) {
      continue;
    }
    for (int d = 0; d < g->depth; d += c->depth) {
      int depth = g->depth - d < c->depth ? g->depth - d : c->depth;
      take_kernel(c, tap, d, depth, first, count, kernel);
      add_products(c, tap, d, depth, from, to, panels, kernel, sums);
    }
  }
  store_sums(c, from, to, first, count, sums);
}

/* Up to so many positions the kernel's own bytes are what takes the time. */
#define FEW_POSITIONS 4
#define FEW_WIDTH 512
#define FEW_DEPTH 32
#define MANY_WIDTH 128
#define MANY_DEPTH 512
#define MANY_POSITIONS 512

enum graft_status ISA(gemm)(const struct gemm *gemm, int threads) {
  struct cut c = {.gemm = gemm, .positions = gemm->n * gemm->ho * gemm->wo};
  if (c.positions == 0 || gemm->k == 0) {
    return GRAFT_OK;
  }
  int count = pool_threads(threads);
  int few = c.positions <= FEW_POSITIONS;
  c.width = few ? FEW_WIDTH : MANY_WIDTH;
  c.depth = few ? FEW_DEPTH : MANY_DEPTH;
  if (c.depth > gemm->depth) {
    c.depth = gemm->depth < 1 ? 1 : gemm->depth;
  }
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
