// SPDX-License-Identifier: Apache-2.0
// A loop of bf16 dots that runs at the processor's peak.
#pragma once

#include "vector_math.h"

#if RUBRICS_X86_KERNELS
namespace rubrics {

/// 24 independent dots a turn: enough to hide the latency of 6 cycles.
RUBRICS_AVX512 __attribute__((noinline)) inline float dot_turns(int64_t turns) {
    const __m512i one = _mm512_set1_epi32(0x3f803f80);
    __m512 a[24];
    for (int i = 0; i < 24; ++i) a[i] = _mm512_set1_ps(static_cast<float>(i));
    for (int64_t turn = 0; turn < turns; ++turn) {
#pragma GCC unroll 24
        for (int i = 0; i < 24; ++i) a[i] = dot_pairs(a[i], one, one);
    }
    for (int i = 1; i < 24; ++i) a[0] = _mm512_add_ps(a[0], a[i]);
    return _mm512_reduce_add_ps(a[0]);
}

/// The operations of one turn: a dot is 16 lanes of two products and two sums.
constexpr double operations_a_turn = 24 * 64;

}  // namespace rubrics
#endif
