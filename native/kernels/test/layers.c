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

void test_layers(void) {
  odd_shapes();
  vgg_layers();
}
