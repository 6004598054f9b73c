#include "../reference.h"
#include "check.h"
#include "tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct sizes {
  size_t input, kernel, output;
};

static struct sizes sizes_of(const struct graft_gemm_conv *s) {
  return (struct sizes){
      .input = (size_t)(s->n * s->h * s->w * s->c),
      .kernel = (size_t)(s->kh * s->kw) * (size_t)s->c * (size_t)s->k,
      .output = (size_t)(s->n * reference_output_h(s) * reference_output_w(s) * s->k)};
}

static void compare(
    const char *what, const struct graft_gemm_conv *s, const float *found, const double *expected,
    size_t count, double limit) {
  double error = relative_error(found, expected, count);
  check(
      error <= limit, "%s of %dx%dx%dx%d by %dx%d to %d %s: error %.2g", what, (int)s->n, (int)s->h,
      (int)s->w, s->c, s->kh, s->kw, s->k, s->same ? "SAME" : "VALID", error);
}

/* Numbers that bfloat16 can hold give the same sums as floats. */
static void bfloat16_product(
    const struct graft_gemm_conv *s, const float *input, float *kernel, const float *bias,
    double *expected, float *output, size_t outputs) {
  size_t count = sizes_of(s).kernel;
  uint16_t *halves = (uint16_t *)guarded((count + 1) / 2);
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, &kernel[i], sizeof bits);
    halves[i] = (uint16_t)(bits >> 16);
    bits &= 0xffff0000u;
    memcpy(&kernel[i], &bits, sizeof bits);
  }
  check(
      graft_gemm_conv(s, input, halves, GRAFT_BFLOAT16, bias, 0, output, 2) == GRAFT_OK,
      "bfloat16's status");
  reference_conv(s, input, kernel, bias, 0, expected);
  compare("bfloat16", s, output, expected, outputs, 4e-6);
  guarded_free(halves);
}

static void shape(const struct graft_gemm_conv *s) {
  struct sizes size = sizes_of(s);
  size_t largest = size.input > size.kernel ? size.input : size.kernel;
  double *expected = malloc((largest > size.output ? largest : size.output) * sizeof(double));
  float *input = guarded(size.input), *kernel = guarded(size.kernel), *bias = guarded((size_t)s->k);
  float *output = guarded_nan(size.output), *gradient = guarded(size.output);
  float *input_gradient = guarded_nan(size.input), *kernel_gradient = guarded_nan(size.kernel);
  int relu = (int)number(2);
  check(graft_gemm_conv(s, input, kernel, GRAFT_FLOAT, bias, relu, output, 2) == GRAFT_OK, "product's status");
  reference_conv(s, input, kernel, bias, relu, expected);
  compare("product", s, output, expected, size.output, 4e-6);
  bfloat16_product(s, input, kernel, bias, expected, output, size.output);
  check(
      graft_gemm_conv_input_grad(s, kernel, gradient, input_gradient, 2) == GRAFT_OK,
      "input gradient's status");
  reference_conv_input_grad(s, kernel, gradient, expected);
  compare("input gradient", s, input_gradient, expected, size.input, 1e-5);
  check(
      graft_gemm_conv_filter_grad(s, input, gradient, kernel_gradient, 2) == GRAFT_OK,
      "kernel gradient's status");
  reference_conv_filter_grad(s, input, gradient, expected);
  compare("kernel gradient", s, kernel_gradient, expected, size.kernel, 1e-5);
  guarded_free(input);
  guarded_free(kernel);
  guarded_free(bias);
  guarded_free(output);
  guarded_free(gradient);
  guarded_free(input_gradient);
  guarded_free(kernel_gradient);
  free(expected);
}

void test_gemm(void) {
  for (int i = 0; i < 300 * effort; i++) {
    seed((uint64_t)i + 2000);
    struct graft_gemm_conv s = {
        .n = 1 + number(3), .kh = 1 + (int)number(7), .kw = 1 + (int)number(7),
        .c = 1 + (int)number(60), .k = 1 + (int)number(150), .same = (int)number(2)};
    if (i % 5 == 0) {
      s.kh = s.kw = 1;
    }
    s.h = (s.same ? 1 : s.kh) + number(12);
    s.w = (s.same ? 1 : s.kw) + number(20);
    if (i % 7 == 0) {
      s.h = s.kh;
      s.w = s.kw;
    }
    shape(&s);
  }
  /* Larger than a block in every direction. */
  struct graft_gemm_conv deep = {.n = 1, .h = 3, .w = 1, .c = 1100, .k = 530, .kh = 1, .kw = 1};
  struct graft_gemm_conv wide = {.n = 2, .h = 29, .w = 31, .c = 20, .k = 21, .kh = 3, .kw = 2, .same = 1};
  seed(3000);
  shape(&deep);
  shape(&wide);
}
