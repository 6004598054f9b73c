/* GraftConv3x3, GraftConv3x3Pool and GraftTwoConv3x3Pool. */
#include "ops.h"

#include <stdio.h>

/* A packed kernel of c input channels and k output channels. */
static bool read_packed(
    const struct call *call, int index, const char *name, int64_t c, int64_t k,
    const float **packed, size_t *floats) {
  struct tensor tensor;
  if (!call_input(call, index, name, 1, &tensor)) {
    return false;
  }
  size_t expected = graft_packed_floats((int)c, (int)k);
  if ((size_t)tensor.count != expected) {
    return call_refuse(
        call,
        "%s has %lld elements; a kernel of %d input and %d output channels has %zu",
        name,
        (long long)tensor.count,
        (int)c,
        (int)k,
        expected);
  }
  *packed = tensor.data;
  *floats = expected;
  return true;
}

/* The input; its channels are those of the layer before, if there is one. */
static bool read_input(const struct call *call, struct graft_conv3x3 *conv, int *channels) {
  struct tensor input;
  if (!call_input(call, 0, "input", 4, &input) || !call_channels(call, "input", input.dims[3])) {
    return false;
  }
  conv->input = input.data;
  conv->n = input.dims[0];
  conv->h = input.dims[1];
  conv->w = input.dims[2];
  *channels = (int)input.dims[3];
  return true;
}

/* Packed kernel and bias of a layer of c input channels. */
static bool read_layer(
    const struct call *call, const struct attrs *attrs, int c, struct graft_conv3x3 *conv) {
  conv->c = c;
  conv->k = attrs->channels;
  conv->relu = attrs->relu;
  return read_packed(call, 1, "packed", c, conv->k, &conv->packed, &conv->packed_floats)
      && call_bias(call, 2, conv->k, &conv->bias);
}

static bool read_inputs(
    const struct call *call, const struct attrs *attrs, struct graft_conv3x3 *conv) {
  int channels;
  return read_input(call, conv, &channels) && read_layer(call, attrs, channels, conv);
}

static void run(const struct call *call, const struct graft_conv3x3 *conv, int threads) {
  enum graft_status status = graft_conv3x3(conv, threads);
  if (status != GRAFT_OK) {
    char channels[64];
    snprintf(channels, sizeof channels, "%d input and %d output channels", conv->c, conv->k);
    call_check(call, status, channels);
  }
}

void conv3x3_compute(void *kernel, TF_OpKernelContext *context) {
  const struct attrs *attrs = kernel;
  struct call call = {context, TF_NewStatus()};
  struct graft_conv3x3 conv = {.pool = 0};
  struct tensor output;
  if (read_inputs(&call, attrs, &conv)
      && call_output(
          &call, 0, TF_FLOAT, 4, (int64_t[]){conv.n, conv.h, conv.w, conv.k}, &output)
      && output.count > 0) {
    conv.output = output.data;
    run(&call, &conv, attrs->threads);
  }
  TF_DeleteStatus(call.status);
}

void conv3x3_pool_compute(void *kernel, TF_OpKernelContext *context) {
  const struct attrs *attrs = kernel;
  struct call call = {context, TF_NewStatus()};
  struct graft_conv3x3 conv = {.pool = 1};
  struct tensor output, which;
  if (read_inputs(&call, attrs, &conv)) {
    int64_t dims[] = {conv.n, (conv.h + 1) / 2, (conv.w + 1) / 2, conv.k};
    int64_t none = 0;
    if (call_output(&call, 0, TF_FLOAT, 4, dims, &output)
        && call_output(
            &call, 1, TF_UINT8, attrs->record ? 4 : 1, attrs->record ? dims : &none, &which)
        && output.count > 0) {
      conv.output = output.data;
      conv.which = attrs->record ? which.data : NULL;
      run(&call, &conv, attrs->threads);
    }
  }
  TF_DeleteStatus(call.status);
}

/* The layer before, of so many input channels. */
static bool read_before(
    const struct call *call, const struct attrs *attrs, int c, struct graft_layer_before *before) {
  int channels = attrs->channels_before;
  if (!graft_takes_before(c, channels)) {
    return call_refuse(
        call, "a layer of %d input and %d output channels is not one to come before", c, channels);
  }
  before->c = c;
  before->relu = attrs->relu;
  return read_packed(
             call, 3, "packed_before", c, channels, &before->packed, &before->packed_floats)
      && call_bias(call, 4, channels, &before->bias);
}

void two_conv3x3_pool_compute(void *kernel, TF_OpKernelContext *context) {
  const struct attrs *attrs = kernel;
  struct call call = {context, TF_NewStatus()};
  struct graft_layer_before before;
  struct graft_conv3x3 conv = {.pool = 1, .before = &before};
  struct tensor output;
  int channels;
  if (read_input(&call, &conv, &channels) && read_before(&call, attrs, channels, &before)
      && read_layer(&call, attrs, attrs->channels_before, &conv)
      && call_output(
          &call, 0, TF_FLOAT, 4,
          (int64_t[]){conv.n, (conv.h + 1) / 2, (conv.w + 1) / 2, conv.k}, &output)
      && output.count > 0) {
    conv.output = output.data;
    run(&call, &conv, attrs->threads);
  }
  TF_DeleteStatus(call.status);
}
