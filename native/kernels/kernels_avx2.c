/* Everything for one instruction set, as one unit: the compiler may put each piece into the others. */
#include "simd_avx2.h"

#include "pack_impl.h"
#include "winograd_impl.h"

#include "direct_impl.h"

#include "activation_grad_impl.h"
#include "filter_grad_impl.h"

#include "matrix_vector_impl.h"

#include "gemm_impl.h"

#include "gemm_grad_impl.h"
