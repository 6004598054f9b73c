/* Vectors of 16 floats. */
#ifndef GRAFT_SIMD_H
#define GRAFT_SIMD_H

#include <immintrin.h>
#include <stdint.h>

#define LANES 16
#define ROWS 14 /* of the micro kernel: 28 sums, two columns, a broadcast value: 31 of 32 registers */
#define ISA(name) name##_avx512

typedef __m512 vec;

static inline vec v_load(const float *p) { return _mm512_loadu_ps(p); }
static inline void v_store(float *p, vec v) { _mm512_storeu_ps(p, v); }
static inline vec v_all(float x) { return _mm512_set1_ps(x); }
static inline vec v_zero(void) { return _mm512_setzero_ps(); }
static inline vec v_add(vec a, vec b) { return _mm512_add_ps(a, b); }
static inline vec v_sub(vec a, vec b) { return _mm512_sub_ps(a, b); }
static inline vec v_mul(vec a, vec b) { return _mm512_mul_ps(a, b); }
/* a * b + c */
static inline vec v_fma(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }
/* c - a * b */
static inline vec v_fnma(vec a, vec b, vec c) { return _mm512_fnmadd_ps(a, b, c); }
/* The larger one; b where one is not a number. */
static inline vec v_max(vec a, vec b) { return _mm512_max_ps(a, b); }

static inline __mmask16 first_lanes(int n) { return (__mmask16)((1u << n) - 1); }

/* The first n floats (0 ... LANES), zeros behind them. */
static inline vec v_load_n(const float *p, int n) {
  return n >= LANES ? v_load(p) : _mm512_maskz_loadu_ps(first_lanes(n), p);
}

static inline void v_store_n(float *p, vec v, int n) {
  if (n >= LANES) {
    v_store(p, v);
  } else {
    _mm512_mask_storeu_ps(p, first_lanes(n), v);
  }
}

/* Past the caches: for what nobody reads soon. p is a multiple of the vector's size. */
static inline void v_stream(float *p, vec v) { _mm512_stream_ps(p, v); }

/* The first n of numbers in bfloat16, the upper half of a float; the lower half is zeros. */
static inline vec v_load_bf16(const uint16_t *p, int n) {
  __m256i halves = n >= LANES ? _mm256_loadu_si256((const __m256i *)p)
                              : _mm256_maskz_loadu_epi16(first_lanes(n), p);
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
}

typedef __m512i ivec;

static inline ivec i_all(int x) { return _mm512_set1_epi32(x); }
/* x where a > b, else y; y where one is not a number. */
static inline ivec i_if_greater(vec a, vec b, ivec x, ivec y) {
  return _mm512_mask_mov_epi32(y, _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ), x);
}
/* v where a equals b, else 0. */
static inline vec v_if_equal(ivec a, ivec b, vec v) {
  return _mm512_maskz_mov_ps(_mm512_cmpeq_epi32_mask(a, b), v);
}
/* v where x > 0, else 0. */
static inline vec v_if_positive(vec x, vec v) {
  return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_GT_OQ), v);
}
/* The numbers 0 ... 255 of the first n lanes as bytes, and back. */
static inline void i_store_bytes(uint8_t *p, ivec v, int n) {
  if (n >= LANES) {
    _mm_storeu_si128((__m128i *)p, _mm512_cvtepi32_epi8(v));
  } else {
    _mm512_mask_cvtepi32_storeu_epi8(p, first_lanes(n), v);
  }
}
static inline ivec i_load_bytes(const uint8_t *p, int n) {
  if (n >= LANES) {
    return _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)p));
  }
  return _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(first_lanes(n), p));
}

/* Rows become columns. */
static inline void v_transpose(vec m[LANES]) {
  __m512 a[16], b[16];
  for (int i = 0; i < 16; i += 2) {
    a[i] = _mm512_unpacklo_ps(m[i], m[i + 1]);
    a[i + 1] = _mm512_unpackhi_ps(m[i], m[i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    b[i] = _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(a[i]), _mm512_castps_pd(a[i + 2])));
    b[i + 1] =
        _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(a[i]), _mm512_castps_pd(a[i + 2])));
    b[i + 2] = _mm512_castpd_ps(
        _mm512_unpacklo_pd(_mm512_castps_pd(a[i + 1]), _mm512_castps_pd(a[i + 3])));
    b[i + 3] = _mm512_castpd_ps(
        _mm512_unpackhi_pd(_mm512_castps_pd(a[i + 1]), _mm512_castps_pd(a[i + 3])));
  }
  for (int i = 0; i < 4; i++) {
    a[i] = _mm512_shuffle_f32x4(b[i], b[i + 4], 0x88);
    a[i + 4] = _mm512_shuffle_f32x4(b[i], b[i + 4], 0xdd);
    a[i + 8] = _mm512_shuffle_f32x4(b[i + 8], b[i + 12], 0x88);
    a[i + 12] = _mm512_shuffle_f32x4(b[i + 8], b[i + 12], 0xdd);
  }
  for (int i = 0; i < 8; i++) {
    m[i] = _mm512_shuffle_f32x4(a[i], a[i + 8], 0x88);
    m[i + 8] = _mm512_shuffle_f32x4(a[i], a[i + 8], 0xdd);
  }
}

#endif
