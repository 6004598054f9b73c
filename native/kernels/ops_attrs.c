/* Making kernels: their memory and their attributes. */
#include "ops.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Reads an attribute if the operation has it; failures stay in the status. */
static void read_int(TF_OpKernelConstruction *from, const char *name, int *to, TF_Status *status) {
  if (TF_GetCode(status) == TF_OK && TF_OpKernelConstruction_HasAttr(from, name, status)) {
    int64_t value = 0;
    TF_OpKernelConstruction_GetAttrInt64(from, name, &value, status);
    *to = value > INT_MAX ? INT_MAX : (int)value;
  }
}

static void read_bool(TF_OpKernelConstruction *from, const char *name, int *to, TF_Status *status) {
  if (TF_GetCode(status) == TF_OK && TF_OpKernelConstruction_HasAttr(from, name, status)) {
    unsigned char value = 0;
    TF_OpKernelConstruction_GetAttrBool(from, name, &value, status);
    *to = value;
  }
}

static void read_padding(TF_OpKernelConstruction *from, int *same, TF_Status *status) {
  if (TF_GetCode(status) == TF_OK && TF_OpKernelConstruction_HasAttr(from, "padding", status)) {
    char value[8] = ""; /* SAME or VALID: the definition allows no other */
    TF_OpKernelConstruction_GetAttrString(from, "padding", value, sizeof value - 1, status);
    *same = strcmp(value, "SAME") == 0;
  }
}

void *kernel_memory(TF_OpKernelConstruction *construction, size_t bytes) {
  void *memory = calloc(1, bytes);
  if (memory == NULL) {
    TF_Status *status = TF_NewStatus();
    TF_SetStatus(status, TF_RESOURCE_EXHAUSTED, "there is no memory for a kernel");
    TF_OpKernelConstruction_Failure(construction, status);
    TF_DeleteStatus(status);
  }
  return memory;
}

bool attrs_read(TF_OpKernelConstruction *construction, struct attrs *attrs) {
  TF_Status *status = TF_NewStatus();
  read_int(construction, "threads", &attrs->threads, status);
  read_int(construction, "channels", &attrs->channels, status);
  read_int(construction, "channels_before", &attrs->channels_before, status);
  read_bool(construction, "relu", &attrs->relu, status);
  read_bool(construction, "record", &attrs->record, status);
  read_bool(construction, "flip", &attrs->flip, status);
  read_padding(construction, &attrs->same, status);
  bool good = TF_GetCode(status) == TF_OK;
  if (!good) {
    TF_OpKernelConstruction_Failure(construction, status);
  }
  TF_DeleteStatus(status);
  return good;
}

void *attrs_create(TF_OpKernelConstruction *construction) {
  struct attrs *attrs = kernel_memory(construction, sizeof *attrs);
  if (attrs != NULL && !attrs_read(construction, attrs)) {
    free(attrs);
    return NULL;
  }
  return attrs;
}

void attrs_destroy(void *attrs) { free(attrs); }
