/*
 * The gradient of a kernel: for each tap the products of the input's and the gradient's channels,
 * summed over the pixels. Rows are input channels, panels are output channels, the depth is pixels.
 */

struct grad_cut {
  const struct gemm_grad *grad;
  const struct gemm *shape;
  int64_t positions;
  float *panels; /* the gradient: [panel][position][PANEL] */
  int slices;    /* parts of a tap, side by side */
  int width;     /* panels of a part */
};

/* Positions of a part of the packing. */
#define GRAD_POSITIONS 16

static void pack_gradient(void *context, int worker, int64_t part) {
  (void)worker;
  const struct grad_cut *c = context;
  int64_t first = part * GRAD_POSITIONS;
  int k_count = c->shape->k;
  for (int64_t i = first; i < c->positions && i < first + GRAD_POSITIONS; i++) {
    const float *from = c->shape->out + i * k_count;
    for (int k = 0; k < panels_in(k_count) * PANEL; k += LANES) {
      int lanes = lanes_at(k_count, k);
      float *to = c->panels + ((size_t)(k / PANEL) * c->positions + i) * PANEL + k % PANEL;
      v_store(to, lanes > 0 ? v_load_n(from + k, lanes) : v_zero());
    }
  }
}

/* A panel's rows to the result, past the caches where it lies right: it is large and read much later. */
static void store_rows(float *to, size_t row, int rows, int lanes, const float *sums) {
  int aligned = (uintptr_t)to % sizeof(vec) == 0 && row % LANES == 0 && lanes == PANEL;
  for (int r = 0; r < rows; r++) {
    vec first = v_load(sums + r * PANEL), second = v_load(sums + r * PANEL + LANES);
    if (aligned) {
      v_stream(to + r * row, first);
      v_stream(to + r * row + LANES, second);
    } else {
      v_store_n(to + r * row, first, lanes < LANES ? lanes : LANES);
      if (lanes > LANES) {
        v_store_n(to + r * row + LANES, second, lanes - LANES);
      }
    }
  }
}

static void grad_part(void *context, int worker, int64_t part) {
  (void)worker;
  const struct grad_cut *c = context;
  const struct gemm *g = c->shape;
  int tap = (int)(part / c->slices), slice = (int)(part % c->slices);
  int64_t dy = g->first_dy + tap / g->columns, dx = g->first_dx + tap % g->columns;
  int64_t x0 = dx < 0 ? -dx : 0, x1 = g->wi - dx < g->wo ? g->wi - dx : g->wo;
  int64_t y0 = dy < 0 ? -dy : 0, y1 = g->hi - dy < g->ho ? g->hi - dy : g->ho;
  int panels = panels_in(g->k);
  int last = (slice + 1) * c->width < panels ? (slice + 1) * c->width : panels;
  for (int channel = 0; channel < g->depth;) {
    int rows = rows_of_block(g->depth - channel);
    for (int panel = slice * c->width; panel < last; panel++) {
      float sums[ROWS * PANEL] __attribute__((aligned(64))) = {0};
      for (int64_t image = 0; x0 < x1 && y0 < y1 && image < g->n; image++) {
        int64_t position = (image * g->ho + y0) * g->wo + x0;
        struct product product = {
            .a = g->in + ((image * g->hi + y0 + dy) * g->wi + x0 + dx) * g->depth + channel,
            .a_row = 1,
            .a_segment = (size_t)(g->wi * g->depth),
            .a_depth = (size_t)g->depth,
            .b = c->panels + ((size_t)panel * c->positions + position) * PANEL,
            .b_segment = (size_t)g->wo * PANEL,
            .segments = (size_t)(y1 - y0),
            .depth = (size_t)(x1 - x0),
            .sums = sums,
            .sums_row = PANEL,
            .fetch = (const char *)sums,
            .fetch_rows = (const char *)sums};
        product_add_any[rows - 1](&product);
      }
      int lanes = g->k - panel * PANEL < PANEL ? g->k - panel * PANEL : PANEL;
      float *to = c->grad->result + ((size_t)tap * g->depth + channel) * g->k + panel * PANEL;
      store_rows(to, (size_t)g->k, rows, lanes, sums);
    }
    channel += rows;
  }
  _mm_sfence();
}

enum graft_status ISA(gemm_grad)(const struct gemm_grad *grad, int threads) {
  const struct gemm *g = &grad->shape;
  struct grad_cut c = {.grad = grad, .shape = g, .positions = g->n * g->ho * g->wo};
  int panels = panels_in(g->k), count = pool_threads(threads);
  c.panels = arena_take(((size_t)panels * c.positions * PANEL + 1) * sizeof(float));
  if (c.panels == NULL) {
    return GRAFT_NO_MEMORY;
  }
  pool_run(count, (c.positions + GRAD_POSITIONS - 1) / GRAD_POSITIONS, pack_gradient, &c);
  /* Enough parts for all threads, and no part's panels above half the second-level cache. */
  int taps = g->rows * g->columns;
  c.slices = (4 * count + taps - 1) / taps;
  int64_t panel_bytes = c.positions * PANEL * (int64_t)sizeof(float);
  int most = panel_bytes > (512 << 10) ? 1 : (int)((512 << 10) / (panel_bytes < 1 ? 1 : panel_bytes));
  c.width = (panels + c.slices - 1) / c.slices;
  c.width = c.width < 1 ? 1 : (c.width > most ? most : c.width);
  c.slices = (panels + c.width - 1) / c.width;
  pool_run(count, (int64_t)taps * c.slices, grad_part, &c);
  arena_give(c.panels);
  return GRAFT_OK;
}
