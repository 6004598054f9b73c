/* Back through pool and ReLU to the convolution's sums, and the bias's gradient on the way. */
#include "grads.h"

struct activation_plan {
  const struct graft_activation_grad *grad;
  int64_t strips, rows; /* of an image; rows of a strip: an even number */
  float *sums;          /* [part][k], or NULL */
};

/* A row of the result without a pool: [w] pixels, one vector of channels. */
INLINE vec plain_row(const struct graft_activation_grad *g, int64_t row, int k, int lanes, vec sum) {
  for (int64_t x = 0; x < g->w; x++) {
    int64_t at = (row * g->w + x) * g->k + k;
    vec value = v_load_n(g->gradient + at, lanes);
    if (g->relu) {
      value = v_if_positive(v_load_n(g->output + at, lanes), value);
    }
    v_store_n(g->result + at, value, lanes);
    sum = v_add(sum, value);
  }
  return sum;
}

/* Two rows of the result from one row of pools. */
INLINE vec pooled_rows(
    const struct graft_activation_grad *g, int64_t image, int64_t y, int k, int lanes, vec sum) {
  int64_t rows = (g->h + 1) / 2, columns = (g->w + 1) / 2;
  for (int64_t x = 0; x < columns; x++) {
    int64_t from = ((image * rows + y / 2) * columns + x) * g->k + k;
    vec value = v_load_n(g->gradient + from, lanes);
    ivec which = i_load_bytes(g->which + from, lanes);
    for (int i = 0; i < 2 && y + i < g->h; i++) {
      for (int j = 0; j < 2 && 2 * x + j < g->w; j++) {
        vec mine = v_if_equal(which, i_all(2 * i + j), value);
        v_store_n(
            g->result + ((image * g->h + y + i) * g->w + 2 * x + j) * g->k + k, mine, lanes);
        sum = v_add(sum, mine);
      }
    }
  }
  return sum;
}

static void activation_part(void *context, int worker, int64_t part) {
  (void)worker;
  const struct activation_plan *p = context;
  const struct graft_activation_grad *g = p->grad;
  int64_t image = part / p->strips, first = part % p->strips * p->rows;
  int64_t last = first + p->rows < g->h ? first + p->rows : g->h;
  for (int64_t y = first; y < last; y += g->which == NULL ? 1 : 2) {
    for (int k = 0; k < g->k; k += LANES) {
      int lanes = lanes_at(g->k, k);
      vec sum = p->sums == NULL || y == first ? v_zero() : v_load_n(p->sums + part * g->k + k, lanes);
      sum = g->which == NULL ? plain_row(g, image * g->h + y, k, lanes, sum)
                             : pooled_rows(g, image, y, k, lanes, sum);
      if (p->sums != NULL) {
        v_store_n(p->sums + part * g->k + k, sum, lanes);
      }
    }
  }
}

enum graft_status ISA(activation_grad)(const struct graft_activation_grad *grad, int threads) {
  struct activation_plan p = {.grad = grad};
  /* The strips are those of the image, not of the threads: the bias's sum has one order. */
  p.rows = grad->h <= 64 ? 2 : (grad->h + 63) / 64 * 2;
  p.strips = (grad->h + p.rows - 1) / p.rows;
  int64_t parts = grad->n * p.strips;
  if (grad->bias != NULL) {
    p.sums = arena_take((size_t)parts * grad->k * sizeof(float));
    if (p.sums == NULL) {
      return GRAFT_NO_MEMORY;
    }
  }
  pool_run(threads, parts, activation_part, &p);
  if (grad->bias != NULL) {
    for (int k = 0; k < grad->k; k++) {
      double sum = 0;
      for (int64_t part = 0; part < parts; part++) {
        sum += p.sums[part * grad->k + k];
      }
      grad->bias[k] = (float)sum;
    }
    arena_give(p.sums);
  }
  return GRAFT_OK;
}
