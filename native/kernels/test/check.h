/* What the tests share: seeded numbers, guarded arrays, comparisons, and the count of failures. */
#ifndef GRAFT_CHECK_H
#define GRAFT_CHECK_H

#include <stddef.h>
#include <stdint.h>

/* How much to test: 1, or less under a sanitizer, which is many times slower. */
extern double effort;

extern int failures, checks;

/* Counts a check, and prints and counts it where it fails. */
void check(int good, const char *format, ...);

/* The next number of a seeded sequence: whole in 0 ... below-1, or a float in -1 ... 1. */
void seed(uint64_t seed);
int64_t number(int64_t below);
float real(void);

/*
 * An array at a multiple of 64 bytes whose end lies as close before an unreadable page as that
 * allows, filled with reals or with NaN: reading or writing beyond it ends the test.
 */
float *guarded(size_t floats);
float *guarded_nan(size_t floats);
void guarded_free(void *array);

/* sqrt(sum of squared differences / sum of squares of the expected). NaN if anything is. */
double relative_error(const float *found, const double *expected, size_t count);

#endif
