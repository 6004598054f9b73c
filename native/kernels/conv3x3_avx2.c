#include "simd_avx2.h"

#include "pack_impl.h"
#include "winograd_impl.h"

#include "direct_impl.h"
