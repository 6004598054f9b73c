/* The kernels' own tests: ./build.sh --test, and --sanitize for the same under a sanitizer. */
#define _GNU_SOURCE
#include "../isa.h"
#include "check.h"
#include "tests.h"

#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define EFFORT 0.1
#else
#define EFFORT 1
#endif

int main(void) {
  const char *wanted = getenv("GRAFT_TEST_EFFORT");
  effort = wanted != NULL ? atof(wanted) : EFFORT;
  /* For jobs of more threads than this machine may have processors. */
  setenv("GRAFT_KERNELS_PROCESSORS", "8", 0);
  enum graft_isa isa = graft_isa();
  if (isa == GRAFT_ISA_NONE) {
    printf("this processor has no AVX2 with FMA: nothing is tested\n");
    return 0;
  }
  test_layers();
  test_gemm();
  test_gradients();
  test_network();
  test_behaviour();
  printf(
      "%s: %d passed, %d failed\n", isa == GRAFT_ISA_AVX512 ? "AVX-512" : "AVX2",
      checks - failures, failures);
  return failures == 0 ? 0 : 1;
}
