/*
 * The steps of pieces of work, claimed by the thread whose piece it is and by threads that have none of
 * their own left: at the end of a job they share what remains instead of waiting for it.
 */
#ifndef GRAFT_CLAIMS_H
#define GRAFT_CLAIMS_H

#include "pool.h"

#include <stdint.h>

/* More than the steps of a piece and what threads that come too late count beyond them. */
#define CLAIM_STEPS (1 << 16)

/* The piece that a worker has at hand. */
struct claims {
  _Alignas(128) int64_t next; /* atomic: the piece's number * CLAIM_STEPS + the steps claimed so far */
  int64_t done;               /* atomic: the steps done */
};

/* Those of a job. */
struct work {
  int workers, steps; /* steps of each piece */
  int64_t left;       /* atomic: the pieces that are not done */
  struct claims of[POOL_MAX_THREADS];
};

/* Before the job: nothing can be claimed yet. */
static inline void work_init(struct work *work, int workers, int steps, int64_t pieces) {
  work->workers = workers;
  work->steps = steps;
  work->left = pieces;
  for (int worker = 0; worker < workers; worker++) {
    work->of[worker].next = steps;
  }
}

/* From now on the steps of the worker's next piece can be claimed; all of the one before are done. */
static inline void claims_open(struct claims *claims, int64_t piece) {
  __atomic_store_n(&claims->done, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&claims->next, piece * CLAIM_STEPS, __ATOMIC_RELEASE);
}

/* The first of `count` steps for the caller to do (fewer at the end), and of which piece; -1: none. */
static inline int claims_take(
    const struct work *work, struct claims *claims, int count, int64_t *piece) {
  /* Looked at first, lest a thread that waits here counts on and on. */
  if (__atomic_load_n(&claims->next, __ATOMIC_RELAXED) % CLAIM_STEPS >= work->steps) {
    return -1;
  }
  int64_t next = __atomic_fetch_add(&claims->next, count, __ATOMIC_ACQUIRE);
  *piece = next / CLAIM_STEPS;
  int step = (int)(next % CLAIM_STEPS);
  return step < work->steps ? step : -1;
}

static inline void claims_done(struct claims *claims, int count) {
  __atomic_fetch_add(&claims->done, count, __ATOMIC_RELEASE);
}

/* By the worker whose piece it is, when there is nothing to claim any more: until all is done. */
static inline void claims_close(struct work *work, struct claims *claims) {
  for (int spins = 0; __atomic_load_n(&claims->done, __ATOMIC_ACQUIRE) < work->steps; spins++) {
    pool_pause(spins);
  }
  __atomic_fetch_sub(&work->left, 1, __ATOMIC_RELAXED);
}

static inline int work_left(const struct work *work) {
  return __atomic_load_n(&work->left, __ATOMIC_RELAXED) > 0;
}

#endif
