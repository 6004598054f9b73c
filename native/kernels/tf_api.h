/*
 * The functions of TensorFlow's C API that the operations use, declared here so that no header of
 * TensorFlow is needed. All are exported by libtensorflow_framework.so.2 since TensorFlow 2.5.
 * build.sh makes its stub library of every name in this file that is followed by a parenthesis.
 */
#ifndef GRAFT_TF_API_H
#define GRAFT_TF_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct TF_Status TF_Status;
typedef struct TF_Tensor TF_Tensor;
typedef struct TF_OpDefinitionBuilder TF_OpDefinitionBuilder;
typedef struct TF_KernelBuilder TF_KernelBuilder;
typedef struct TF_OpKernelConstruction TF_OpKernelConstruction;
typedef struct TF_OpKernelContext TF_OpKernelContext;
typedef struct TF_ShapeInferenceContext TF_ShapeInferenceContext;
typedef struct TF_ShapeHandle TF_ShapeHandle;
typedef struct TF_DimensionHandle TF_DimensionHandle;

typedef enum TF_Code {
  TF_OK = 0,
  TF_INVALID_ARGUMENT = 3,
  TF_RESOURCE_EXHAUSTED = 8,
  TF_FAILED_PRECONDITION = 9,
  TF_INTERNAL = 13
} TF_Code;

typedef enum TF_DataType {
  TF_FLOAT = 1,
  TF_INT32 = 3,
  TF_UINT8 = 4,
  TF_BFLOAT16 = 14
} TF_DataType;

/* Status. */
TF_Status *TF_NewStatus(void);
void TF_DeleteStatus(TF_Status *);
void TF_SetStatus(TF_Status *, TF_Code, const char *message);
TF_Code TF_GetCode(const TF_Status *);

/* Tensors. */
/* Takes the data, at a multiple of 64 bytes, and gives them to the deallocator at the end. */
TF_Tensor *TF_NewTensor(
    TF_DataType,
    const int64_t *dims,
    int rank,
    void *data,
    size_t bytes,
    void (*deallocator)(void *data, size_t bytes, void *argument),
    void *argument);
void TF_DeleteTensor(TF_Tensor *);
int TF_NumDims(const TF_Tensor *);
int64_t TF_Dim(const TF_Tensor *, int axis);
void *TF_TensorData(const TF_Tensor *);
/* The tensor itself if nothing else holds its memory, else NULL. */
TF_Tensor *TF_TensorMaybeMove(TF_Tensor *);

/* Definitions of operations. */
TF_OpDefinitionBuilder *TF_NewOpDefinitionBuilder(const char *name);
void TF_OpDefinitionBuilderAddAttr(TF_OpDefinitionBuilder *, const char *spec);
void TF_OpDefinitionBuilderAddInput(TF_OpDefinitionBuilder *, const char *spec);
void TF_OpDefinitionBuilderAddOutput(TF_OpDefinitionBuilder *, const char *spec);
void TF_OpDefinitionBuilderSetIsStateful(TF_OpDefinitionBuilder *, bool);
void TF_OpDefinitionBuilderSetShapeInferenceFunction(
    TF_OpDefinitionBuilder *, void (*)(TF_ShapeInferenceContext *, TF_Status *));
void TF_RegisterOpDefinition(TF_OpDefinitionBuilder *, TF_Status *); /* frees the builder */

/* Kernels. */
TF_KernelBuilder *TF_NewKernelBuilder(
    const char *op,
    const char *device,
    void *(*create)(TF_OpKernelConstruction *),
    void (*compute)(void *, TF_OpKernelContext *),
    void (*destroy)(void *));
void TF_RegisterKernelBuilder(const char *name, TF_KernelBuilder *, TF_Status *); /* frees it */

/* Making a kernel. */
bool TF_OpKernelConstruction_HasAttr(TF_OpKernelConstruction *, const char *name, TF_Status *);
void TF_OpKernelConstruction_GetAttrInt64(
    TF_OpKernelConstruction *, const char *name, int64_t *, TF_Status *);
void TF_OpKernelConstruction_GetAttrBool(
    TF_OpKernelConstruction *, const char *name, unsigned char *, TF_Status *);
void TF_OpKernelConstruction_GetAttrString(
    TF_OpKernelConstruction *, const char *name, char *, size_t max_length, TF_Status *);
void TF_OpKernelConstruction_GetAttrType(
    TF_OpKernelConstruction *, const char *name, TF_DataType *, TF_Status *);
/* The length of a string or the rank of a shape (-1: unknown) in `total`. */
void TF_OpKernelConstruction_GetAttrSize(
    TF_OpKernelConstruction *, const char *name, int32_t *list, int32_t *total, TF_Status *);
void TF_OpKernelConstruction_GetAttrTensorShape(
    TF_OpKernelConstruction *, const char *name, int64_t *dims, size_t rank, TF_Status *);
void TF_OpKernelConstruction_Failure(TF_OpKernelConstruction *, TF_Status *);

/* Running a kernel. */
void TF_GetInput(TF_OpKernelContext *, int index, TF_Tensor **, TF_Status *);
TF_Tensor *TF_AllocateOutput(
    TF_OpKernelContext *,
    int index,
    TF_DataType,
    const int64_t *dims,
    int rank,
    size_t bytes,
    TF_Status *);
TF_Tensor *TF_ForwardInputOrAllocateOutput(
    TF_OpKernelContext *,
    const int *candidates,
    int candidate_count,
    int index,
    const int64_t *dims,
    int rank,
    int *forwarded,
    TF_Status *);
/* Only for an output that has not been allocated. */
void TF_SetOutput(TF_OpKernelContext *, int index, const TF_Tensor *, TF_Status *);
void TF_OpKernelContext_Failure(TF_OpKernelContext *, TF_Status *);

/* Shapes of outputs. */
TF_ShapeHandle *TF_NewShapeHandle(void);
void TF_DeleteShapeHandle(TF_ShapeHandle *);
TF_DimensionHandle *TF_NewDimensionHandle(void);
void TF_DeleteDimensionHandle(TF_DimensionHandle *);
int TF_DimensionHandleValueKnown(TF_DimensionHandle *);
int64_t TF_DimensionHandleValue(TF_DimensionHandle *);
void TF_ShapeInferenceContextGetInput(
    TF_ShapeInferenceContext *, int index, TF_ShapeHandle *, TF_Status *);
void TF_ShapeInferenceContextWithRank(
    TF_ShapeInferenceContext *, TF_ShapeHandle *, int64_t rank, TF_ShapeHandle *result, TF_Status *);
void TF_ShapeInferenceContextDim(
    TF_ShapeInferenceContext *, TF_ShapeHandle *, int64_t axis, TF_DimensionHandle *result);
TF_ShapeHandle *TF_ShapeInferenceContextVectorFromSize(TF_ShapeInferenceContext *, size_t size);
void TF_ShapeInferenceContextConcatenateShapes(
    TF_ShapeInferenceContext *,
    TF_ShapeHandle *first,
    TF_ShapeHandle *second,
    TF_ShapeHandle *result,
    TF_Status *);
void TF_ShapeInferenceContextSetOutput(
    TF_ShapeInferenceContext *, int index, TF_ShapeHandle *, TF_Status *);
void TF_ShapeInferenceContextSetUnknownShape(TF_ShapeInferenceContext *, TF_Status *);

#endif
