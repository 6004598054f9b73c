/* What the files of the TensorFlow operations share. The operations are listed in ops.c. */
#ifndef GRAFT_OPS_H
#define GRAFT_OPS_H

#include "kernels.h"
#include "tf_api.h"

/* The attributes that operations have; those that an operation does not have are 0. */
struct attrs {
  int threads, channels, channels_before;
  int relu, record, flip, same;
};

/* A running kernel. */
struct call {
  TF_OpKernelContext *context;
  TF_Status *status;
};

/* A tensor of a running kernel, valid until it is done. */
struct tensor {
  void *data; /* nothing to be read where count is 0 */
  int rank;
  int64_t dims[4]; /* up to the rank */
  int64_t count;   /* of elements */
};

/* Functions that may fail return whether they went well; when not, the call has failed. */

/* Memory of zeros for a kernel; NULL if there is none, and then the construction has failed. */
void *kernel_memory(TF_OpKernelConstruction *construction, size_t bytes);

/* Reads the attributes of a kernel; on failure the construction has failed. */
bool attrs_read(TF_OpKernelConstruction *construction, struct attrs *attrs);

/* Kernels that need nothing but attributes. */
void *attrs_create(TF_OpKernelConstruction *construction);
void attrs_destroy(void *attrs);

/* An input; it must have the rank, where that is not negative, and no more than 4 dimensions. */
bool call_input(
    const struct call *call, int index, const char *name, int rank, struct tensor *tensor);

/* A bias: [k], or [0] for none, which gives NULL. */
bool call_bias(const struct call *call, int index, int64_t k, const float **bias);

/* Allocates an output. */
bool call_output(
    const struct call *call,
    int index,
    TF_DataType type,
    int rank,
    const int64_t *dims,
    struct tensor *tensor);

/* Output 0 with the dims of input 0, in whose memory it lies where nobody else needs that. */
bool call_output_in_place(
    const struct call *call, int rank, const int64_t *dims, struct tensor *tensor);

/* Fails with TF_INVALID_ARGUMENT and a message as of printf; returns false. */
bool call_refuse(const struct call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Fails for want of memory; returns false. */
bool call_no_memory(const struct call *call);

/* Fails with the status that a function of TensorFlow has set; returns false. */
bool call_failed(const struct call *call);

/* Whether a function of kernels.h went well; packed is what a bad kernel was meant to be, or NULL. */
bool call_check(const struct call *call, enum graft_status status, const char *packed);

/* Fails unless a count of channels is within 1 ... INT_MAX. */
bool call_channels(const struct call *call, const char *name, int64_t channels);

/* The bodies of the kernels, after TF_NewKernelBuilder. */
void info_compute(void *kernel, TF_OpKernelContext *context);
void *constant_create(TF_OpKernelConstruction *construction);
void constant_compute(void *kernel, TF_OpKernelContext *context);
void constant_destroy(void *kernel);
void *pack_create(TF_OpKernelConstruction *construction);
void pack_compute(void *kernel, TF_OpKernelContext *context);
void pack_destroy(void *kernel);
void conv3x3_compute(void *kernel, TF_OpKernelContext *context);
void conv3x3_pool_compute(void *kernel, TF_OpKernelContext *context);
void two_conv3x3_pool_compute(void *kernel, TF_OpKernelContext *context);
void activation_grad_compute(void *kernel, TF_OpKernelContext *context);
void filter_grad_compute(void *kernel, TF_OpKernelContext *context);
void conv_gemm_compute(void *kernel, TF_OpKernelContext *context);
void conv_gemm_bfloat16_compute(void *kernel, TF_OpKernelContext *context);
void conv_gemm_input_grad_compute(void *kernel, TF_OpKernelContext *context);
void conv_gemm_filter_grad_compute(void *kernel, TF_OpKernelContext *context);

/* The shapes of their outputs. */
void unknown_shape(TF_ShapeInferenceContext *context, TF_Status *status);
void info_shape(TF_ShapeInferenceContext *context, TF_Status *status);
void pack_shape(TF_ShapeInferenceContext *context, TF_Status *status);
void conv3x3_shape(TF_ShapeInferenceContext *context, TF_Status *status);
void conv3x3_pool_shape(TF_ShapeInferenceContext *context, TF_Status *status);
void two_conv3x3_pool_shape(TF_ShapeInferenceContext *context, TF_Status *status);
void activation_grad_shape(TF_ShapeInferenceContext *context, TF_Status *status);
void filter_grad_shape(TF_ShapeInferenceContext *context, TF_Status *status);
void conv_gemm_shape(TF_ShapeInferenceContext *context, TF_Status *status);
void conv_gemm_input_grad_shape(TF_ShapeInferenceContext *context, TF_Status *status);
void conv_gemm_filter_grad_shape(TF_ShapeInferenceContext *context, TF_Status *status);

#endif
