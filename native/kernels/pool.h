/*
 * Threads that help the caller with the parts of a job. TensorFlow's C API gives a kernel no way to
 * its own threads, so these are the library's, shared by all sessions of the process; they are made
 * when first needed and sleep when there is nothing to do.
 */
#ifndef GRAFT_POOL_H
#define GRAFT_POOL_H

#include <stdint.h>

#define POOL_MAX_THREADS 64

/*
 * How many threads a job that asks for `threads` may have, the caller included: 0 is all processors.
 * Never more than those, nor than POOL_MAX_THREADS: threads that take turns on a processor wait for
 * each other's parts.
 */
int pool_threads(int threads);

/* One part of a job. Of the workers 0 ... threads-1 no two with one number run at a time. */
typedef void (*pool_body)(void *context, int worker, int64_t part);

/*
 * Runs the parts 0 ... parts-1, each once, by the calling thread and as many helpers as are idle, and
 * returns when all are done. Parts are begun in rising order.
 */
void pool_run(int threads, int64_t parts, pool_body body, void *context);

/* A moment of waiting for another thread: after some of them others may run on this processor. */
void pool_pause(int spins);

#endif
