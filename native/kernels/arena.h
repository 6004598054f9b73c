/*
 * Scratch memory: blocks that are kept after use and given out again. A block that is too small is
 * replaced by a larger one, so the process holds as many blocks as there were calls at once, each no
 * larger than the largest need.
 */
#ifndef GRAFT_ARENA_H
#define GRAFT_ARENA_H

#include <stddef.h>

/* Memory at a multiple of 64 bytes, with anything in it; NULL if there is none. */
void *arena_take(size_t bytes);

/* Gives a block of arena_take back; NULL is allowed. */
void arena_give(void *block);

#endif
