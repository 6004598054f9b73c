/* Inside of the gradients of 3x3 layers. */
#ifndef GRAFT_GRADS_H
#define GRAFT_GRADS_H

#include "kernels.h"

struct filter_grad {
  const float *input, *gradient;
  int64_t n, h, w;
  int c, k;
  float *result; /* [3][3][c][k] */
};

enum graft_status filter_grad_avx2(const struct filter_grad *grad, int threads);
enum graft_status filter_grad_avx512(const struct filter_grad *grad, int threads);

enum graft_status activation_grad_avx2(const struct graft_activation_grad *grad, int threads);
enum graft_status activation_grad_avx512(const struct graft_activation_grad *grad, int threads);

#endif
