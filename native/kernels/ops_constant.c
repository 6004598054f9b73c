/*
 * GraftConstant: a tensor whose elements are a file's, from its first byte to its last. TensorFlow's
 * ImmutableConst does the same but maps its file again in every run, and so faults in all its pages
 * again: 17 ms a run for VGG16's packed kernels. Here the file is mapped as long as the kernel lives.
 */
#define _GNU_SOURCE
#include "ops.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX_RANK 8

struct constant {
  TF_DataType type;
  int rank;
  int64_t dims[MAX_RANK];
  size_t bytes;
  TF_Tensor *tensor;
};

static void unmap(void *data, size_t bytes, void *unused) {
  (void)unused;
  if (bytes > 0) {
    munmap(data, bytes);
  }
}

static bool good(const TF_Status *status) { return TF_GetCode(status) == TF_OK; }

static void refuse(TF_Status *status, const char *path, const char *what) {
  char message[512];
  snprintf(message, sizeof message, "the constant in %.300s: %.150s", path, what);
  TF_SetStatus(status, TF_FAILED_PRECONDITION, message);
}

/* The file's path, to be freed; NULL on failure. */
static char *read_attrs(
    TF_OpKernelConstruction *from, struct constant *constant, TF_Status *status) {
  int32_t list, length, rank;
  TF_OpKernelConstruction_GetAttrType(from, "dtype", &constant->type, status);
  if (good(status)) {
    TF_OpKernelConstruction_GetAttrSize(from, "shape", &list, &rank, status);
  }
  if (!good(status)) {
    return NULL;
  }
  if (rank < 0 || rank > MAX_RANK) {
    TF_SetStatus(status, TF_INVALID_ARGUMENT, "a constant's shape must have 0 to 8 known sizes");
    return NULL;
  }
  constant->rank = rank;
  TF_OpKernelConstruction_GetAttrTensorShape(
      from, "shape", constant->dims, (size_t)rank, status);
  constant->bytes = constant->type == TF_BFLOAT16 ? 2 : 4;
  for (int i = 0; i < rank && good(status); i++) {
    if (constant->dims[i] < 0
        || __builtin_mul_overflow(constant->bytes, (size_t)constant->dims[i], &constant->bytes)) {
      TF_SetStatus(status, TF_INVALID_ARGUMENT, "a constant's shape must have 0 to 8 known sizes");
    }
  }
  if (good(status)) {
    TF_OpKernelConstruction_GetAttrSize(from, "file", &list, &length, status);
  }
  char *path = good(status) ? calloc((size_t)length + 1, 1) : NULL;
  if (path != NULL) {
    TF_OpKernelConstruction_GetAttrString(from, "file", path, (size_t)length, status);
  }
  return path;
}

/* The whole file, read-only; NULL on failure, and for a file of no bytes. */
static void *map_file(const char *path, size_t expected, TF_Status *status) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    refuse(status, path, strerror(errno));
    return NULL;
  }
  void *data = NULL;
  /* fstat would be a newer symbol than TensorFlow needs. */
  off_t found = lseek(file, 0, SEEK_END);
  if (found < 0) {
    refuse(status, path, strerror(errno));
  } else if ((size_t)found != expected) {
    char what[100];
    snprintf(what, sizeof what, "expected %zu bytes, found %lld", expected, (long long)found);
    refuse(status, path, what);
  } else if (expected > 0) {
    data = mmap(NULL, expected, PROT_READ, MAP_SHARED, file, 0);
    if (data == MAP_FAILED) {
      refuse(status, path, strerror(errno));
      data = NULL;
    }
  }
  close(file);
  return data;
}

void *constant_create(TF_OpKernelConstruction *construction) {
  struct constant *constant = kernel_memory(construction, sizeof *constant);
  if (constant == NULL) {
    return NULL;
  }
  TF_Status *status = TF_NewStatus();
  char *path = read_attrs(construction, constant, status);
  if (path != NULL && good(status)) {
    static char nothing;
    void *data = map_file(path, constant->bytes, status);
    if (good(status)) {
      constant->tensor = TF_NewTensor(
          constant->type, constant->dims, constant->rank, data != NULL ? data : &nothing,
          constant->bytes, unmap, NULL);
    }
  }
  free(path);
  if (constant->tensor == NULL) {
    if (good(status)) {
      TF_SetStatus(status, TF_RESOURCE_EXHAUSTED, "there is no memory for a constant");
    }
    TF_OpKernelConstruction_Failure(construction, status);
    free(constant);
    constant = NULL;
  }
  TF_DeleteStatus(status);
  return constant;
}

void constant_compute(void *kernel, TF_OpKernelContext *context) {
  const struct constant *constant = kernel;
  struct call call = {context, TF_NewStatus()};
  TF_SetOutput(context, 0, constant->tensor, call.status);
  if (TF_GetCode(call.status) != TF_OK) {
    call_failed(&call);
  }
  TF_DeleteStatus(call.status);
}

void constant_destroy(void *kernel) {
  struct constant *constant = kernel;
  if (constant != NULL) {
    /* The file stays mapped until the last run that holds the tensor is done. */
    TF_DeleteTensor(constant->tensor);
    free(constant);
  }
}
