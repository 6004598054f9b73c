/* What the processor can do, and how many of them this process may use. */
#define _GNU_SOURCE
#include "isa.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

static enum graft_isa detect(void) {
  /* Both look at what the operating system saves of the registers, too. */
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
    return GRAFT_ISA_NONE;
  }
  int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  const char *limit = getenv("GRAFT_KERNELS_ISA");
  if (limit != NULL && strcmp(limit, "none") == 0) {
    return GRAFT_ISA_NONE;
  }
  if (limit != NULL && strcmp(limit, "avx2") == 0) {
    return GRAFT_ISA_AVX2;
  }
  return avx512 ? GRAFT_ISA_AVX512 : GRAFT_ISA_AVX2;
}

enum graft_isa graft_isa(void) {
  static int known = -1; /* every thread would find the same */
  int isa = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (isa < 0) {
    isa = (int)detect();
    __atomic_store_n(&known, isa, __ATOMIC_RELAXED);
  }
  return (enum graft_isa)isa;
}

int processors(void) {
  static int known = 0;
  int count = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (count == 0) {
    cpu_set_t set;
    count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    const char *wanted = getenv("GRAFT_KERNELS_PROCESSORS");
    if (wanted != NULL && atoi(wanted) > 0) {
      count = atoi(wanted);
    }
    count = count < 1 ? 1 : count;
    __atomic_store_n(&known, count, __ATOMIC_RELAXED);
  }
  return count;
}
