/* Inside of the 3x3 convolution: packed kernels, and what each instruction set implements. */
#ifndef GRAFT_CONV3X3_H
#define GRAFT_CONV3X3_H

#include "kernels.h"

/* How a layer is computed; the value is the outputs of a tile, down and across. */
enum algorithm { DIRECT = 1, WINOGRAD_4 = 4, WINOGRAD_6 = 6 };

#define PACKED_MAGIC 0x54465247u /* GRFT */

/* At the start of a packed kernel; 64 bytes. */
struct packed_head {
  uint32_t magic;
  int32_t version;
  int32_t isa;
  int32_t algorithm;
  int32_t c, k;
  int32_t reserved[10];
};

#define HEAD_FLOATS (sizeof(struct packed_head) / sizeof(float))

/* The algorithm for a layer of so many input channels: the packed kernel is made for it. */
enum algorithm algorithm_for(int c);

/*
 * Packed kernels behind the head: DIRECT [panel][9 * c][2 * LANES], else
 * [panel][36 or 64 points][c][2 * LANES]; a panel is 2 * LANES output channels, zeros behind the last.
 */
size_t packed_body_floats(enum algorithm algorithm, int panel, int c, int k);

enum graft_status conv3x3_avx2(
    const struct graft_conv3x3 *conv, enum algorithm algorithm, int threads);
enum graft_status conv3x3_avx512(
    const struct graft_conv3x3 *conv, enum algorithm algorithm, int threads);

void pack_avx2(
    const float *kernel, int c, int k, int flip, enum algorithm algorithm, float *body, int threads);
void pack_avx512(
    const float *kernel, int c, int k, int flip, enum algorithm algorithm, float *body, int threads);

#endif
