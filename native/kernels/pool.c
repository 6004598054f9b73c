#define _GNU_SOURCE
#include "pool.h"

#include "isa.h"

#include <immintrin.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/*
 * How long a helper without work stays awake: longer than the last part of another thread and the gap
 * between two layers of a network (5-20 us). Being woken takes 10 to 40 us, twenty times a network.
 */
#define AWAKE_NANOS 200000

struct job {
  pool_body body;
  void *context;
  int64_t parts;
  int64_t next;    /* atomic: the next part */
  int threads;     /* workers at most */
  int workers;     /* under the lock: workers so far, the caller included */
  int helping;     /* atomic: helpers in this job now; entered under the lock */
  struct job *after;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static struct job *jobs; /* that may still take helpers; under the lock */
static int wanted;       /* atomic, written under the lock: the helpers that jobs may still take */
static int helpers;      /* threads made; under the lock */
static int asleep;       /* helpers that wait for the condition; under the lock */
static pid_t ids[POOL_MAX_THREADS]; /* of the helpers' threads, 0 before they run; under the lock */

static int64_t nanos(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void run_parts(struct job *job, int worker) {
  for (;;) {
    int64_t part = __atomic_fetch_add(&job->next, 1, __ATOMIC_RELAXED);
    if (part >= job->parts) {
      return;
    }
    job->body(job->context, worker, part);
  }
}

/* Under the lock: the job is full or its caller is at its end. */
static void unlist(struct job *job) {
  for (struct job **at = &jobs; *at != NULL; at = &(*at)->after) {
    if (*at == job) {
      *at = job->after;
      __atomic_fetch_sub(&wanted, job->threads - job->workers, __ATOMIC_RELAXED);
      return;
    }
  }
}

/* Under the lock; NULL if no job wants a helper. */
static struct job *enter(int *worker) {
  struct job *job = jobs;
  if (job == NULL) {
    return NULL;
  }
  *worker = job->workers++;
  __atomic_fetch_sub(&wanted, 1, __ATOMIC_RELAXED);
  __atomic_fetch_add(&job->helping, 1, __ATOMIC_RELAXED);
  if (job->workers == job->threads) {
    unlist(job);
  }
  return job;
}

static void *help(void *number) {
  pthread_mutex_lock(&lock);
  ids[(intptr_t)number] = (pid_t)syscall(SYS_gettid);
  pthread_mutex_unlock(&lock);
  for (;;) {
    int64_t until = nanos() + AWAKE_NANOS;
    while (__atomic_load_n(&wanted, __ATOMIC_RELAXED) == 0 && nanos() < until) {
      for (int i = 0; i < 16; i++) {
        _mm_pause();
      }
    }
    int worker = 0;
    pthread_mutex_lock(&lock);
    struct job *job = enter(&worker);
    if (job == NULL) {
      asleep++;
      while (jobs == NULL) {
        pthread_cond_wait(&work, &lock);
      }
      asleep--;
      job = enter(&worker);
    }
    pthread_mutex_unlock(&lock);
    if (job != NULL) {
      run_parts(job, worker);
      /* The last thing done with the job, which is on its caller's stack. */
      __atomic_fetch_sub(&job->helping, 1, __ATOMIC_RELEASE);
    }
  }
  return NULL;
}

/* Of this library, for pthread_atfork: normally from the compiler's start files, which are left out. */
__attribute__((weak, visibility("hidden"))) void *__dso_handle = &__dso_handle;

static void before_fork(void) { pthread_mutex_lock(&lock); }
static void after_fork_parent(void) { pthread_mutex_unlock(&lock); }

/* Helpers are not copied to a new process, but what waits for them in the condition is. */
static void after_fork_child(void) {
  pthread_mutex_init(&lock, NULL);
  pthread_cond_init(&work, NULL);
  jobs = NULL;
  wanted = helpers = asleep = 0;
}

/* Under the lock. A thread that cannot be made is done without. */
static void make_helpers(int count) {
  static int told; /* that there may be forks; under the lock */
  if (!told) {
    told = 1;
    pthread_atfork(before_fork, after_fork_parent, after_fork_child);
  }
  while (helpers < count) {
    /* A helper must not be chosen to handle the host program's signals. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_t attributes;
    pthread_t thread;
    ids[helpers] = 0;
    int failed = pthread_attr_init(&attributes);
    if (!failed) {
      pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
      failed = pthread_create(&thread, &attributes, help, (void *)(intptr_t)helpers);
      pthread_attr_destroy(&attributes);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) {
      return;
    }
    helpers++;
  }
}

/*
 * Under the lock, before helpers are woken: keeps them off the caller's processor. In a virtual machine
 * Linux takes an idle processor for a busy one while the host has put it to sleep, wakes the helper on
 * the caller's, and moves it only some milliseconds later, when the job is done: the job then takes
 * twice the time.
 */
static void keep_off_this_processor(void) {
  cpu_set_t allowed;
  int here = sched_getcpu();
  if (here < 0 || here >= CPU_SETSIZE || sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
    return;
  }
  CPU_CLR(here, &allowed);
  if (CPU_COUNT(&allowed) == 0) {
    return;
  }
  for (int i = 0; i < helpers; i++) {
    if (ids[i] != 0) {
      sched_setaffinity(ids[i], sizeof allowed, &allowed);
    }
  }
}

int pool_threads(int threads) {
  int count = threads > 0 && threads < processors() ? threads : processors();
  return count < POOL_MAX_THREADS ? count : POOL_MAX_THREADS;
}

void pool_pause(int spins) {
  if (spins < 100) {
    _mm_pause();
  } else {
    sched_yield();
  }
}

void pool_run(int threads, int64_t parts, pool_body body, void *context) {
  int count = pool_threads(threads);
  if (parts < count) {
    count = (int)parts;
  }
  if (count <= 1) {
    for (int64_t part = 0; part < parts; part++) {
      body(context, 0, part);
    }
    return;
  }
  struct job job = {
      .body = body, .context = context, .parts = parts, .threads = count, .workers = 1};
  pthread_mutex_lock(&lock);
  make_helpers(count - 1);
  job.after = jobs;
  jobs = &job;
  __atomic_fetch_add(&wanted, count - 1, __ATOMIC_RELAXED);
  if (asleep > 0) {
    keep_off_this_processor();
    pthread_cond_broadcast(&work);
  }
  pthread_mutex_unlock(&lock);
  run_parts(&job, 0);
  pthread_mutex_lock(&lock);
  unlist(&job);
  pthread_mutex_unlock(&lock);
  for (int spins = 0; __atomic_load_n(&job.helping, __ATOMIC_ACQUIRE) > 0; spins++) {
    pool_pause(spins);
  }
}
