/* Vectors of 8 floats: the same functions as simd_avx512.h. */
#ifndef GRAFT_SIMD_H
#define GRAFT_SIMD_H

#include <immintrin.h>
#include <stdint.h>

#define LANES 8
#define ROWS 6 /* of the micro kernel: 12 sums, two columns, a broadcast value: 15 of 16 registers */
#define ISA(name) name##_avx2

typedef __m256 vec;

static inline vec v_load(const float *p) { return _mm256_loadu_ps(p); }
static inline void v_store(float *p, vec v) { _mm256_storeu_ps(p, v); }
static inline vec v_all(float x) { return _mm256_set1_ps(x); }
static inline vec v_zero(void) { return _mm256_setzero_ps(); }
static inline vec v_add(vec a, vec b) { return _mm256_add_ps(a, b); }
static inline vec v_sub(vec a, vec b) { return _mm256_sub_ps(a, b); }
static inline vec v_mul(vec a, vec b) { return _mm256_mul_ps(a, b); }
static inline vec v_fma(vec a, vec b, vec c) { return _mm256_fmadd_ps(a, b, c); }
static inline vec v_fnma(vec a, vec b, vec c) { return _mm256_fnmadd_ps(a, b, c); }
static inline vec v_max(vec a, vec b) { return _mm256_max_ps(a, b); }

static inline __m256i first_lanes(int n) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

static inline vec v_load_n(const float *p, int n) {
  return n >= LANES ? v_load(p) : _mm256_maskload_ps(p, first_lanes(n));
}

static inline void v_store_n(float *p, vec v, int n) {
  if (n >= LANES) {
    v_store(p, v);
  } else {
    _mm256_maskstore_ps(p, first_lanes(n), v);
  }
}

static inline void v_stream(float *p, vec v) { _mm256_stream_ps(p, v); }

static inline vec v_load_bf16(const uint16_t *p, int n) {
  uint16_t some[8] = {0};
  for (int i = 0; i < n && n < LANES; i++) {
    some[i] = p[i];
  }
  __m128i halves = _mm_loadu_si128((const __m128i *)(n >= LANES ? p : some));
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(halves), 16));
}

typedef __m256i ivec;

static inline ivec i_all(int x) { return _mm256_set1_epi32(x); }
static inline ivec i_if_greater(vec a, vec b, ivec x, ivec y) {
  return _mm256_blendv_epi8(y, x, _mm256_castps_si256(_mm256_cmp_ps(a, b, _CMP_GT_OQ)));
}
static inline vec v_if_equal(ivec a, ivec b, vec v) {
  return _mm256_and_ps(v, _mm256_castsi256_ps(_mm256_cmpeq_epi32(a, b)));
}
static inline vec v_if_positive(vec x, vec v) {
  return _mm256_and_ps(v, _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_GT_OQ));
}
static inline void i_store_bytes(uint8_t *p, ivec v, int n) {
  int32_t numbers[8];
  _mm256_storeu_si256((__m256i *)numbers, v);
  for (int i = 0; i < n && i < LANES; i++) {
    p[i] = (uint8_t)numbers[i];
  }
}
static inline ivec i_load_bytes(const uint8_t *p, int n) {
  if (n >= LANES) {
    return _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)p));
  }
  uint8_t bytes[8] = {0};
  for (int i = 0; i < n; i++) {
    bytes[i] = p[i];
  }
  return _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)bytes));
}

static inline void v_transpose(vec m[LANES]) {
  __m256 a[8], b[8];
  for (int i = 0; i < 8; i += 2) {
    a[i] = _mm256_unpacklo_ps(m[i], m[i + 1]);
    a[i + 1] = _mm256_unpackhi_ps(m[i], m[i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {
    b[i] = _mm256_shuffle_ps(a[i], a[i + 2], 0x44);
    b[i + 1] = _mm256_shuffle_ps(a[i], a[i + 2], 0xee);
    b[i + 2] = _mm256_shuffle_ps(a[i + 1], a[i + 3], 0x44);
    b[i + 3] = _mm256_shuffle_ps(a[i + 1], a[i + 3], 0xee);
  }
  for (int i = 0; i < 4; i++) {
    m[i] = _mm256_permute2f128_ps(b[i], b[i + 4], 0x20);
    m[i + 4] = _mm256_permute2f128_ps(b[i], b[i + 4], 0x31);
  }
}

#endif
