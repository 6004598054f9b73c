/*
 * kernels.h by means of reference.h: a library that is slow and right, for tests of everything
 * around the kernels. Only in the library of build.sh --reference.
 */
#include "reference.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER = 16, MAGIC = 0x52464752 };

enum graft_isa graft_isa(void) {
  const char *wanted = getenv("GRAFT_KERNELS_ISA");
  return wanted != NULL && strcmp(wanted, "none") == 0 ? GRAFT_ISA_NONE : GRAFT_ISA_AVX2;
}

size_t graft_scratch_bytes(void) { return 0; }

size_t graft_packed_floats(int c, int k) { return HEADER + (size_t)9 * (size_t)c * (size_t)k; }

/* The header of a packed kernel; the kernel itself follows after HEADER floats. */
static void header(int c, int k, float *packed) {
  int32_t words[HEADER] = {MAGIC, GRAFT_KERNEL_VERSION, c, k};
  memcpy(packed, words, sizeof words);
}

enum graft_status graft_pack(
    const float *kernel, int c, int k, int flip, float *packed, int threads) {
  (void)threads;
  header(flip ? k : c, flip ? c : k, packed);
  float *to = packed + HEADER;
  if (!flip) {
    memcpy(to, kernel, (size_t)9 * (size_t)c * (size_t)k * sizeof(float));
    return GRAFT_OK;
  }
  for (int64_t at = 0; at < 9; at++) {
    for (int64_t i = 0; i < c; i++) {
      for (int64_t j = 0; j < k; j++) {
        to[((8 - at) * k + j) * c + i] = kernel[(at * c + i) * k + j];
      }
    }
  }
  return GRAFT_OK;
}

static double *doubles(int64_t count) { return malloc((size_t)count * sizeof(double) + 1); }

/* Rounds to float and frees the doubles. */
static enum graft_status rounded(double *from, int64_t count, float *to) {
  for (int64_t i = 0; i < count; i++) {
    to[i] = (float)from[i];
  }
  free(from);
  return GRAFT_OK;
}

enum graft_status graft_conv3x3(const struct graft_conv3x3 *conv, int threads) {
  (void)threads;
  float expected[HEADER];
  header(conv->c, conv->k, expected);
  if (conv->packed_floats != graft_packed_floats(conv->c, conv->k)
      || memcmp(conv->packed, expected, sizeof expected) != 0) {
    return GRAFT_BAD_KERNEL;
  }
  int64_t count = conv->n * conv->k
      * (conv->pool ? (conv->h + 1) / 2 * ((conv->w + 1) / 2) : conv->h * conv->w);
  double *output = doubles(count);
  if (output == NULL) {
    return GRAFT_NO_MEMORY;
  }
  enum graft_status status = reference_conv3x3(conv, conv->packed + HEADER, output, conv->which);
  rounded(output, count, conv->output);
  return status;
}

enum graft_status graft_activation_grad(const struct graft_activation_grad *grad, int threads) {
  (void)threads;
  int64_t count = grad->n * grad->h * grad->w * grad->k;
  double *result = doubles(count);
  double *bias = doubles(grad->k);
  if (result == NULL || bias == NULL) {
    free(result);
    free(bias);
    return GRAFT_NO_MEMORY;
  }
  reference_activation_grad(grad, result, bias);
  rounded(result, count, grad->result);
  return rounded(bias, grad->bias != NULL ? grad->k : 0, grad->bias);
}

enum graft_status graft_filter_grad(
    const float *input,
    const float *gradient,
    int64_t n,
    int64_t h,
    int64_t w,
    int c,
    int k,
    float *result,
    int threads) {
  struct graft_gemm_conv shape = {
      .n = n, .h = h, .w = w, .c = c, .k = k, .kh = 3, .kw = 3, .same = 1};
  return graft_gemm_conv_filter_grad(&shape, input, gradient, result, threads);
}

enum graft_status graft_gemm_conv(
    const struct graft_gemm_conv *shape,
    const float *input,
    const void *kernel,
    enum graft_number number,
    const float *bias,
    int relu,
    float *output,
    int threads) {
  (void)threads;
  int64_t count = shape->n * reference_output_h(shape) * reference_output_w(shape) * shape->k;
  int64_t weights = (int64_t)shape->kh * shape->kw * shape->c * shape->k;
  double *sums = doubles(count);
  float *widened = malloc((size_t)weights * sizeof(float) + 1);
  if (sums == NULL || widened == NULL) {
    free(sums);
    free(widened);
    return GRAFT_NO_MEMORY;
  }
  for (int64_t i = 0; i < weights; i++) {
    uint32_t bits;
    if (number == GRAFT_BFLOAT16) {
      bits = (uint32_t)((const uint16_t *)kernel)[i] << 16;
      memcpy(&widened[i], &bits, sizeof bits);
    } else {
      widened[i] = ((const float *)kernel)[i];
    }
  }
  reference_conv(shape, input, widened, bias, relu, sums);
  free(widened);
  return rounded(sums, count, output);
}

enum graft_status graft_gemm_conv_input_grad(
    const struct graft_gemm_conv *shape,
    const float *kernel,
    const float *gradient,
    float *result,
    int threads) {
  (void)threads;
  int64_t count = shape->n * shape->h * shape->w * shape->c;
  double *sums = doubles(count);
  if (sums == NULL) {
    return GRAFT_NO_MEMORY;
  }
  reference_conv_input_grad(shape, kernel, gradient, sums);
  return rounded(sums, count, result);
}

enum graft_status graft_gemm_conv_filter_grad(
    const struct graft_gemm_conv *shape,
    const float *input,
    const float *gradient,
    float *result,
    int threads) {
  (void)threads;
  int64_t count = (int64_t)shape->kh * shape->kw * shape->c * shape->k;
  double *sums = doubles(count);
  if (sums == NULL) {
    return GRAFT_NO_MEMORY;
  }
  reference_conv_filter_grad(shape, input, gradient, sums);
  return rounded(sums, count, result);
}
