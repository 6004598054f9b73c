#define _GNU_SOURCE
#include "check.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

double effort = 1;
int failures, checks;

static uint64_t state;

void check(int good, const char *format, ...) {
  checks++;
  if (!good) {
    failures++;
    va_list values;
    va_start(values, format);
    printf("FAILED: ");
    vprintf(format, values);
    printf("\n");
    va_end(values);
  }
}

void seed(uint64_t seed) { state = seed * 0x9e3779b97f4a7c15ull + 0x2545f4914f6cdd1dull; }

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

int64_t number(int64_t below) { return (int64_t)(next() >> 33) % below; }

float real(void) { return (float)((double)(next() >> 11) / 9007199254740992.0 * 2 - 1); }

#define PAGE 4096

struct guard {
  void *mapped;
  size_t bytes;
};

static void *map_guarded(size_t floats) {
  size_t bytes = (floats * sizeof(float) + 63) / 64 * 64;
  size_t pages = (bytes + sizeof(struct guard) + 64 + PAGE - 1) / PAGE * PAGE;
  char *mapped = mmap(
      NULL, pages + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED || mprotect(mapped + pages, PAGE, PROT_NONE) != 0) {
    printf("no memory for the test\n");
    exit(2);
  }
  char *array = mapped + pages - bytes;
  struct guard guard = {.mapped = mapped, .bytes = pages + PAGE};
  ((struct guard *)array)[-1] = guard;
  return array;
}

float *guarded(size_t floats) {
  float *array = map_guarded(floats);
  for (size_t i = 0; i < floats; i++) {
    array[i] = real();
  }
  return array;
}

float *guarded_nan(size_t floats) {
  float *array = map_guarded(floats);
  for (size_t i = 0; i < floats; i++) {
    array[i] = NAN;
  }
  return array;
}

void guarded_free(void *array) {
  struct guard guard = ((struct guard *)array)[-1];
  munmap(guard.mapped, guard.bytes);
}

double relative_error(const float *found, const double *expected, size_t count) {
  double difference = 0, size = 0;
  for (size_t i = 0; i < count; i++) {
    double d = found[i] - expected[i];
    difference += d * d;
    size += expected[i] * expected[i];
  }
  if (size == 0) {
    return sqrt(difference);
  }
  return sqrt(difference / size);
}
