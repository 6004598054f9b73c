#include "reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A 3x3 convolution with SAME padding. */
static struct graft_gemm_conv shape_3x3(int64_t n, int64_t h, int64_t w, int c, int k) {
  struct graft_gemm_conv shape = {
      .n = n, .h = h, .w = w, .c = c, .k = k, .kh = 3, .kw = 3, .same = 1};
  return shape;
}

int64_t reference_output_h(const struct graft_gemm_conv *shape) {
  return shape->same ? shape->h : shape->h - shape->kh + 1;
}

int64_t reference_output_w(const struct graft_gemm_conv *shape) {
  return shape->same ? shape->w : shape->w - shape->kw + 1;
}

/* One pair of an input pixel and an output pixel, and the kernel position that joins them. */
struct tap {
  int64_t input;  /* pixel index in [n][h][w] */
  int64_t output; /* pixel index in [n][oh][ow] */
  int64_t kernel; /* index in [kh][kw] */
};

typedef void tap_fn(const struct graft_gemm_conv *shape, const struct tap *tap, const void *arrays);

/* Calls fn for every tap, outputs outermost. */
static void each_tap(const struct graft_gemm_conv *shape, tap_fn *fn, const void *arrays) {
  int64_t oh = reference_output_h(shape), ow = reference_output_w(shape);
  int64_t top = shape->same ? (shape->kh - 1) / 2 : 0;
  int64_t left = shape->same ? (shape->kw - 1) / 2 : 0;
  for (int64_t image = 0; image < shape->n; image++) {
    for (int64_t y = 0; y < oh; y++) {
      for (int64_t x = 0; x < ow; x++) {
        for (int64_t i = 0; i < shape->kh; i++) {
          for (int64_t j = 0; j < shape->kw; j++) {
            int64_t row = y + i - top, column = x + j - left;
            if (row >= 0 && row < shape->h && column >= 0 && column < shape->w) {
              struct tap tap = {
                  .input = (image * shape->h + row) * shape->w + column,
                  .output = (image * oh + y) * ow + x,
                  .kernel = i * shape->kw + j};
              fn(shape, &tap, arrays);
            }
          }
        }
      }
    }
  }
}

struct arrays {
  const float *input, *kernel, *gradient;
  double *result;
};

static void conv_tap(const struct graft_gemm_conv *shape, const struct tap *tap, const void *p) {
  const struct arrays *a = p;
  const float *restrict pixel = a->input + tap->input * shape->c;
  const float *restrict kernel = a->kernel + tap->kernel * shape->c * shape->k;
  double *restrict sums = a->result + tap->output * shape->k;
  for (int64_t c = 0; c < shape->c; c++) {
    for (int64_t k = 0; k < shape->k; k++) {
      sums[k] += (double)pixel[c] * (double)kernel[c * shape->k + k];
    }
  }
}

void reference_conv(
    const struct graft_gemm_conv *shape,
    const float *input,
    const float *kernel,
    const float *bias,
    int relu,
    double *output) {
  int64_t pixels = shape->n * reference_output_h(shape) * reference_output_w(shape);
  int64_t count = pixels * shape->k;
  for (int64_t i = 0; i < count; i++) {
    output[i] = bias != NULL ? (double)bias[i % shape->k] : 0.0;
  }
  struct arrays arrays = {.input = input, .kernel = kernel, .result = output};
  each_tap(shape, conv_tap, &arrays);
  for (int64_t i = 0; relu && i < count; i++) {
    if (output[i] < 0) {
      output[i] = 0;
    }
  }
}

static void input_tap(const struct graft_gemm_conv *shape, const struct tap *tap, const void *p) {
  const struct arrays *a = p;
  const float *restrict gradient = a->gradient + tap->output * shape->k;
  const float *restrict kernel = a->kernel + tap->kernel * shape->c * shape->k;
  double *restrict result = a->result + tap->input * shape->c;
  for (int64_t c = 0; c < shape->c; c++) {
    double sum = 0;
    for (int64_t k = 0; k < shape->k; k++) {
      sum += (double)gradient[k] * (double)kernel[c * shape->k + k];
    }
    result[c] += sum;
  }
}

void reference_conv_input_grad(
    const struct graft_gemm_conv *shape,
    const float *kernel,
    const float *gradient,
    double *result) {
  int64_t count = shape->n * shape->h * shape->w * shape->c;
  for (int64_t i = 0; i < count; i++) {
    result[i] = 0;
  }
  struct arrays arrays = {.kernel = kernel, .gradient = gradient, .result = result};
  each_tap(shape, input_tap, &arrays);
}

static void filter_tap(const struct graft_gemm_conv *shape, const struct tap *tap, const void *p) {
  const struct arrays *a = p;
  const float *restrict pixel = a->input + tap->input * shape->c;
  const float *restrict gradient = a->gradient + tap->output * shape->k;
  double *restrict result = a->result + tap->kernel * shape->c * shape->k;
  for (int64_t c = 0; c < shape->c; c++) {
    for (int64_t k = 0; k < shape->k; k++) {
      result[c * shape->k + k] += (double)pixel[c] * (double)gradient[k];
    }
  }
}

void reference_conv_filter_grad(
    const struct graft_gemm_conv *shape,
    const float *input,
    const float *gradient,
    double *result) {
  int64_t count = (int64_t)shape->kh * shape->kw * shape->c * shape->k;
  for (int64_t i = 0; i < count; i++) {
    result[i] = 0;
  }
  struct arrays arrays = {.input = input, .gradient = gradient, .result = result};
  each_tap(shape, filter_tap, &arrays);
}

void reference_pool(
    const double *full,
    int64_t n,
    int64_t h,
    int64_t w,
    int k,
    int relu,
    double *pooled,
    uint8_t *which) {
  int64_t ph = (h + 1) / 2, pw = (w + 1) / 2;
  for (int64_t i = 0; i < n * ph * pw * k; i++) {
    int64_t channel = i % k, x = i / k % pw, y = i / k / pw % ph, image = i / k / pw / ph;
    double best = -INFINITY;
    uint8_t place = 0;
    for (int at = 0; at < 4; at++) {
      int64_t row = 2 * y + at / 2, column = 2 * x + at % 2;
      if (row < h && column < w) {
        double value = full[((image * h + row) * w + column) * k + channel];
        if (value > best || isnan(value)) {
          best = value;
          place = (uint8_t)at;
        }
      }
    }
    pooled[i] = best;
    if (which != NULL) {
      which[i] = relu && !(best > 0) ? 4 : place;
    }
  }
}

enum graft_status reference_conv3x3(
    const struct graft_conv3x3 *conv, const float *kernel, double *output, uint8_t *which) {
  struct graft_gemm_conv shape = shape_3x3(conv->n, conv->h, conv->w, conv->c, conv->k);
  if (!conv->pool) {
    reference_conv(&shape, conv->input, kernel, conv->bias, conv->relu, output);
    return GRAFT_OK;
  }
  size_t count = (size_t)(conv->n * conv->h * conv->w * conv->k);
  double *full = malloc(count * sizeof(double) + 1);
  if (full == NULL) {
    return GRAFT_NO_MEMORY;
  }
  reference_conv(&shape, conv->input, kernel, conv->bias, conv->relu, full);
  reference_pool(full, conv->n, conv->h, conv->w, conv->k, conv->relu, output, which);
  free(full);
  return GRAFT_OK;
}

void reference_activation_grad(
    const struct graft_activation_grad *grad, double *result, double *bias) {
  int64_t h = grad->h, w = grad->w, k = grad->k;
  int64_t ph = (h + 1) / 2, pw = (w + 1) / 2;
  for (int64_t i = 0; bias != NULL && i < k; i++) {
    bias[i] = 0;
  }
  for (int64_t i = 0; i < grad->n * h * w * k; i++) {
    int64_t channel = i % k, x = i / k % w, y = i / k / w % h, image = i / k / w / h;
    int64_t from = i;
    int passes;
    if (grad->which != NULL) {
      from = ((image * ph + y / 2) * pw + x / 2) * k + channel;
      passes = grad->which[from] == y % 2 * 2 + x % 2;
    } else {
      passes = !grad->relu || grad->output[i] > 0;
    }
    result[i] = passes ? (double)grad->gradient[from] : 0.0;
    if (bias != NULL) {
      bias[channel] += result[i];
    }
  }
}
