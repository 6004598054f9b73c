/* GraftConv3x3 and GraftConv3x3Pool. */
#include "ops.h"

#include <stdio.h>

/* Input, packed kernel and bias, checked. */
static bool read_inputs(
    const struct call *call,
    const struct attrs *attrs,
    struct graft_conv3x3 *conv,
    struct tensor *input) {
  struct tensor packed;
  if (!call_input(call, 0, "input", 4, input) || !call_input(call, 1, "packed", 1, &packed)
      || !call_bias(call, 2, attrs->channels, &conv->bias)
      || !call_channels(call, "input", input->dims[3])) {
    return false;
  }
  conv->input = input->data;
  conv->n = input->dims[0];
  conv->h = input->dims[1];
  conv->w = input->dims[2];
  conv->c = (int)input->dims[3];
  conv->k = attrs->channels;
  conv->relu = attrs->relu;
  conv->packed = packed.data;
  conv->packed_floats = (size_t)packed.count;
  size_t expected = graft_packed_floats(conv->c, conv->k);
  if (conv->packed_floats != expected) {
    return call_refuse(
        call,
        "packed has %lld elements; a kernel of %d input and %d output channels has %zu",
        (long long)packed.count,
        conv->c,
        conv->k,
        expected);
  }
  return true;
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
  struct tensor input, output;
  if (read_inputs(&call, attrs, &conv, &input)
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
  struct tensor input, output, which;
  if (read_inputs(&call, attrs, &conv, &input)) {
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
