/* The 3x3 convolution: checks, and the way to the instruction set's own code. */
#include "conv3x3.h"

#include "isa.h"

#include <stdlib.h>
#include <string.h>

enum algorithm algorithm_for(int c) { return c <= 8 ? DIRECT : WINOGRAD; }

static int panel_width(void) { return graft_isa() == GRAFT_ISA_AVX512 ? 32 : 16; }

size_t packed_body_floats(enum algorithm algorithm, int panel, int c, int k) {
  size_t positions = algorithm == DIRECT ? 9 : 36;
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

enum graft_status graft_conv3x3(const struct graft_conv3x3 *conv, int threads) {
  enum graft_isa isa = graft_isa();
  if (isa == GRAFT_ISA_NONE) {
    return GRAFT_NO_PROCESSOR;
  }
  struct packed_head head;
  if (conv->packed_floats < HEAD_FLOATS) {
    return GRAFT_BAD_KERNEL;
  }
  memcpy(&head, conv->packed, sizeof head);
  int known = head.algorithm == DIRECT || head.algorithm == WINOGRAD;
  if (head.magic != PACKED_MAGIC || head.version != GRAFT_KERNEL_VERSION ||
      head.isa != (int32_t)isa || !known || head.c != conv->c || head.k != conv->k ||
      conv->packed_floats != HEAD_FLOATS + packed_body_floats(
                                               (enum algorithm)head.algorithm, panel_width(),
                                               conv->c, conv->k)) {
    return GRAFT_BAD_KERNEL;
  }
  if (conv->n == 0 || conv->h == 0 || conv->w == 0 || conv->k == 0) {
    return GRAFT_OK;
  }
  return isa == GRAFT_ISA_AVX512
             ? conv3x3_avx512(conv, (enum algorithm)head.algorithm, threads)
             : conv3x3_avx2(conv, (enum algorithm)head.algorithm, threads);
}
