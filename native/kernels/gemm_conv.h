/* Inside of the convolutions that are computed as matrix products. */
#ifndef GRAFT_GEMM_CONV_H
#define GRAFT_GEMM_CONV_H

#include "kernels.h"

/*
 * out[n][ho][wo][k] = sum over taps of in[n][y + dy][x + dx][depth] * kernel[tap], where the input is
 * there; then bias and ReLU.
 */
struct gemm {
  const float *in;
  const void *kernel; /* [taps][depth][k], or with transposed (and floats) [taps][k][depth] */
  enum graft_number number; /* the kernel's */
  const float *bias;   /* or NULL */
  float *out;
  int64_t n, hi, wi, ho, wo;
  int depth, k;
  int rows, columns;        /* of taps */
  int first_dy, first_dx;   /* of tap 0 */
  int step;                 /* 1 or -1: what is added to dy and dx from tap to tap */
  int transposed, relu;
};

/* The gradient of the kernel [taps][depth][k]: of in, and of the gradient [n][ho][wo][k] in `out`. */
struct gemm_grad {
  struct gemm shape;
  float *result;
};

enum graft_status gemm_avx2(const struct gemm *gemm, int threads);
enum graft_status gemm_avx512(const struct gemm *gemm, int threads);
enum graft_status gemm_grad_avx2(const struct gemm_grad *grad, int threads);
enum graft_status gemm_grad_avx512(const struct gemm_grad *grad, int threads);

#endif
