/* GraftActivationGrad and GraftFilterGrad. */
#include "ops.h"

#include <string.h>

static bool same_dims(const struct tensor *tensor, const int64_t *dims) {
  return tensor->rank == 4 && memcmp(tensor->dims, dims, 4 * sizeof *dims) == 0;
}

/* Refuses a tensor that does not have these dims. */
static bool check_dims(
    const struct call *call, const char *name, const struct tensor *tensor, const int64_t *dims) {
  if (same_dims(tensor, dims)) {
    return true;
  }
  const int64_t none[4] = {0};
  const int64_t *found = tensor->rank == 4 ? tensor->dims : none;
  return call_refuse(
      call,
      "%s has rank %d and shape [%lld, %lld, %lld, %lld], not [%lld, %lld, %lld, %lld]",
      name,
      tensor->rank,
      (long long)found[0],
      (long long)found[1],
      (long long)found[2],
      (long long)found[3],
      (long long)dims[0],
      (long long)dims[1],
      (long long)dims[2],
      (long long)dims[3]);
}

struct activation_inputs {
  struct tensor gradient, output, which, like;
  bool pooled; /* whether which is given */
};

static bool read_inputs(
    const struct call *call, const struct attrs *attrs, struct activation_inputs *in) {
  if (!call_input(call, 0, "gradient", 4, &in->gradient)
      || !call_input(call, 1, "output", -1, &in->output)
      || !call_input(call, 2, "which", -1, &in->which)
      || !call_input(call, 3, "like", 4, &in->like)
      || !call_channels(call, "gradient", in->gradient.dims[3])) {
    return false;
  }
  const int64_t *like = in->like.dims;
  int64_t k = in->gradient.dims[3];
  in->pooled = in->which.rank != 1 || in->which.dims[0] != 0;
  if (in->pooled) {
    int64_t pooled[] = {like[0], (like[1] + 1) / 2, (like[2] + 1) / 2, k};
    return check_dims(call, "gradient", &in->gradient, pooled)
        && check_dims(call, "which", &in->which, pooled);
  }
  int64_t full[] = {like[0], like[1], like[2], k};
  return check_dims(call, "gradient", &in->gradient, full)
      && (!attrs->relu || check_dims(call, "output", &in->output, full));
}

void activation_grad_compute(void *kernel, TF_OpKernelContext *context) {
  const struct attrs *attrs = kernel;
  struct call call = {context, TF_NewStatus()};
  struct activation_inputs in;
  struct tensor result, bias;
  if (read_inputs(&call, attrs, &in)) {
    int64_t k = in.gradient.dims[3];
    int64_t dims[] = {in.like.dims[0], in.like.dims[1], in.like.dims[2], k};
    if ((in.pooled ? call_output(&call, 0, TF_FLOAT, 4, dims, &result)
                   : call_output_in_place(&call, 4, dims, &result))
        && call_output(&call, 1, TF_FLOAT, 1, &k, &bias)) {
      if (result.count == 0) {
        memset(bias.data, 0, (size_t)k * sizeof(float));
      } else {
        struct graft_activation_grad grad = {
            .gradient = in.gradient.data,
            .output = in.output.data,
            .which = in.pooled ? in.which.data : NULL,
            .result = result.data,
            .bias = bias.data,
            .n = dims[0],
            .h = dims[1],
            .w = dims[2],
            .k = (int)k,
            .relu = attrs->relu};
        call_check(&call, graft_activation_grad(&grad, attrs->threads), NULL);
      }
    }
  }
  TF_DeleteStatus(call.status);
}

void filter_grad_compute(void *kernel, TF_OpKernelContext *context) {
  const struct attrs *attrs = kernel;
  struct call call = {context, TF_NewStatus()};
  struct tensor input, gradient, result;
  if (call_input(&call, 0, "input", 4, &input) && call_input(&call, 1, "gradient", 4, &gradient)
      && call_channels(&call, "input", input.dims[3])
      && call_channels(&call, "gradient", gradient.dims[3])) {
    int64_t c = input.dims[3], k = gradient.dims[3];
    int64_t full[] = {input.dims[0], input.dims[1], input.dims[2], k};
    if (check_dims(&call, "gradient", &gradient, full)
        && call_output(&call, 0, TF_FLOAT, 4, (int64_t[]){3, 3, c, k}, &result)) {
      if (input.count == 0) {
        memset(result.data, 0, (size_t)result.count * sizeof(float));
      } else {
        call_check(
            &call,
            graft_filter_grad(
                input.data,
                gradient.data,
                full[0],
                full[1],
                full[2],
                (int)c,
                (int)k,
                result.data,
                attrs->threads),
            NULL);
      }
    }
  }
  TF_DeleteStatus(call.status);
}
