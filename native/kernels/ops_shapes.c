/*
 * The shapes of the outputs, as far as they are known when a graph is built. A shape function cannot
 * read attributes here, so what depends on them alone is unknown until the run.
 */
#include "ops.h"

enum { UNKNOWN = -1 };

static bool good(TF_Status *status) { return TF_GetCode(status) == TF_OK; }

/* The dims of an input that must have a rank up to 4; UNKNOWN where not known. */
static bool input_dims(
    TF_ShapeInferenceContext *context, int index, int rank, int64_t *dims, TF_Status *status) {
  TF_ShapeHandle *given = TF_NewShapeHandle();
  TF_ShapeHandle *shape = TF_NewShapeHandle();
  TF_DimensionHandle *dim = TF_NewDimensionHandle();
  TF_ShapeInferenceContextGetInput(context, index, given, status);
  if (good(status)) {
    TF_ShapeInferenceContextWithRank(context, given, rank, shape, status);
  }
  for (int i = 0; i < rank && good(status); i++) {
    TF_ShapeInferenceContextDim(context, shape, i, dim);
    dims[i] = TF_DimensionHandleValueKnown(dim) ? TF_DimensionHandleValue(dim) : UNKNOWN;
  }
  TF_DeleteDimensionHandle(dim);
  TF_DeleteShapeHandle(shape);
  TF_DeleteShapeHandle(given);
  return good(status);
}

static void set_output(
    TF_ShapeInferenceContext *context,
    int index,
    int rank,
    const int64_t *dims,
    TF_Status *status) {
  /* An unknown dimension is the size -1. */
  TF_ShapeHandle *shape = TF_ShapeInferenceContextVectorFromSize(context, (size_t)dims[0]);
  for (int i = 1; i < rank && good(status); i++) {
    TF_ShapeHandle *last = TF_ShapeInferenceContextVectorFromSize(context, (size_t)dims[i]);
    TF_ShapeHandle *longer = TF_NewShapeHandle();
    TF_ShapeInferenceContextConcatenateShapes(context, shape, last, longer, status);
    TF_DeleteShapeHandle(last);
    TF_DeleteShapeHandle(shape);
    shape = longer;
  }
  if (good(status)) {
    TF_ShapeInferenceContextSetOutput(context, index, shape, status);
  }
  TF_DeleteShapeHandle(shape);
}

static int64_t halved(int64_t dim) { return dim == UNKNOWN ? UNKNOWN : (dim + 1) / 2; }

/* The output channels that a bias tells; an absent one, [0], does not. */
static int64_t bias_channels(int64_t bias) { return bias > 0 ? bias : UNKNOWN; }

void unknown_shape(TF_ShapeInferenceContext *context, TF_Status *status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
}

void info_shape(TF_ShapeInferenceContext *context, TF_Status *status) {
  set_output(context, 0, 1, (int64_t[]){4}, status);
}

void pack_shape(TF_ShapeInferenceContext *context, TF_Status *status) {
  int64_t kernel[4];
  if (input_dims(context, 0, 4, kernel, status)) {
    set_output(context, 0, 1, (int64_t[]){UNKNOWN}, status);
  }
}

/* The dims of a 3x3 convolution without a pool. */
static bool conv3x3_dims(TF_ShapeInferenceContext *context, int64_t *dims, TF_Status *status) {
  int64_t packed, bias;
  if (!input_dims(context, 0, 4, dims, status) || !input_dims(context, 1, 1, &packed, status)
      || !input_dims(context, 2, 1, &bias, status)) {
    return false;
  }
  dims[3] = bias_channels(bias);
  return true;
}

void conv3x3_shape(TF_ShapeInferenceContext *context, TF_Status *status) {
  int64_t dims[4];
  if (conv3x3_dims(context, dims, status)) {
    set_output(context, 0, 4, dims, status);
  }
}

void conv3x3_pool_shape(TF_ShapeInferenceContext *context, TF_Status *status) {
  int64_t dims[4];
  if (!conv3x3_dims(context, dims, status)) {
    return;
  }
  dims[1] = halved(dims[1]);
  dims[2] = halved(dims[2]);
  /* which: like the output or [0], as an attribute says. */
  TF_ShapeInferenceContextSetUnknownShape(context, status);
  if (good(status)) {
    set_output(context, 0, 4, dims, status);
  }
}

void two_conv3x3_pool_shape(TF_ShapeInferenceContext *context, TF_Status *status) {
  int64_t dims[4], packed, bias;
  if (conv3x3_dims(context, dims, status) && input_dims(context, 3, 1, &packed, status)
      && input_dims(context, 4, 1, &bias, status)) {
    dims[1] = halved(dims[1]);
    dims[2] = halved(dims[2]);
    set_output(context, 0, 4, dims, status);
  }
}

void activation_grad_shape(TF_ShapeInferenceContext *context, TF_Status *status) {
  int64_t gradient[4], like[4];
  if (input_dims(context, 0, 4, gradient, status) && input_dims(context, 3, 4, like, status)) {
    like[3] = gradient[3];
    set_output(context, 0, 4, like, status);
    if (good(status)) {
      set_output(context, 1, 1, &gradient[3], status);
    }
  }
}

void filter_grad_shape(TF_ShapeInferenceContext *context, TF_Status *status) {
  int64_t input[4], gradient[4];
  if (input_dims(context, 0, 4, input, status) && input_dims(context, 1, 4, gradient, status)) {
    set_output(context, 0, 4, (int64_t[]){3, 3, input[3], gradient[3]}, status);
  }
}

void conv_gemm_shape(TF_ShapeInferenceContext *context, TF_Status *status) {
  int64_t input[4], kernel[4], bias;
  if (input_dims(context, 0, 4, input, status) && input_dims(context, 1, 4, kernel, status)
      && input_dims(context, 2, 1, &bias, status)) {
    /* Which padding it has matters only to kernels larger than 1. */
    int64_t h = kernel[0] == 1 ? input[1] : UNKNOWN;
    int64_t w = kernel[1] == 1 ? input[2] : UNKNOWN;
    set_output(context, 0, 4, (int64_t[]){input[0], h, w, kernel[3]}, status);
  }
}

/* The gradient of a convolution has the shape of what it is the gradient of, an input. */
static void grad_shape(TF_ShapeInferenceContext *context, int of, TF_Status *status) {
  int64_t dims[4], ignored[4];
  for (int i = 0; i < 3; i++) {
    if (!input_dims(context, i, 4, i == of ? dims : ignored, status)) {
      return;
    }
  }
  set_output(context, 0, 4, dims, status);
}

void conv_gemm_input_grad_shape(TF_ShapeInferenceContext *context, TF_Status *status) {
  grad_shape(context, 0, status);
}

void conv_gemm_filter_grad_shape(TF_ShapeInferenceContext *context, TF_Status *status) {
  grad_shape(context, 1, status);
}
