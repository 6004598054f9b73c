#include "../reference.h"
#include "check.h"
#include "tests.h"

#include <stdlib.h>

#define GRADIENT_LIMIT 1e-5

static void filter(int64_t n, int64_t h, int64_t w, int c, int k) {
  struct graft_gemm_conv shape = {
      .n = n, .h = h, .w = w, .c = c, .k = k, .kh = 3, .kw = 3, .same = 1};
  size_t count = 9 * (size_t)c * (size_t)k;
  float *input = guarded((size_t)(n * h * w * c)), *gradient = guarded((size_t)(n * h * w * k));
  float *result = guarded_nan(count);
  double *expected = malloc(count * sizeof(double));
  check(graft_filter_grad(input, gradient, n, h, w, c, k, result, 2) == GRAFT_OK, "filter status");
  reference_conv_filter_grad(&shape, input, gradient, expected);
  double error = relative_error(result, expected, count);
  check(
      error <= GRADIENT_LIMIT, "kernel gradient of %dx%dx%dx%d to %d: error %.2g", (int)n, (int)h,
      (int)w, c, k, error);
  guarded_free(input);
  guarded_free(gradient);
  guarded_free(result);
  free(expected);
}

static void activation(int64_t n, int64_t h, int64_t w, int k, int relu, int pool) {
  size_t full = (size_t)(n * h * w * k);
  size_t outputs = pool ? (size_t)(n * ((h + 1) / 2) * ((w + 1) / 2) * k) : full;
  float *gradient = guarded(outputs), *output = guarded(outputs), *result = guarded_nan(full);
  float *bias = guarded_nan((size_t)k);
  uint8_t *which = malloc(outputs);
  for (size_t i = 0; i < outputs; i++) {
    /* As a pool gives it: the pixels of an odd edge have no neighbour to the right or below. */
    int64_t pixel = (int64_t)i / k, x = pixel % ((w + 1) / 2), y = pixel / ((w + 1) / 2) % ((h + 1) / 2);
    int right = pool && 2 * x + 1 < w && number(2), below = pool && 2 * y + 1 < h && number(2);
    which[i] = relu && number(5) == 0 ? 4 : (uint8_t)(2 * below + right);
  }
  double *expected = malloc(full * sizeof(double)), *expected_bias = malloc(sizeof(double) * (size_t)k);
  struct graft_activation_grad grad = {
      .gradient = gradient, .output = output, .which = pool ? which : NULL, .result = result,
      .bias = bias, .n = n, .h = h, .w = w, .k = k, .relu = relu};
  check(graft_activation_grad(&grad, 2) == GRAFT_OK, "activation status");
  reference_activation_grad(&grad, expected, expected_bias);
  double error = relative_error(result, expected, full);
  double bias_error = relative_error(bias, expected_bias, (size_t)k);
  check(error == 0, "activation %dx%dx%dx%d: error %.2g", (int)n, (int)h, (int)w, k, error);
  check(
      bias_error <= GRADIENT_LIMIT, "bias of %dx%dx%dx%d: error %.2g", (int)n, (int)h, (int)w, k,
      bias_error);
  guarded_free(gradient);
  guarded_free(output);
  guarded_free(result);
  guarded_free(bias);
  free(which);
  free(expected);
  free(expected_bias);
}

void test_gradients(void) {
  for (int i = 0; i < 200 * effort; i++) {
    seed((uint64_t)i + 4000);
    int64_t n = 1 + number(3), h = 1 + number(30), w = 1 + number(30);
    int c = 1 + (int)number(90), k = 1 + (int)number(90);
    filter(n, h, w, c, k);
    activation(n, h, w, k, i & 1, i >> 1 & 1);
  }
  if (effort >= 1) {
    /* Several chunks of tiles, and VGG's own channels. */
    filter(2, 112, 112, 64, 64);
    filter(1, 56, 56, 128, 256);
    filter(2, 28, 28, 512, 512);
    filter(2, 14, 14, 512, 512);
    activation(1, 224, 224, 64, 1, 1);
  }
}
