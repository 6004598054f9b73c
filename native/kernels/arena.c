#define _GNU_SOURCE
#include "arena.h"

#include "kernels.h"

#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>

#define HUGE_PAGE ((size_t)2 << 20)
#define HEAD 64

struct region {
  struct region *next;
  size_t bytes; /* of the mapping, this head included */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct region *idle;
static size_t held;

static struct region *map(size_t bytes) {
  /* One huge page more, so that the start can be moved to a huge page's boundary. */
  char *mapped = mmap(
      NULL, bytes + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) {
    return NULL;
  }
  size_t before = (HUGE_PAGE - (uintptr_t)mapped % HUGE_PAGE) % HUGE_PAGE;
  if (before > 0) {
    munmap(mapped, before);
  }
  if (before < HUGE_PAGE) {
    munmap(mapped + before + bytes, HUGE_PAGE - before);
  }
  struct region *region = (struct region *)(mapped + before);
  madvise(region, bytes, MADV_HUGEPAGE);
  region->bytes = bytes;
  return region;
}

void *arena_take(size_t bytes) {
  if (bytes > SIZE_MAX / 2) {
    return NULL;
  }
  size_t needed = (bytes + HEAD + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
  pthread_mutex_lock(&lock);
  struct region **best = NULL, **largest = NULL;
  for (struct region **at = &idle; *at != NULL; at = &(*at)->next) {
    if ((*at)->bytes >= needed && (best == NULL || (*at)->bytes < (*best)->bytes)) {
      best = at;
    }
    if (largest == NULL || (*at)->bytes > (*largest)->bytes) {
      largest = at;
    }
  }
  struct region **chosen = best != NULL ? best : largest;
  struct region *region = NULL;
  if (chosen != NULL) {
    region = *chosen;
    *chosen = region->next;
    if (best == NULL) {
      held -= region->bytes;
    }
  }
  pthread_mutex_unlock(&lock);
  if (region != NULL && region->bytes < needed) {
    munmap(region, region->bytes);
    region = NULL;
  }
  if (region == NULL) {
    region = map(needed);
    if (region == NULL) {
      return NULL;
    }
    pthread_mutex_lock(&lock);
    held += needed;
    pthread_mutex_unlock(&lock);
  }
  return (char *)region + HEAD;
}

void arena_give(void *block) {
  if (block == NULL) {
    return;
  }
  struct region *region = (struct region *)((char *)block - HEAD);
  pthread_mutex_lock(&lock);
  region->next = idle;
  idle = region;
  pthread_mutex_unlock(&lock);
}

size_t graft_scratch_bytes(void) {
  pthread_mutex_lock(&lock);
  size_t bytes = held;
  pthread_mutex_unlock(&lock);
  return bytes;
}
