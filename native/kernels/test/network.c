/* All of VGG16's convolutions and pools one after the other, 224x224, against sums in double. */
#include "../reference.h"
#include "check.h"
#include "tests.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define NETWORK_LIMIT 5e-6

static const int layers[13][3] = {/* input and output channels, pool */
                                  {3, 64, 0},    {64, 64, 1},   {64, 128, 0},  {128, 128, 1}, {128, 256, 0},
                                  {256, 256, 0}, {256, 256, 1}, {256, 512, 0}, {512, 512, 0}, {512, 512, 1},
                                  {512, 512, 0}, {512, 512, 0}, {512, 512, 1}};

/* Uniform numbers that keep the size of what goes through (He et al., arXiv:1502.01852). */
static float *kernel_of(int c, int k) {
  size_t count = 9 * (size_t)c * (size_t)k;
  float *kernel = malloc(count * sizeof(float)), scale = sqrtf(6.0f / (9.0f * (float)c));
  for (size_t i = 0; i < count; i++) {
    kernel[i] = real() * scale;
  }
  return kernel;
}

/* The same layer of both; the reference's result is rounded once, to go into its next layer. */
static void layer(
    const int *shape, int64_t size, float **found, float **expected, double **precise) {
  int c = shape[0], k = shape[1];
  int64_t after = shape[2] ? (size + 1) / 2 : size;
  size_t outputs = (size_t)(after * after * k);
  struct graft_conv3x3 conv = {
      .n = 1, .h = size, .w = size, .c = c, .k = k, .relu = 1, .pool = shape[2],
      .packed_floats = graft_packed_floats(c, k)};
  float *kernel = kernel_of(c, k), *bias = malloc((size_t)k * sizeof(float));
  float *packed = malloc(conv.packed_floats * sizeof(float));
  float *output = malloc(outputs * sizeof(float)), *rounded = malloc(outputs * sizeof(float));
  for (int i = 0; i < k; i++) {
    bias[i] = real() * 0.1f;
  }
  graft_pack(kernel, c, k, 0, packed, 0);
  conv.packed = packed;
  conv.bias = bias;
  conv.input = *found;
  conv.output = output;
  check(graft_conv3x3(&conv, 0) == GRAFT_OK, "a layer of the network");
  free(*precise);
  *precise = malloc(outputs * sizeof(double));
  conv.input = *expected;
  reference_conv3x3(&conv, kernel, *precise, NULL);
  for (size_t i = 0; i < outputs; i++) {
    rounded[i] = (float)(*precise)[i];
  }
  free(kernel);
  free(bias);
  free(packed);
  free(*found);
  free(*expected);
  *found = output;
  *expected = rounded;
}

void test_network(void) {
  if (effort < 1) {
    return; /* the reference takes twenty seconds */
  }
  seed(6000);
  int64_t size = 224;
  size_t count = (size_t)(size * size * 3);
  float *found = malloc(count * sizeof(float)), *expected = malloc(count * sizeof(float));
  double *precise = NULL;
  for (size_t i = 0; i < count; i++) {
    found[i] = expected[i] = real() * 100;
  }
  for (int i = 0; i < 13; i++) {
    layer(layers[i], size, &found, &expected, &precise);
    size = layers[i][2] ? (size + 1) / 2 : size;
  }
  double error = relative_error(found, precise, (size_t)(size * size * 512));
  check(error <= NETWORK_LIMIT, "VGG16's convolutions: error %.2g", error);
  printf("VGG16's convolutions and pools: relative L2 error %.2g\n", error);
  free(found);
  free(expected);
  free(precise);
}
