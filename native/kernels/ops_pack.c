/* GraftPackKernel and GraftInfo. */
#include "ops.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

void info_compute(void *kernel, TF_OpKernelContext *context) {
  (void)kernel;
  struct call call = {context, TF_NewStatus()};
  struct tensor info;
  if (call_output(&call, 0, TF_INT32, 1, (int64_t[]){4}, &info)) {
    int32_t values[4] = {GRAFT_KERNEL_VERSION, (int32_t)graft_isa(), 0, 0};
    memcpy(info.data, values, sizeof values);
  }
  TF_DeleteStatus(call.status);
}

/* Remembers what it packed last, so that a kernel that has not changed is packed once. */
struct packer {
  struct attrs attrs;
  pthread_mutex_t lock; /* of the rest */
  float *raw;           /* a copy of the kernel [3][3][c][k] that was packed, or NULL */
  int64_t c, k;
  TF_Tensor *packed; /* or NULL; other holders of it only read */
  bool valid;        /* whether packed is raw, packed */
};

void *pack_create(TF_OpKernelConstruction *construction) {
  struct packer *packer = kernel_memory(construction, sizeof *packer);
  if (packer == NULL) {
    return NULL;
  }
  if (!attrs_read(construction, &packer->attrs)) {
    free(packer);
    return NULL;
  }
  pthread_mutex_init(&packer->lock, NULL);
  return packer;
}

void pack_destroy(void *kernel) {
  struct packer *packer = kernel;
  if (packer == NULL) {
    return;
  }
  if (packer->packed != NULL) {
    TF_DeleteTensor(packer->packed);
  }
  pthread_mutex_destroy(&packer->lock);
  free(packer->raw);
  free(packer);
}

static bool remembers(const struct packer *packer, const struct tensor *kernel) {
  return packer->valid && packer->c == kernel->dims[2] && packer->k == kernel->dims[3]
      && memcmp(packer->raw, kernel->data, (size_t)kernel->count * sizeof(float)) == 0;
}

/* Makes packer->raw a copy of the kernel. */
static bool copy_raw(const struct call *call, struct packer *packer, const struct tensor *kernel) {
  size_t bytes = (size_t)kernel->count * sizeof(float);
  if (packer->raw == NULL || packer->c != kernel->dims[2] || packer->k != kernel->dims[3]) {
    if (packer->packed != NULL) {
      TF_DeleteTensor(packer->packed);
      packer->packed = NULL;
    }
    free(packer->raw);
    packer->raw = malloc(bytes);
    packer->c = kernel->dims[2];
    packer->k = kernel->dims[3];
    if (packer->raw == NULL) {
      return call_no_memory(call);
    }
  }
  memcpy(packer->raw, kernel->data, bytes);
  return true;
}

/*
 * Makes packer->packed a tensor that nobody else uses, and the output of the call: the one of last
 * time if that is free again, which saves the cost of fresh memory.
 */
static bool take_packed(const struct call *call, struct packer *packer, int64_t floats) {
  if (packer->packed != NULL && TF_TensorMaybeMove(packer->packed) != NULL) {
    TF_SetOutput(call->context, 0, packer->packed, call->status);
    return TF_GetCode(call->status) == TF_OK || call_failed(call);
  }
  if (packer->packed != NULL) {
    TF_DeleteTensor(packer->packed);
  }
  packer->packed = TF_AllocateOutput(
      call->context, 0, TF_FLOAT, &floats, 1, (size_t)floats * sizeof(float), call->status);
  if (TF_GetCode(call->status) != TF_OK) {
    packer->packed = NULL;
    return call_failed(call);
  }
  return true;
}

static void pack(const struct call *call, struct packer *packer, const struct tensor *kernel) {
  if (remembers(packer, kernel)) {
    TF_SetOutput(call->context, 0, packer->packed, call->status);
    if (TF_GetCode(call->status) != TF_OK) {
      call_failed(call);
    }
    return;
  }
  packer->valid = false;
  int c = (int)kernel->dims[2], k = (int)kernel->dims[3], flip = packer->attrs.flip;
  size_t floats = flip ? graft_packed_floats(k, c) : graft_packed_floats(c, k);
  if (copy_raw(call, packer, kernel) && take_packed(call, packer, (int64_t)floats)) {
    packer->valid = call_check(
        call,
        graft_pack(
            packer->raw, c, k, flip, TF_TensorData(packer->packed), packer->attrs.threads),
        NULL);
  }
}

void pack_compute(void *kernel, TF_OpKernelContext *context) {
  struct packer *packer = kernel;
  struct call call = {context, TF_NewStatus()};
  struct tensor tensor;
  if (call_input(&call, 0, "kernel", 4, &tensor)) {
    if (tensor.dims[0] != 3 || tensor.dims[1] != 3) {
      call_refuse(
          &call,
          "kernel is %lldx%lld, not 3x3",
          (long long)tensor.dims[0],
          (long long)tensor.dims[1]);
    } else if (
        call_channels(&call, "kernel's input", tensor.dims[2])
        && call_channels(&call, "kernel's output", tensor.dims[3])) {
      pthread_mutex_lock(&packer->lock);
      pack(&call, packer, &tensor);
      pthread_mutex_unlock(&packer->lock);
    }
  }
  TF_DeleteStatus(call.status);
}
