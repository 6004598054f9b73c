/* Registers the operations with TensorFlow when the library is loaded. */
#include "ops.h"

#include <stdio.h>

struct definition {
  const char *name;
  const char *inputs[6];
  const char *outputs[3];
  const char *attrs[5];
  void (*shape)(TF_ShapeInferenceContext *, TF_Status *);
  void (*compute)(void *, TF_OpKernelContext *);
};

#define THREADS "threads: int >= 0 = 0"
#define RELU "relu: bool = true"
#define PADDING "padding: {'SAME', 'VALID'}"

static const struct definition definitions[] = {
    {.name = "GraftConv3x3",
     .inputs = {"input: float", "packed: float", "bias: float"},
     .outputs = {"output: float"},
     .attrs = {"channels: int >= 1", RELU, THREADS},
     .shape = conv3x3_shape,
     .compute = conv3x3_compute},
    {.name = "GraftConv3x3Pool",
     .inputs = {"input: float", "packed: float", "bias: float"},
     .outputs = {"output: float", "which: uint8"},
     .attrs = {"channels: int >= 1", RELU, "record: bool = false", THREADS},
     .shape = conv3x3_pool_shape,
     .compute = conv3x3_pool_compute},
    {.name = "GraftTwoConv3x3Pool",
     .inputs =
         {"input: float", "packed: float", "bias: float", "packed_before: float",
          "bias_before: float"},
     .outputs = {"output: float"},
     .attrs = {"channels_before: int >= 1", "channels: int >= 1", RELU, THREADS},
     .shape = two_conv3x3_pool_shape,
     .compute = two_conv3x3_pool_compute},
    {.name = "GraftActivationGrad",
     .inputs = {"gradient: float", "output: float", "which: uint8", "like: float"},
     .outputs = {"result: float", "bias: float"},
     .attrs = {RELU, THREADS},
     .shape = activation_grad_shape,
     .compute = activation_grad_compute},
    {.name = "GraftFilterGrad",
     .inputs = {"input: float", "gradient: float"},
     .outputs = {"result: float"},
     .attrs = {THREADS},
     .shape = filter_grad_shape,
     .compute = filter_grad_compute},
    {.name = "GraftConvGemm",
     .inputs = {"input: float", "kernel: float", "bias: float"},
     .outputs = {"output: float"},
     .attrs = {PADDING, RELU, THREADS},
     .shape = conv_gemm_shape,
     .compute = conv_gemm_compute},
    {.name = "GraftConvGemmBfloat16",
     .inputs = {"input: float", "kernel: bfloat16", "bias: float"},
     .outputs = {"output: float"},
     .attrs = {PADDING, RELU, THREADS},
     .shape = conv_gemm_shape,
     .compute = conv_gemm_bfloat16_compute},
    {.name = "GraftConvGemmInputGrad",
     .inputs = {"like: float", "kernel: float", "gradient: float"},
     .outputs = {"result: float"},
     .attrs = {PADDING, THREADS},
     .shape = conv_gemm_input_grad_shape,
     .compute = conv_gemm_input_grad_compute},
    {.name = "GraftConvGemmFilterGrad",
     .inputs = {"input: float", "like: float", "gradient: float"},
     .outputs = {"result: float"},
     .attrs = {PADDING, THREADS},
     .shape = conv_gemm_filter_grad_shape,
     .compute = conv_gemm_filter_grad_compute},
};

static TF_OpDefinitionBuilder *definition_builder(const struct definition *definition) {
  TF_OpDefinitionBuilder *builder = TF_NewOpDefinitionBuilder(definition->name);
  for (const char *const *attr = definition->attrs; *attr != NULL; attr++) {
    TF_OpDefinitionBuilderAddAttr(builder, *attr);
  }
  for (const char *const *input = definition->inputs; *input != NULL; input++) {
    TF_OpDefinitionBuilderAddInput(builder, *input);
  }
  for (const char *const *output = definition->outputs; *output != NULL; output++) {
    TF_OpDefinitionBuilderAddOutput(builder, *output);
  }
  TF_OpDefinitionBuilderSetShapeInferenceFunction(builder, definition->shape);
  return builder;
}

static bool registered(
    const char *name, TF_OpDefinitionBuilder *builder, TF_KernelBuilder *kernel, TF_Status *status) {
  TF_RegisterOpDefinition(builder, status);
  if (TF_GetCode(status) == TF_OK) {
    TF_RegisterKernelBuilder(name, kernel, status);
  }
  return TF_GetCode(status) == TF_OK;
}

static bool register_plain(const struct definition *definition, TF_Status *status) {
  return registered(
      definition->name,
      definition_builder(definition),
      TF_NewKernelBuilder(
          definition->name, "CPU", attrs_create, definition->compute, attrs_destroy),
      status);
}

static bool register_constant(TF_Status *status) {
  static const struct definition constant = {
      .name = "GraftConstant",
      .outputs = {"value: dtype"},
      .attrs = {"dtype: {float, bfloat16}", "shape: shape", "file: string"},
      .shape = unknown_shape};
  TF_OpDefinitionBuilder *builder = definition_builder(&constant);
  /* So that a session has one kernel of each node, and no optimizer copies its value. */
  TF_OpDefinitionBuilderSetIsStateful(builder, true);
  return registered(
      constant.name,
      builder,
      TF_NewKernelBuilder(
          constant.name, "CPU", constant_create, constant_compute, constant_destroy),
      status);
}

static bool register_pack(TF_Status *status) {
  static const struct definition pack = {
      .name = "GraftPackKernel",
      .inputs = {"kernel: float"},
      .outputs = {"packed: float"},
      .attrs = {"flip: bool = false", THREADS},
      .shape = pack_shape};
  TF_OpDefinitionBuilder *builder = definition_builder(&pack);
  /*
   * So that a session has one kernel of each node, whatever it is asked to fetch, and so one packed
   * copy; and no optimizer replaces it by a constant.
   */
  TF_OpDefinitionBuilderSetIsStateful(builder, true);
  return registered(
      pack.name,
      builder,
      TF_NewKernelBuilder(pack.name, "CPU", pack_create, pack_compute, pack_destroy),
      status);
}

static bool register_info(TF_Status *status) {
  /*
   * The defaults of its attributes say what the operation would: making a session to run it would
   * fix the number of TensorFlow's threads for the process.
   */
  char version[32], isa[32];
  snprintf(version, sizeof version, "version: int = %d", GRAFT_KERNEL_VERSION);
  snprintf(isa, sizeof isa, "isa: int = %d", (int)graft_isa());
  struct definition info = {
      .name = "GraftInfo",
      .outputs = {"info: int32"},
      .attrs = {version, isa},
      .shape = info_shape};
  return registered(
      info.name,
      definition_builder(&info),
      TF_NewKernelBuilder(info.name, "CPU", NULL, info_compute, NULL),
      status);
}

/* GraftInfo comes last: where it is there, all are. */
__attribute__((constructor)) static void register_operations(void) {
  TF_Status *status = TF_NewStatus();
  bool good = register_pack(status) && register_constant(status);
  for (size_t i = 0; good && i < sizeof definitions / sizeof definitions[0]; i++) {
    good = register_plain(&definitions[i], status);
  }
  if (good) {
    register_info(status);
  }
  TF_DeleteStatus(status);
}
