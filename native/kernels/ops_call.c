/* Inputs, outputs and failures of a running kernel. */
#include "ops.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool call_failed(const struct call *call) {
  TF_OpKernelContext_Failure(call->context, call->status);
  return false;
}

bool call_refuse(const struct call *call, const char *format, ...) {
  char message[256];
  va_list values;
  va_start(values, format);
  vsnprintf(message, sizeof message, format, values);
  va_end(values);
  TF_SetStatus(call->status, TF_INVALID_ARGUMENT, message);
  return call_failed(call);
}

bool call_no_memory(const struct call *call) {
  TF_SetStatus(call->status, TF_RESOURCE_EXHAUSTED, "there is no memory for scratch space");
  return call_failed(call);
}

bool call_check(const struct call *call, enum graft_status status, const char *packed) {
  switch (status) {
    case GRAFT_OK:
      return true;
    case GRAFT_NO_MEMORY:
      return call_no_memory(call);
    case GRAFT_BAD_KERNEL:
      return call_refuse(
          call,
          "packed is not a kernel of %s, packed by version %d of the kernels for this processor",
          packed != NULL ? packed : "these channels",
          GRAFT_KERNEL_VERSION);
    case GRAFT_NO_PROCESSOR:
      TF_SetStatus(
          call->status, TF_FAILED_PRECONDITION, "this processor has no AVX2 with FMA");
      return call_failed(call);
  }
  TF_SetStatus(call->status, TF_INTERNAL, "unknown status of a kernel");
  return call_failed(call);
}

bool call_channels(const struct call *call, const char *name, int64_t channels) {
  if (channels < 1 || channels > INT_MAX) {
    return call_refuse(
        call, "%s has %lld channels, not 1 to %d", name, (long long)channels, INT_MAX);
  }
  return true;
}

bool call_input(
    const struct call *call, int index, const char *name, int rank, struct tensor *tensor) {
  TF_Tensor *handle;
  TF_GetInput(call->context, index, &handle, call->status);
  if (TF_GetCode(call->status) != TF_OK) {
    return call_failed(call);
  }
  tensor->rank = TF_NumDims(handle);
  tensor->count = 1;
  for (int i = 0; i < tensor->rank && i < 4; i++) {
    tensor->dims[i] = TF_Dim(handle, i);
    tensor->count *= tensor->dims[i];
  }
  tensor->data = TF_TensorData(handle);
  /* The context holds the tensor itself until the kernel is done. */
  TF_DeleteTensor(handle);
  if (rank >= 0 && tensor->rank != rank) {
    return call_refuse(call, "%s has rank %d, not %d", name, tensor->rank, rank);
  }
  if (tensor->rank > 4) {
    return call_refuse(call, "%s has rank %d, above 4", name, tensor->rank);
  }
  return true;
}

bool call_bias(const struct call *call, int index, int64_t k, const float **bias) {
  struct tensor tensor;
  if (!call_input(call, index, "bias", 1, &tensor)) {
    return false;
  }
  if (tensor.count != 0 && tensor.count != k) {
    return call_refuse(
        call,
        "bias has %lld elements, not 0 or one for each of the %lld output channels",
        (long long)tensor.count,
        (long long)k);
  }
  *bias = tensor.count == 0 ? NULL : tensor.data;
  return true;
}

/* Fills a tensor with the shape of an output; TensorFlow aborts on sizes that overflow. */
static bool output_shape(
    const struct call *call, int rank, const int64_t *dims, struct tensor *tensor) {
  tensor->rank = rank;
  tensor->count = 1;
  int64_t bound = 1; /* of the product without zeros */
  for (int i = 0; i < rank; i++) {
    tensor->dims[i] = dims[i];
    tensor->count *= dims[i];
    if (__builtin_mul_overflow(bound, dims[i] > 0 ? dims[i] : 1, &bound)
        || bound > INT64_MAX / (int64_t)sizeof(float)) {
      return call_refuse(call, "the output would have more elements than can be counted");
    }
  }
  return true;
}

static bool output_data(const struct call *call, TF_Tensor *handle, struct tensor *tensor) {
  if (TF_GetCode(call->status) != TF_OK) {
    return call_failed(call);
  }
  tensor->data = TF_TensorData(handle);
  /* The context holds it. */
  TF_DeleteTensor(handle);
  return true;
}

bool call_output(
    const struct call *call,
    int index,
    TF_DataType type,
    int rank,
    const int64_t *dims,
    struct tensor *tensor) {
  if (!output_shape(call, rank, dims, tensor)) {
    return false;
  }
  size_t bytes = (size_t)tensor->count * (type == TF_UINT8 ? 1 : 4);
  TF_Tensor *handle =
      TF_AllocateOutput(call->context, index, type, dims, rank, bytes, call->status);
  return output_data(call, handle, tensor);
}

bool call_output_in_place(
    const struct call *call, int rank, const int64_t *dims, struct tensor *tensor) {
  if (!output_shape(call, rank, dims, tensor)) {
    return false;
  }
  static const int first = 0;
  int forwarded;
  TF_Tensor *handle = TF_ForwardInputOrAllocateOutput(
      call->context, &first, 1, 0, dims, rank, &forwarded, call->status);
  return output_data(call, handle, tensor);
}
