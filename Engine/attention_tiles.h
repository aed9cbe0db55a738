// SPDX-License-Identifier: Apache-2.0
//
// What group attention does with a row of scores, forward and backward, for AVX-512 BF16.
#pragma once

#include <cmath>

#include "matrix_tiles.h"

#if RUBRICS_X86_KERNELS

namespace rubrics {

/// Weights exp(scale · (score − largest)) of the `visible` first scores, zero up to `count`; their sum and log Σ exp.
struct RowWeights {
    float sum, log_sum;
};

template <typename T>
RUBRICS_AVX512 RowWeights weigh_row(const float* scores, int64_t visible, int64_t count, float scale, T* weights) {
    const __m512 lowest = _mm512_set1_ps(-INFINITY), factor = _mm512_set1_ps(scale);
    __m512 top = lowest;
    for (int64_t i = 0; i < visible; i += 16) {
        top = _mm512_max_ps(top, _mm512_mask_loadu_ps(lowest, first_lanes(visible - i), scores + i));
    }
    const float largest = _mm512_reduce_max_ps(top) * scale;
    const __m512 shift = _mm512_set1_ps(largest);
    __m512 sum = _mm512_setzero_ps();
    for (int64_t i = 0; i < count; i += 16) {
        const __mmask16 mask = first_lanes(visible - i);
        const __m512 e =
            _mm512_maskz_mov_ps(mask, exp_lanes(_mm512_fmsub_ps(_mm512_loadu_ps(scores + i), factor, shift)));
        sum = _mm512_add_ps(sum, e);
        store_lanes(weights + i, 0xffffu, e);
    }
    const float total = _mm512_reduce_add_ps(sum);
    return {total, largest + std::log(total)};
}

/// scores become probabilities p, and their gradients `dp` become p · (dp − Σ p · dp): the gradient of scale · score.
RUBRICS_AVX512 inline void differentiate_row(float* scores, float* dp, int64_t visible, int64_t count, float scale,
                                             float log_sum) {
    const __m512 factor = _mm512_set1_ps(scale), shift = _mm512_set1_ps(log_sum);
    __m512 sum = _mm512_setzero_ps();
    for (int64_t i = 0; i < count; i += 16) {
        const __mmask16 mask = first_lanes(visible - i);
        const __m512 p =
            _mm512_maskz_mov_ps(mask, exp_lanes(_mm512_fmsub_ps(_mm512_loadu_ps(scores + i), factor, shift)));
        _mm512_storeu_ps(scores + i, p);
        sum = _mm512_mask3_fmadd_ps(p, _mm512_loadu_ps(dp + i), sum, mask);
    }
    const __m512 mean = _mm512_set1_ps(_mm512_reduce_add_ps(sum));
    for (int64_t i = 0; i < count; i += 16) {
        const __mmask16 mask = first_lanes(visible - i);
        const __m512 centred = _mm512_sub_ps(_mm512_loadu_ps(dp + i), mean);
        _mm512_storeu_ps(dp + i, _mm512_maskz_mul_ps(mask, _mm512_loadu_ps(scores + i), centred));
    }
}

}  // namespace rubrics

#endif
