/* Gradients of 3x3 layers: the way to the instruction set's own code. */
#include "grads.h"

#include "isa.h"

#include <string.h>

enum graft_status graft_filter_grad(
    const float *input, const float *gradient, int64_t n, int64_t h, int64_t w, int c, int k,
    float *result, int threads) {
  struct filter_grad grad = {
      .input = input, .gradient = gradient, .n = n, .h = h, .w = w, .c = c, .k = k, .result = result};
  if (n == 0 || h == 0 || w == 0) {
    memset(result, 0, 9 * (size_t)c * (size_t)k * sizeof(float));
    return GRAFT_OK;
  }
  switch (graft_isa()) {
    case GRAFT_ISA_AVX512:
      return filter_grad_avx512(&grad, threads);
    case GRAFT_ISA_AVX2:
      return filter_grad_avx2(&grad, threads);
    default:
      return GRAFT_NO_PROCESSOR;
  }
}

enum graft_status graft_activation_grad(const struct graft_activation_grad *grad, int threads) {
  if (grad->n == 0 || grad->h == 0 || grad->w == 0) {
    if (grad->bias != NULL) {
      memset(grad->bias, 0, (size_t)grad->k * sizeof(float));
    }
    return GRAFT_OK;
  }
  switch (graft_isa()) {
    case GRAFT_ISA_AVX512:
      return activation_grad_avx512(grad, threads);
    case GRAFT_ISA_AVX2:
      return activation_grad_avx2(grad, threads);
    default:
      return GRAFT_NO_PROCESSOR;
  }
}
