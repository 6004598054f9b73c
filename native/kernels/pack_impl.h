/* Packing of 3x3 kernels; see packed_body_floats for the layout. */
#include "conv3x3.h"
#include "pool.h"
#include "transform_impl.h"

struct pack {
  const float *kernel;
  float *body;
  int c, k, flip;
  enum algorithm algorithm;
  double factors[MOST_SIDE][3];
};

/* The value of a tap from input channel c to output channel k of the packed kernel, turned. */
static inline float turned_tap(const struct pack *p, int tap, int c, int k) {
  return p->kernel[((8 - tap) * (size_t)p->k + k) * p->c + c];
}

/* The nine taps from one input channel to a panel of output channels. */
static void taps(const struct pack *p, int c, int first, float t[9][2 * LANES]) {
  int count = p->k - first < 2 * LANES ? p->k - first : 2 * LANES;
  for (int i = 0; i < 9; i++) {
    if (!p->flip) {
      const float *from = p->kernel + ((size_t)i * p->c + c) * p->k + first;
      for (int j = 0; j < count; j++) {
        t[i][j] = from[j];
      }
    } else {
      for (int j = 0; j < count; j++) {
        t[i][j] = turned_tap(p, i, c, first + j);
      }
    }
    for (int j = count; j < 2 * LANES; j++) {
      t[i][j] = 0;
    }
  }
}

/* In double, then rounded once: the kernel's part of the error is that of rounding its result. */
static void winograd_taps(
    const struct pack *p, float t[9][2 * LANES], float *out, size_t point_stride) {
  const int side = SIDE_OF((int)p->algorithm);
  double rows[MOST_SIDE][3][2 * LANES];
  for (int i = 0; i < side; i++) {
    for (int column = 0; column < 3; column++) {
      for (int j = 0; j < 2 * LANES; j++) {
        rows[i][column][j] = p->factors[i][0] * t[column][j] + p->factors[i][1] * t[3 + column][j] +
                             p->factors[i][2] * t[6 + column][j];
      }
    }
  }
  for (int i = 0; i < side; i++) {
    for (int l = 0; l < side; l++) {
      float *to = out + (size_t)(i * side + l) * point_stride;
      for (int j = 0; j < 2 * LANES; j++) {
        to[j] = (float)(p->factors[l][0] * rows[i][0][j] + p->factors[l][1] * rows[i][1][j] +
                        p->factors[l][2] * rows[i][2][j]);
      }
    }
  }
}

/* A part is sixteen input channels of a panel. */
#define PACK_CHANNELS 16

static void pack_part(void *context, int worker, int64_t part) {
  (void)worker;
  const struct pack *p = context;
  int64_t groups = (p->c + PACK_CHANNELS - 1) / PACK_CHANNELS;
  int64_t panel = part / groups;
  int first_channel = (int)(part % groups) * PACK_CHANNELS;
  int points = POINTS_OF((int)p->algorithm);
  size_t point_stride = (size_t)p->c * 2 * LANES;
  float *out = p->body + (size_t)panel * points * point_stride;
  for (int c = first_channel; c < p->c && c < first_channel + PACK_CHANNELS; c++) {
    float t[9][2 * LANES];
    taps(p, c, (int)panel * 2 * LANES, t);
    float *to = out + (size_t)c * 2 * LANES;
    if (p->algorithm != DIRECT) {
      winograd_taps(p, t, to, point_stride);
      continue;
    }
    for (int i = 0; i < 9; i++) {
      for (int j = 0; j < 2 * LANES; j++) {
        to[i * point_stride + j] = t[i][j];
      }
    }
  }
}

void ISA(pack)(
    const float *kernel, int c, int k, int flip, enum algorithm algorithm, float *body, int threads) {
  struct pack p = {.kernel = kernel, .body = body, .c = c, .k = k, .flip = flip,
                   .algorithm = algorithm};
  if (algorithm != DIRECT) {
    kernel_factors((int)algorithm, p.factors);
  }
  int64_t panels = (k + 2 * LANES - 1) / (2 * LANES);
  int64_t groups = (c + PACK_CHANNELS - 1) / PACK_CHANNELS;
  pool_run(threads, panels * groups, pack_part, &p);
}
