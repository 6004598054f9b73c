#ifndef GRAFT_ISA_H
#define GRAFT_ISA_H

#include "kernels.h"

/*
 * How many processors this process may use, or what GRAFT_KERNELS_PROCESSORS in the environment says;
 * at least 1, constant.
 */
int processors(void);

#endif
