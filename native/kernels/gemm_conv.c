/* Convolutions as matrix products: from their shapes to the general form of gemm_conv.h. */
#include "gemm_conv.h"

#include "isa.h"

#include <string.h>

/* Of the output, before a tap's own row and column; TensorFlow puts the odd zero behind. */
static int before(int same, int size) { return same ? (size - 1) / 2 : 0; }

static int64_t output_size(const struct graft_gemm_conv *shape, int64_t size, int kernel) {
  return shape->same ? size : size - kernel + 1;
}

/* A forward pass; a 1x1 kernel and a kernel of the image's own size are plain products of matrices. */
static struct gemm forward(
    const struct graft_gemm_conv *shape, const float *input, const void *kernel) {
  struct gemm gemm = {
      .in = input,
      .kernel = kernel,
      .n = shape->n,
      .hi = shape->h,
      .wi = shape->w,
      .ho = output_size(shape, shape->h, shape->kh),
      .wo = output_size(shape, shape->w, shape->kw),
      .depth = shape->c,
      .k = shape->k,
      .rows = shape->kh,
      .columns = shape->kw,
      .first_dy = -before(shape->same, shape->kh),
      .first_dx = -before(shape->same, shape->kw),
      .step = 1};
  int64_t matrix_depth = 0, matrix_rows = shape->n;
  if (shape->kh == 1 && shape->kw == 1) {
    matrix_depth = shape->c;
    matrix_rows = shape->n * shape->h * shape->w;
  } else if (gemm.ho == 1 && gemm.wo == 1 && !shape->same) {
    matrix_depth = (int64_t)shape->kh * shape->kw * shape->c;
  }
  if (matrix_depth > 0 && matrix_depth <= INT32_MAX) {
    gemm.n = gemm.hi = gemm.ho = 1;
    gemm.wi = gemm.wo = matrix_rows;
    gemm.depth = (int)matrix_depth;
    gemm.rows = gemm.columns = 1;
    gemm.first_dy = gemm.first_dx = 0;
  }
  return gemm;
}

static enum graft_status run(const struct gemm *gemm, int threads) {
  switch (graft_isa()) {
    case GRAFT_ISA_AVX512:
      return gemm_avx512(gemm, threads);
    case GRAFT_ISA_AVX2:
      return gemm_avx2(gemm, threads);
    default:
      return GRAFT_NO_PROCESSOR;
  }
}

enum graft_status graft_gemm_conv(
    const struct graft_gemm_conv *shape, const float *input, const void *kernel,
    enum graft_number number, const float *bias, int relu, float *output, int threads) {
  struct gemm gemm = forward(shape, input, kernel);
  gemm.number = number;
  gemm.bias = bias;
  gemm.relu = relu;
  gemm.out = output;
  return run(&gemm, threads);
}

enum graft_status graft_gemm_conv_input_grad(
    const struct graft_gemm_conv *shape, const float *kernel, const float *gradient, float *result,
    int threads) {
  struct gemm gemm = forward(shape, NULL, kernel);
  if (gemm.rows == 1 && gemm.columns == 1) {
    /* A plain product: by the transposed matrix. */
    int depth = gemm.depth;
    gemm.depth = gemm.k;
    gemm.k = depth;
  } else {
    int64_t h = gemm.hi, w = gemm.wi;
    gemm.hi = gemm.ho;
    gemm.wi = gemm.wo;
    gemm.ho = h;
    gemm.wo = w;
    gemm.depth = shape->k;
    gemm.k = shape->c;
    gemm.first_dy = -gemm.first_dy;
    gemm.first_dx = -gemm.first_dx;
    gemm.step = -1;
  }
  gemm.in = gradient;
  gemm.transposed = 1;
  gemm.out = result;
  return run(&gemm, threads);
}

enum graft_status graft_gemm_conv_filter_grad(
    const struct graft_gemm_conv *shape, const float *input, const float *gradient, float *result,
    int threads) {
  struct gemm_grad grad = {.shape = forward(shape, input, NULL), .result = result};
  grad.shape.out = (float *)gradient; /* read only */
  switch (graft_isa()) {
    case GRAFT_ISA_AVX512:
      return gemm_grad_avx512(&grad, threads);
    case GRAFT_ISA_AVX2:
      return gemm_grad_avx2(&grad, threads);
    default:
      return GRAFT_NO_PROCESSOR;
  }
}
