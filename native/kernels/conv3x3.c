/* The 3x3 convolution: checks, and the way to the instruction set's own code. */
#include "conv3x3.h"

#include "isa.h"

#include <stdlib.h>
#include <string.h>

/*
 * Larger tiles need fewer multiplications (64 for 36 outputs instead of 36 for 16), but their error,
 * which grows with the root of the channels, is three times as large: 2.5e-6 with 64 channels.
 */
enum algorithm algorithm_for(int c) { return c <= 8 ? DIRECT : (c <= 64 ? WINOGRAD_6 : WINOGRAD_4); }

static int panel_width(void) { return graft_isa() == GRAFT_ISA_AVX512 ? 32 : 16; }

size_t packed_body_floats(enum algorithm algorithm, int panel, int c, int k) {
  /* A tile's points; of a tile of one output they are the nine taps. */
  size_t side = (size_t)algorithm + 2, positions = side * side;
  size_t panels = ((size_t)k + (size_t)panel - 1) / (size_t)panel;
  return panels * positions * (size_t)c * (size_t)panel;
}

size_t graft_packed_floats(int c, int k) {
  return HEAD_FLOATS + packed_body_floats(algorithm_for(c), panel_width(), c, k);
}

enum graft_status graft_pack(
    const float *kernel, int c, int k, int flip, float *packed, int threads) {
  int in = flip ? k : c, out = flip ? c : k;
  enum algorithm algorithm = algorithm_for(in);
  struct packed_head head = {
      .magic = PACKED_MAGIC,
      .version = GRAFT_KERNEL_VERSION,
      .isa = (int32_t)graft_isa(),
      .algorithm = (int32_t)algorithm,
      .c = in,
      .k = out};
  memcpy(packed, &head, sizeof head);
  switch (graft_isa()) {
    case GRAFT_ISA_AVX512:
      pack_avx512(kernel, in, out, flip, algorithm, packed + HEAD_FLOATS, threads);
      return GRAFT_OK;
    case GRAFT_ISA_AVX2:
      pack_avx2(kernel, in, out, flip, algorithm, packed + HEAD_FLOATS, threads);
      return GRAFT_OK;
    default:
      return GRAFT_NO_PROCESSOR;
  }
}

/* Whether it is a kernel for so many channels that this library has packed for this processor. */
static int is_packed(const float *packed, size_t floats, int c, int k) {
  struct packed_head head;
  if (floats < HEAD_FLOATS) {
    return 0;
  }
  memcpy(&head, packed, sizeof head);
  return head.magic == PACKED_MAGIC && head.version == GRAFT_KERNEL_VERSION &&
         head.isa == (int32_t)graft_isa() && head.algorithm == (int32_t)algorithm_for(c) &&
         head.c == c && head.k == k && floats == graft_packed_floats(c, k);
}

enum graft_status graft_conv3x3(const struct graft_conv3x3 *conv, int threads) {
  enum graft_isa isa = graft_isa();
  if (isa == GRAFT_ISA_NONE) {
    return GRAFT_NO_PROCESSOR;
  }
  const struct graft_layer_before *before = conv->before;
  if (!is_packed(conv->packed, conv->packed_floats, conv->c, conv->k)) {
    return GRAFT_BAD_KERNEL;
  }
  if (before != NULL && (!graft_takes_before(before->c, conv->c) ||
                         !is_packed(before->packed, before->packed_floats, before->c, conv->c))) {
    return GRAFT_BAD_KERNEL;
  }
  if (conv->n == 0 || conv->h == 0 || conv->w == 0 || conv->k == 0) {
    return GRAFT_OK;
  }
  enum algorithm algorithm = algorithm_for(conv->c);
  return isa == GRAFT_ISA_AVX512 ? conv3x3_avx512(conv, algorithm, threads)
                                 : conv3x3_avx2(conv, algorithm, threads);
}

int graft_takes_before(int c, int channels) {
  return c >= 1 && algorithm_for(c) == DIRECT && (channels == 32 || channels == 64);
}
