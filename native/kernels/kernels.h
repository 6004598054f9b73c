/*
 * The computations behind the operations of ops.c, without TensorFlow: plain float32 arrays, NHWC,
 * row-major. Every function may be called by several threads at once, uses at most `threads`
 * threads itself (0: as many as the process may use, and never more), and gives the same bits for any
 * number of them.
 */
#ifndef GRAFT_KERNELS_H
#define GRAFT_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* Changes whenever packed kernels made by an older library must not be used any more. */
#define GRAFT_KERNEL_VERSION 2

enum graft_status { GRAFT_OK = 0, GRAFT_NO_MEMORY = 1, GRAFT_BAD_KERNEL = 2, GRAFT_NO_PROCESSOR = 3 };

/* Instruction sets; the number is part of the format of packed kernels. */
enum graft_isa { GRAFT_ISA_NONE = 0, GRAFT_ISA_AVX2 = 2, GRAFT_ISA_AVX512 = 5 };

/*
 * What this processor and operating system can do. GRAFT_KERNELS_ISA=avx2 in the environment keeps
 * to AVX2, GRAFT_KERNELS_ISA=none says that there is nothing. Constant for the process.
 */
enum graft_isa graft_isa(void);

/* Bytes of scratch memory that the process holds now, used or not. */
size_t graft_scratch_bytes(void);

/* Floats of a packed 3x3 kernel of c input and k output channels, its header included. */
size_t graft_packed_floats(int c, int k);

/*
 * Packs a kernel [3][3][c][k] for graft_conv3x3. With flip, for the gradient of the input instead:
 * the kernel is turned by 180 degrees and its channels change places, so the result is a packed
 * kernel of k input and c output channels, of graft_packed_floats(k, c) floats.
 */
enum graft_status graft_pack(
    const float *kernel, int c, int k, int flip, float *packed, int threads);

/* A layer of up to 8 input channels before another one, with stride 1 and SAME padding like that. */
struct graft_layer_before {
  const float *packed; /* of graft_pack */
  size_t packed_floats;
  const float *bias; /* or NULL */
  int c, relu;
};

struct graft_conv3x3 {
  const float *input;  /* [n][h][w][c]; with a layer before, [n][h][w][its c] */
  /*
   * Computed on the way, or NULL: its outputs are the inputs here, and nobody else gets them. For 32 or
   * 64 of them.
   */
  const struct graft_layer_before *before;
  const float *packed; /* of graft_pack */
  size_t packed_floats;
  const float *bias; /* [k], or NULL */
  float *output;     /* [n][h][w][k], or with pool [n][(h+1)/2][(w+1)/2][k] */
  /*
   * With pool, or NULL: [n][(h+1)/2][(w+1)/2][k], which of its window's pixels an output is: 0 upper
   * left, 1 upper right, 2 lower left, 3 lower right (the first of equal ones); 4 where relu made it 0.
   */
  uint8_t *which;
  int64_t n, h, w;
  int c, k;
  int relu, pool; /* pool: the maximum of 2x2 with stride 2, SAME */
};

/* Whether a layer of c input and so many output channels can be the one before. */
int graft_takes_before(int c, int channels);

/* A 3x3 convolution with stride 1 and SAME padding; then bias, ReLU and pool where they are wanted. */
enum graft_status graft_conv3x3(const struct graft_conv3x3 *conv, int threads);

struct graft_activation_grad {
  const float *gradient; /* of the output: [n][h][w][k], or with which [n][(h+1)/2][(w+1)/2][k] */
  const float *output;   /* of the layer, like gradient; used with relu and without which */
  const uint8_t *which;  /* of graft_conv3x3, where it had a pool, or NULL */
  float *result;         /* [n][h][w][k]: the gradient of the convolution's sums; may be gradient */
  float *bias;           /* [k]: the gradient of the bias, or NULL */
  int64_t n, h, w;       /* of the convolution, before the pool */
  int k;
  int relu;
};

/* Back through pool and ReLU, and the gradient of the bias. */
enum graft_status graft_activation_grad(const struct graft_activation_grad *grad, int threads);

/*
 * The gradient of a 3x3 kernel: input [n][h][w][c], gradient of the sums [n][h][w][k], result
 * [3][3][c][k].
 */
enum graft_status graft_filter_grad(
    const float *input,
    const float *gradient,
    int64_t n,
    int64_t h,
    int64_t w,
    int c,
    int k,
    float *result,
    int threads);

/* A convolution of any kernel size with stride 1, as a matrix product: fc6, fc7, fc8, scores. */
struct graft_gemm_conv {
  int64_t n, h, w; /* of the input */
  int c, k;
  int kh, kw;
  int same; /* SAME padding, else VALID: the output is [n][h-kh+1][w-kw+1][k] */
};

/* The numbers of a kernel. bfloat16 halves what is read of a fully connected layer. */
enum graft_number { GRAFT_FLOAT = 0, GRAFT_BFLOAT16 = 1 };

/* input [n][h][w][c], kernel [kh][kw][c][k] of the given numbers, bias [k] or NULL. */
enum graft_status graft_gemm_conv(
    const struct graft_gemm_conv *shape,
    const float *input,
    const void *kernel,
    enum graft_number number,
    const float *bias,
    int relu,
    float *output,
    int threads);

/* The gradient of its input [n][h][w][c], of the gradient of its sums. */
enum graft_status graft_gemm_conv_input_grad(
    const struct graft_gemm_conv *shape,
    const float *kernel,
    const float *gradient,
    float *result,
    int threads);

/* The gradient of its kernel [kh][kw][c][k]. */
enum graft_status graft_gemm_conv_filter_grad(
    const struct graft_gemm_conv *shape,
    const float *input,
    const float *gradient,
    float *result,
    int threads);

#endif
