// SPDX-License-Identifier: Apache-2.0
// Small AVX-512 functions that the decoder's kernels share.
#pragma once

#include <cstdint>
#include <cstring>

#include "cpu_target.h"

namespace rubrics {

inline float from_bfloat16(uint16_t bits) {
    const uint32_t wide = static_cast<uint32_t>(bits) << 16;
    float value;
    std::memcpy(&value, &wide, sizeof value);
    return value;
}

/// Rounds to nearest, ties to even; NaN stays NaN.
inline uint16_t to_bfloat16(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return static_cast<uint16_t>((bits >> 16) | 0x40u);
    return static_cast<uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

#if RUBRICS_X86_KERNELS

/// The mask of the first `count` of 16 lanes.
inline uint16_t first_lanes(int64_t count) {
    return count >= 16 ? 0xffffu : count <= 0 ? 0u : static_cast<uint16_t>((1u << count) - 1u);
}

RUBRICS_AVX512 inline __m512bh as_bfloat16(__m512i bits) {
    __m512bh value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

/// acc + w.even * x.even + w.odd * x.odd for 16 lanes of bf16 pairs.
RUBRICS_AVX512 inline __m512 dot_pairs(__m512 acc, __m512i w, __m512i x) {
    return _mm512_dpbf16_ps(acc, as_bfloat16(w), as_bfloat16(x));
}

RUBRICS_AVX512 inline __m512i broadcast_pair(const uint16_t* pair) {
    int32_t bits;
    std::memcpy(&bits, pair, sizeof bits);
    return _mm512_set1_epi32(bits);
}

RUBRICS_AVX512 inline __m256i round_to_bfloat16(__m512 value) {
    const __m256bh rounded = _mm512_cvtneps_pbh(value);
    __m256i bits;
    std::memcpy(&bits, &rounded, sizeof bits);
    return bits;
}

/// e^x with a relative error below 2e-7; 0 far below, infinity far above, NaN stays NaN.
RUBRICS_AVX512 inline __m512 exp_lanes(__m512 x) {
    // The second operand is what max and min return for NaN.
    x = _mm512_min_ps(_mm512_set1_ps(90.0f), _mm512_max_ps(_mm512_set1_ps(-105.0f), x));
    const __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(1.44269504f)),
                                          _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m512 r = _mm512_fnmadd_ps(n, _mm512_set1_ps(0.693359375f), x);
    r = _mm512_fnmadd_ps(n, _mm512_set1_ps(-2.12194440e-4f), r);
    __m512 p = _mm512_set1_ps(1.9875691500e-4f);
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.3981999507e-3f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(8.3334519073e-3f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(4.1665795894e-2f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.6666665459e-1f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(5.0000001201e-1f));
    p = _mm512_fmadd_ps(_mm512_mul_ps(r, r), p, _mm512_add_ps(r, _mm512_set1_ps(1.0f)));
    return _mm512_scalef_ps(p, n);
}

#endif

}  // namespace rubrics
