/*
 * The computations of kernels.h done plainly, with sums in double: what the tests measure the
 * kernels against. One thread each.
 */
#ifndef GRAFT_REFERENCE_H
#define GRAFT_REFERENCE_H

#include "kernels.h"

/* The rows and columns of a convolution's output. */
int64_t reference_output_h(const struct graft_gemm_conv *shape);
int64_t reference_output_w(const struct graft_gemm_conv *shape);

/* input [n][h][w][c], kernel [kh][kw][c][k], bias [k] or NULL, output [n][oh][ow][k]. */
void reference_conv(
    const struct graft_gemm_conv *shape,
    const float *input,
    const float *kernel,
    const float *bias,
    int relu,
    double *output);

/* The gradient of the input [n][h][w][c]. */
void reference_conv_input_grad(
    const struct graft_gemm_conv *shape,
    const float *kernel,
    const float *gradient,
    double *result);

/* The gradient of the kernel [kh][kw][c][k]. */
void reference_conv_filter_grad(
    const struct graft_gemm_conv *shape,
    const float *input,
    const float *gradient,
    double *result);

/*
 * The maximum of 2x2 with stride 2, SAME: full [n][h][w][k], pooled [n][(h+1)/2][(w+1)/2][k], which
 * likewise or NULL; relu says that full is the output of a ReLU.
 */
void reference_pool(
    const double *full,
    int64_t n,
    int64_t h,
    int64_t w,
    int k,
    int relu,
    double *pooled,
    uint8_t *which);

/*
 * The layer of conv with a kernel [3][3][c][k] that is not packed; packed and output of conv are not
 * used, output is as large as conv says. GRAFT_NO_MEMORY only with a pool, which needs scratch.
 */
enum graft_status reference_conv3x3(
    const struct graft_conv3x3 *conv, const float *kernel, double *output, uint8_t *which);

/* The gradients of grad, result and bias of which are not used; bias [k] or NULL. */
void reference_activation_grad(
    const struct graft_activation_grad *grad, double *result, double *bias);

#endif
