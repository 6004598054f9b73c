#include "../conv3x3.h"
#include "../reference.h"
#include "check.h"
#include "tests.h"

#include <stdlib.h>
#include <string.h>

#define LAYER_LIMIT 4e-6

/* The kernel [3][3][c][k] turned by 180 degrees, its channels in each other's place. */
static float *flipped(const float *kernel, int c, int k) {
  float *result = malloc(9 * (size_t)c * (size_t)k * sizeof(float));
  for (int tap = 0; tap < 9; tap++) {
    for (int i = 0; i < c; i++) {
      for (int j = 0; j < k; j++) {
        result[((size_t)(8 - tap) * k + j) * c + i] = kernel[((size_t)tap * c + i) * k + j];
      }
    }
  }
  return result;
}

static double layer(int64_t n, int64_t h, int64_t w, int c, int k, int relu, int pool, int flip) {
  struct graft_conv3x3 conv = {
      .n = n, .h = h, .w = w, .c = c, .k = k, .relu = relu, .pool = pool,
      .packed_floats = graft_packed_floats(c, k)};
  size_t outputs = (size_t)(pool ? n * ((h + 1) / 2) * ((w + 1) / 2) : n * h * w) * (size_t)k;
  float *input = guarded((size_t)(n * h * w * c)), *bias = guarded((size_t)k);
  float *kernel = guarded(9 * (size_t)c * (size_t)k), *packed = guarded_nan(conv.packed_floats);
  float *output = guarded_nan(outputs);
  uint8_t *which = malloc(outputs), *expected_which = malloc(outputs);
  double *expected = malloc(outputs * sizeof(double));
  if (flip) {
    float *turned = flipped(kernel, c, k);
    graft_pack(turned, k, c, 1, packed, 2);
    free(turned);
  } else {
    graft_pack(kernel, c, k, 0, packed, 2);
  }
  conv.input = input;
  conv.packed = packed;
  conv.bias = number(4) == 0 ? NULL : bias;
  conv.output = output;
  conv.which = pool ? which : NULL;
  check(graft_conv3x3(&conv, 2) == GRAFT_OK, "a layer's status");
  reference_conv3x3(&conv, kernel, expected, expected_which);
  double error = relative_error(output, expected, outputs);
  size_t differ = 0;
  for (size_t i = 0; pool && i < outputs; i++) {
    differ += which[i] != expected_which[i];
  }
  /* Pixels that are equal but for rounding may change places. */
  check(differ <= outputs / 1000 + 1, "%zu of %zu pixels of a pool", differ, outputs);
  guarded_free(input);
  guarded_free(bias);
  guarded_free(kernel);
  guarded_free(packed);
  guarded_free(output);
  free(which);
  free(expected_which);
  free(expected);
  return error;
}

static void odd_shapes(void) {
  static const int64_t primes[] = {1, 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
  for (int i = 0; i < 400 * effort; i++) {
    seed((uint64_t)i);
    int64_t n = 1 + number(i % 20 == 0 ? 9 : 3), h = primes[number(13)], w = primes[number(13)];
    int c = i % 4 == 0 ? 1 + (int)number(9) : 1 + (int)number(90), k = 1 + (int)number(90);
    double error = layer(n, h, w, c, k, i & 1, i >> 1 & 1, i >> 2 & 1);
    check(
        error <= LAYER_LIMIT, "%dx%dx%dx%d to %d: error %.2g", (int)n, (int)h, (int)w, c, k, error);
  }
}

/* VGG's own channels; the images smaller where the reference would take minutes. */
static void vgg_layers(void) {
  static const int layers[][3] = {{3, 64, 56},   {64, 64, 56},   {64, 128, 56},  {128, 128, 40},
                                  {128, 256, 28}, {256, 256, 28}, {256, 512, 28}, {512, 512, 28},
                                  {512, 512, 14}};
  for (int i = 0; i < 9; i++) {
    if (effort < 1 && layers[i][0] > 64) {
      break;
    }
    seed((uint64_t)i + 1000);
    double error = layer(1, layers[i][2], layers[i][2], layers[i][0], layers[i][1], 1, i & 1, 0);
    check(error <= LAYER_LIMIT, "%d to %d: error %.2g", layers[i][0], layers[i][1], error);
  }
}

/* With the layer before in one pass: the same bits as one after the other. */
static void two_layers(int64_t n, int64_t h, int64_t w, int c, int middle, int k, int pool) {
  struct graft_layer_before before = {
      .c = c, .relu = (int)number(2), .packed_floats = graft_packed_floats(c, middle)};
  struct graft_conv3x3 first = {
      .n = n, .h = h, .w = w, .c = c, .k = middle, .relu = before.relu,
      .packed_floats = before.packed_floats};
  struct graft_conv3x3 second = {
      .n = n, .h = h, .w = w, .c = middle, .k = k, .relu = (int)number(2), .pool = pool,
      .packed_floats = graft_packed_floats(middle, k)};
  size_t outputs = (size_t)(pool ? n * ((h + 1) / 2) * ((w + 1) / 2) : n * h * w) * (size_t)k;
  float *input = guarded((size_t)(n * h * w * c)), *between = guarded_nan((size_t)(n * h * w * middle));
  float *kernel = guarded(9 * (size_t)middle * (size_t)(k > c ? k : c));
  float *packed_before = guarded_nan(before.packed_floats);
  float *packed = guarded_nan(second.packed_floats);
  float *bias = guarded((size_t)middle), *bias_2 = guarded((size_t)k);
  float *expected = guarded_nan(outputs), *output = guarded_nan(outputs);
  uint8_t *which = malloc(2 * outputs + 1);
  graft_pack(kernel, c, middle, 0, packed_before, 2);
  graft_pack(kernel, middle, k, 0, packed, 2);
  first.input = input;
  first.packed = before.packed = packed_before;
  first.bias = before.bias = number(4) == 0 ? NULL : bias;
  first.output = between;
  second.input = between;
  second.packed = packed;
  second.bias = bias_2;
  second.output = expected;
  second.which = pool == 1 && number(2) ? which : NULL;
  check(graft_conv3x3(&first, 2) == GRAFT_OK, "the first of two layers");
  check(graft_conv3x3(&second, 2) == GRAFT_OK, "the second of two layers");
  int recorded = second.which != NULL;
  second.input = input;
  second.before = &before;
  second.output = output;
  second.which = recorded ? which + outputs : NULL;
  for (int threads = 1; threads <= 3; threads += 2) {
    memset(output, 0xff, outputs * sizeof(float));
    check(graft_conv3x3(&second, threads) == GRAFT_OK, "two layers in one pass");
    check(
        memcmp(output, expected, outputs * sizeof(float)) == 0 &&
            (!recorded || memcmp(which, which + outputs, outputs) == 0),
        "%dx%dx%dx%d by %d to %d, %d threads: not the same in one pass", (int)n, (int)h, (int)w, c,
        middle, k, threads);
  }
  guarded_free(input);
  guarded_free(between);
  guarded_free(kernel);
  guarded_free(packed_before);
  guarded_free(packed);
  guarded_free(bias);
  guarded_free(bias_2);
  guarded_free(expected);
  guarded_free(output);
  free(which);
}

static void layers_in_one_pass(void) {
  for (int i = 0; i < 150 * effort; i++) {
    seed((uint64_t)i + 2000);
    two_layers(
        1 + number(3), 1 + number(45), 1 + number(i % 10 == 0 ? 300 : 45), 1 + (int)number(8),
        i & 1 ? 64 : 32, 1 + (int)number(i % 15 == 0 ? 300 : 90), i >> 1 & 1);
  }
  check(!graft_takes_before(3, 48) && !graft_takes_before(9, 64), "layers that are not taken");
  check(!graft_takes_before(0, 64) && !graft_takes_before(3, 128), "layers that are not taken");
}

void test_layers(void) {
  layers_in_one_pass();
  odd_shapes();
  vgg_layers();
}
