/* GraftConvGemm, GraftConvGemmInputGrad and GraftConvGemmFilterGrad. */
#include "ops.h"

#include <limits.h>
#include <string.h>

/* The shape of a convolution and the dims of its output, of those of its input and its kernel. */
static bool read_shape(
    const struct call *call,
    const struct attrs *attrs,
    const struct tensor *input,
    const struct tensor *kernel,
    struct graft_gemm_conv *shape,
    int64_t *output) {
  const int64_t *in = input->dims, *filter = kernel->dims;
  if (!call_channels(call, "input", in[3]) || !call_channels(call, "kernel's output", filter[3])) {
    return false;
  }
  if (filter[2] != in[3]) {
    return call_refuse(
        call,
        "kernel is of %lld input channels, input has %lld",
        (long long)filter[2],
        (long long)in[3]);
  }
  if (filter[0] < 1 || filter[1] < 1 || filter[0] > INT_MAX || filter[1] > INT_MAX) {
    return call_refuse(
        call, "kernel is %lldx%lld", (long long)filter[0], (long long)filter[1]);
  }
  output[0] = in[0];
  output[1] = attrs->same ? in[1] : in[1] - filter[0] + 1;
  output[2] = attrs->same ? in[2] : in[2] - filter[1] + 1;
  output[3] = filter[3];
  if (output[1] < 0 || output[2] < 0) {
    return call_refuse(
        call,
        "kernel is %lldx%lld, larger than the input's %lldx%lld",
        (long long)filter[0],
        (long long)filter[1],
        (long long)in[1],
        (long long)in[2]);
  }
  *shape = (struct graft_gemm_conv){
      .n = in[0],
      .h = in[1],
      .w = in[2],
      .c = (int)in[3],
      .k = (int)filter[3],
      .kh = (int)filter[0],
      .kw = (int)filter[1],
      .same = attrs->same};
  return true;
}

static void conv_gemm(void *kernel, TF_OpKernelContext *context, enum graft_number number) {
  const struct attrs *attrs = kernel;
  struct call call = {context, TF_NewStatus()};
  struct tensor input, filter, output;
  struct graft_gemm_conv shape;
  int64_t dims[4];
  const float *bias;
  if (call_input(&call, 0, "input", 4, &input) && call_input(&call, 1, "kernel", 4, &filter)
      && read_shape(&call, attrs, &input, &filter, &shape, dims)
      && call_bias(&call, 2, shape.k, &bias)
      && call_output(&call, 0, TF_FLOAT, 4, dims, &output) && output.count > 0) {
    call_check(
        &call,
        graft_gemm_conv(
            &shape, input.data, filter.data, number, bias, attrs->relu, output.data,
            attrs->threads),
        NULL);
  }
  TF_DeleteStatus(call.status);
}

void conv_gemm_compute(void *kernel, TF_OpKernelContext *context) {
  conv_gemm(kernel, context, GRAFT_FLOAT);
}

void conv_gemm_bfloat16_compute(void *kernel, TF_OpKernelContext *context) {
  conv_gemm(kernel, context, GRAFT_BFLOAT16);
}

/* The gradient of a convolution's output. */
static bool read_gradient(
    const struct call *call, const int64_t *dims, struct tensor *gradient) {
  if (!call_input(call, 2, "gradient", 4, gradient)) {
    return false;
  }
  const int64_t *found = gradient->dims;
  if (memcmp(found, dims, 4 * sizeof *dims) != 0) {
    return call_refuse(
        call,
        "gradient has shape [%lld, %lld, %lld, %lld], the output [%lld, %lld, %lld, %lld]",
        (long long)found[0],
        (long long)found[1],
        (long long)found[2],
        (long long)found[3],
        (long long)dims[0],
        (long long)dims[1],
        (long long)dims[2],
        (long long)dims[3]);
  }
  return true;
}

void conv_gemm_input_grad_compute(void *kernel, TF_OpKernelContext *context) {
  const struct attrs *attrs = kernel;
  struct call call = {context, TF_NewStatus()};
  struct tensor like, filter, gradient, result;
  struct graft_gemm_conv shape;
  int64_t dims[4];
  if (call_input(&call, 0, "like", 4, &like) && call_input(&call, 1, "kernel", 4, &filter)
      && read_shape(&call, attrs, &like, &filter, &shape, dims)
      && read_gradient(&call, dims, &gradient)
      && call_output(&call, 0, TF_FLOAT, 4, like.dims, &result) && result.count > 0) {
    if (gradient.count == 0) {
      memset(result.data, 0, (size_t)result.count * sizeof(float));
    } else {
      call_check(
          &call,
          graft_gemm_conv_input_grad(
              &shape, filter.data, gradient.data, result.data, attrs->threads),
          NULL);
    }
  }
  TF_DeleteStatus(call.status);
}

void conv_gemm_filter_grad_compute(void *kernel, TF_OpKernelContext *context) {
  const struct attrs *attrs = kernel;
  struct call call = {context, TF_NewStatus()};
  struct tensor input, like, gradient, result;
  struct graft_gemm_conv shape;
  int64_t dims[4];
  if (call_input(&call, 0, "input", 4, &input) && call_input(&call, 1, "like", 4, &like)
      && read_shape(&call, attrs, &input, &like, &shape, dims)
      && read_gradient(&call, dims, &gradient)
      && call_output(&call, 0, TF_FLOAT, 4, like.dims, &result)) {
    if (gradient.count == 0) {
      memset(result.data, 0, (size_t)result.count * sizeof(float));
    } else {
      call_check(
          &call,
          graft_gemm_conv_filter_grad(
              &shape, input.data, gradient.data, result.data, attrs->threads),
          NULL);
    }
  }
  TF_DeleteStatus(call.status);
}
