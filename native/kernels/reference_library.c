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

static int is_packed(const float *packed, size_t floats, int c, int k) {
  float expected[HEADER];
  header(c, k, expected);
  return floats == graft_packed_floats(c, k) && memcmp(packed, expected, sizeof expected) == 0;
}

static enum graft_status one_layer(const struct graft_conv3x3 *conv) {
  if (!is_packed(conv->packed, conv->packed_floats, conv->c, conv->k)) {
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

int graft_takes_before(int c, int channels) {
  return c >= 1 && c <= 8 && (channels == 32 || channels == 64);
}

enum graft_status graft_conv3x3(const struct graft_conv3x3 *conv, int threads) {
  (void)threads;
  const struct graft_layer_before *before = conv->before;
  if (before == NULL) {
    return one_layer(conv);
  }
  if (!graft_takes_before(before->c, conv->c)) {
    return GRAFT_BAD_KERNEL;
  }
  struct graft_conv3x3 first = {
      .input = conv->input,
      .packed = before->packed,
      .packed_floats = before->packed_floats,
      .bias = before->bias,
      .n = conv->n,
      .h = conv->h,
      .w = conv->w,
      .c = before->c,
      .k = conv->c,
      .relu = before->relu};
  size_t count = (size_t)(conv->n * conv->h * conv->w) * (size_t)conv->c;
  first.output = malloc(count * sizeof(float) + 1);
  if (first.output == NULL) {
    return GRAFT_NO_MEMORY;
  }
  struct graft_conv3x3 second = *conv;
  second.before = NULL;
  second.input = first.output;
  enum graft_status status = one_layer(&first);
  if (status == GRAFT_OK) {
    status = one_layer(&second);
  }
  free(first.output);
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
