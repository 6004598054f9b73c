#define _GNU_SOURCE
#include "../claims.h"
#include "../conv3x3.h"
#include "../isa.h"
#include "../reference.h"
#include "check.h"
#include "tests.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* A layer with its arrays, for tests that do not look at the sums. */
struct layer {
  struct graft_conv3x3 conv;
  float *input, *packed, *output;
};

static struct layer layer_of(int64_t n, int64_t h, int64_t w, int c, int k) {
  struct layer l = {
      .conv = {.n = n, .h = h, .w = w, .c = c, .k = k, .packed_floats = graft_packed_floats(c, k)}};
  float *kernel = guarded(9 * (size_t)c * (size_t)k);
  l.input = guarded((size_t)(n * h * w * c));
  l.packed = guarded_nan(l.conv.packed_floats);
  l.output = guarded_nan((size_t)(n * h * w * k));
  graft_pack(kernel, c, k, 0, l.packed, 1);
  l.conv.input = l.input;
  l.conv.packed = l.packed;
  l.conv.output = l.output;
  guarded_free(kernel);
  return l;
}

static void free_layer(struct layer *l) {
  guarded_free(l->input);
  guarded_free(l->packed);
  guarded_free(l->output);
}

/* What is not finite reaches all pixels that it touches, and no tile that does not read it. */
static void not_numbers(float value, int channels, int tile) {
  seed(5000);
  struct layer l = layer_of(2, 24, 24, channels, 32);
  int64_t y = 11, x = 9;
  l.input[(y * 24 + x) * channels + 5] = value;
  graft_conv3x3(&l.conv, 2);
  for (int64_t i = 0; i < 24; i++) {
    for (int64_t j = 0; j < 24; j++) {
      float *pixel = l.output + (i * 24 + j) * 32;
      int64_t top = i / tile * tile, left = j / tile * tile;
      int read = y >= top - 1 && y <= top + tile && x >= left - 1 && x <= left + tile;
      if (labs(i - y) <= 1 && labs(j - x) <= 1) {
        check(!isfinite(pixel[3]), "a pixel beside %f is finite", (double)value);
      } else if (!read) {
        check(isfinite(pixel[3]), "a pixel of a tile without %f is not finite", (double)value);
      }
    }
  }
  check(isfinite(l.output[24 * 24 * 32]), "another image is not finite");
  free_layer(&l);
}

static void same_for_any_threads(void) {
  seed(5100);
  static const int shapes[][4] = {{56, 16, 24, 1}, {30, 3, 40, 2}, {28, 300, 320, 1}};
  for (int i = 0; i < (effort < 1 ? 2 : 3); i++) {
    struct layer l = layer_of(shapes[i][3], shapes[i][0], shapes[i][0], shapes[i][1], shapes[i][2]);
    size_t bytes = (size_t)(l.conv.n * l.conv.h * l.conv.w * l.conv.k) * sizeof(float);
    float *first = malloc(bytes);
    graft_conv3x3(&l.conv, 1);
    memcpy(first, l.output, bytes);
    for (int threads = 2; threads <= 5; threads++) {
      memset(l.output, 0, bytes);
      graft_conv3x3(&l.conv, threads);
      check(memcmp(first, l.output, bytes) == 0, "shape %d with %d threads", i, threads);
    }
    free(first);
    free_layer(&l);
  }
  struct graft_gemm_conv s = {.n = 1, .h = 9, .w = 9, .c = 70, .k = 200, .kh = 3, .kw = 3, .same = 1};
  float *input = guarded(81 * 70), *kernel = guarded(9 * 70 * 200);
  float *one = guarded_nan(81 * 200), *many = guarded_nan(81 * 200);
  graft_gemm_conv(&s, input, kernel, GRAFT_FLOAT, NULL, 1, one, 1);
  graft_gemm_conv(&s, input, kernel, GRAFT_FLOAT, NULL, 1, many, 5);
  check(memcmp(one, many, 81 * 200 * sizeof(float)) == 0, "a product with 5 threads");
  float *grads = guarded_nan(9 * 70 * 200), *again = guarded_nan(9 * 70 * 200);
  graft_filter_grad(input, one, 1, 9, 9, 70, 200, grads, 1);
  graft_filter_grad(input, one, 1, 9, 9, 70, 200, again, 5);
  check(memcmp(grads, again, 9 * 70 * 200 * sizeof(float)) == 0, "a gradient with 5 threads");
  guarded_free(input);
  guarded_free(kernel);
  guarded_free(one);
  guarded_free(many);
  guarded_free(grads);
  guarded_free(again);
}

struct caller {
  struct layer layer;
  float *expected;
  int wrong;
};

static void *call_many(void *argument) {
  struct caller *caller = argument;
  struct graft_conv3x3 *conv = &caller->layer.conv;
  size_t bytes = (size_t)(conv->n * conv->h * conv->w * conv->k) * sizeof(float);
  for (int i = 0; i < 200 * effort; i++) {
    memset(conv->output, 0, bytes);
    graft_conv3x3(conv, 1 + i % 4);
    caller->wrong += memcmp(conv->output, caller->expected, bytes) != 0;
  }
  return NULL;
}

#define PIECES 2000
#define STEPS 36

struct claimant {
  struct work *work;
  int *taken; /* [piece][step]: how often */
};

static void take_all(const struct claimant *claimant) {
  int64_t piece;
  for (int first; (first = claims_take(claimant->work, claimant->work->of, 5, &piece)) >= 0;) {
    int end = first + 5 < STEPS ? first + 5 : STEPS;
    for (int step = first; step < end; step++) {
      claimant->taken[piece * STEPS + step]++; /* a second thread here is an error in itself */
    }
    claims_done(claimant->work->of, end - first);
  }
}

static void *claim_many(void *argument) {
  const struct claimant *claimant = argument;
  for (int spins = 0; work_left(claimant->work); spins++) {
    take_all(claimant);
    pool_pause(spins);
  }
  return NULL;
}

/* Every step of a worker's pieces is done once, by it or by one of three that have no pieces. */
static void claims_are_met_once(void) {
  struct work work;
  struct claimant claimant = {.work = &work, .taken = calloc(PIECES * STEPS, sizeof(int))};
  pthread_t threads[3];
  work_init(&work, 1, STEPS, PIECES);
  for (int i = 0; i < 3; i++) {
    pthread_create(&threads[i], NULL, claim_many, &claimant);
  }
  int wrong = 0;
  for (int64_t piece = 0; piece < PIECES; piece++) {
    claims_open(work.of, piece);
    take_all(&claimant);
    claims_close(&work, work.of);
    for (int step = 0; step < STEPS; step++) {
      wrong += claimant.taken[piece * STEPS + step] != 1;
    }
  }
  for (int i = 0; i < 3; i++) {
    pthread_join(threads[i], NULL);
  }
  check(wrong == 0 && !work_left(&work), "%d steps were not done once", wrong);
  free(claimant.taken);
}

static void several_callers(void) {
  struct caller callers[6];
  pthread_t threads[6];
  for (int i = 0; i < 6; i++) {
    seed(5200 + (uint64_t)i);
    callers[i] = (struct caller){.layer = layer_of(1, 8 + 3 * i, 20, 4 + 9 * i, 32)};
    struct graft_conv3x3 *conv = &callers[i].layer.conv;
    size_t bytes = (size_t)(conv->n * conv->h * conv->w * conv->k) * sizeof(float);
    callers[i].expected = malloc(bytes);
    graft_conv3x3(conv, 1);
    memcpy(callers[i].expected, conv->output, bytes);
  }
  for (int i = 0; i < 6; i++) {
    pthread_create(&threads[i], NULL, call_many, &callers[i]);
  }
  for (int i = 0; i < 6; i++) {
    pthread_join(threads[i], NULL);
    check(callers[i].wrong == 0, "caller %d got %d wrong results", i, callers[i].wrong);
    free(callers[i].expected);
    free_layer(&callers[i].layer);
  }
}

/* Shapes in turn take no more memory than the largest of them. */
static void scratch_is_kept(void) {
  struct layer large = layer_of(1, 60, 60, 64, 64), small = layer_of(1, 10, 10, 16, 16);
  graft_conv3x3(&large.conv, 2);
  size_t before = graft_scratch_bytes();
  for (int i = 0; i < 20; i++) {
    graft_conv3x3(&small.conv, 2);
    graft_conv3x3(&large.conv, 2);
  }
  check(graft_scratch_bytes() == before, "scratch grew from %zu bytes", before);
  check(before > 0, "there is no scratch");
  free_layer(&large);
  free_layer(&small);
}

static void bad_kernels(void) {
  struct layer l = layer_of(1, 8, 8, 16, 16);
  l.conv.packed_floats--;
  check(graft_conv3x3(&l.conv, 1) == GRAFT_BAD_KERNEL, "a short kernel");
  l.conv.packed_floats = 3;
  check(graft_conv3x3(&l.conv, 1) == GRAFT_BAD_KERNEL, "a kernel without a head");
  l.conv.packed_floats = graft_packed_floats(16, 16);
  l.conv.k = 15;
  check(graft_conv3x3(&l.conv, 1) == GRAFT_BAD_KERNEL, "a kernel for other channels");
  l.conv.k = 16;
  ((struct packed_head *)l.packed)->version++;
  check(graft_conv3x3(&l.conv, 1) == GRAFT_BAD_KERNEL, "a kernel of another version");
  ((struct packed_head *)l.packed)->version--;
  ((struct packed_head *)l.packed)->isa = 99;
  check(graft_conv3x3(&l.conv, 1) == GRAFT_BAD_KERNEL, "a kernel for another processor");
  free_layer(&l);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
/* In a process of its own, which may have no more memory than it has. */
static void no_memory(void) {
  /* Its copies of rows take 50 MB: more than what the arena holds already. */
  struct layer l = layer_of(1, 1, 300000, 3, 8);
  pid_t child = fork();
  if (child == 0) {
    struct rlimit none = {.rlim_cur = 1, .rlim_max = 1};
    setrlimit(RLIMIT_AS, &none);
    enum graft_status status = graft_conv3x3(&l.conv, 1);
    _exit(status == GRAFT_NO_MEMORY ? 0 : 1);
  }
  int result = -1;
  waitpid(child, &result, 0);
  check(WIFEXITED(result) && WEXITSTATUS(result) == 0, "without memory: %d", result);
  free_layer(&l);
}
#else
static void no_memory(void) {} /* the sanitizers need memory themselves */
#endif

#if !defined(__SANITIZE_THREAD__)
/* A process that was forked has no helpers yet, though its parent had: again and again, asleep or not. */
static void after_a_fork(void) {
  struct layer l = layer_of(1, 40, 40, 16, 16);
  int failed = 0;
  for (int i = 0; i < 40; i++) {
    check(graft_conv3x3(&l.conv, 4) == GRAFT_OK, "before a fork");
    usleep(i % 4 * 200);
    pid_t child = fork();
    if (child == 0) {
      alarm(60);
      for (int again = 0; again < 5; again++) {
        if (graft_conv3x3(&l.conv, 4) != GRAFT_OK) {
          _exit(1);
        }
      }
      _exit(0);
    }
    int result = -1;
    waitpid(child, &result, 0);
    failed += !WIFEXITED(result) || WEXITSTATUS(result) != 0;
  }
  check(failed == 0, "%d of 40 forked processes failed or hung", failed);
  free_layer(&l);
}
#else
static void after_a_fork(void) {} /* the sanitizer does not follow a process with threads */
#endif

void test_behaviour(void) {
  not_numbers(NAN, 32, 6);
  not_numbers(INFINITY, 32, 6);
  not_numbers(NAN, 72, 4);
  not_numbers(INFINITY, 72, 4);
  same_for_any_threads();
  claims_are_met_once();
  several_callers();
  scratch_is_kept();
  bad_kernels();
  after_a_fork();
  no_memory();
}
