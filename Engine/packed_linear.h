// SPDX-License-Identifier: Apache-2.0
// Matrix products for decoding: a few activation rows against weights that are packed once.
#pragma once

#include <cstdint>
#include <vector>

#include "aligned_buffer.h"
#include "prefetch_queue.h"

namespace rubrics {

/// Consecutive rows of a row-major bf16 matrix with `inputs` columns.
struct WeightRows {
    const uint16_t* data;
    int64_t rows;
};

/// A bf16 weight matrix laid out for the bf16 dot instruction.
///
/// A *strip* holds 48 output rows side by side: for each pair of inputs, three vectors of 16 rows'
/// pairs. A product reads each strip front to back as one sequential stream. Each output is summed
/// by one accumulator over the inputs in order, whatever the batch: a row's result is bit-identical
/// alone and among others.
class PackedMatrix {
public:
    static constexpr int64_t strip_rows = 48;

    PackedMatrix() = default;
    /// In `elements(outputs, inputs)` numbers of someone else's, on a cache-line boundary: a model's
    /// matrices share one allocation, because most are too small for huge pages of their own.
    PackedMatrix(int64_t outputs, int64_t inputs, uint16_t* storage);
    static int64_t elements(int64_t outputs, int64_t inputs);

    /// Strip `strip` becomes `count` <= 48 rows from `rows` on; rows beyond them are zero.
    void pack_strip(int64_t strip, const uint16_t* rows, int64_t count);
    /// Packs the sources' rows one after another, in parallel.
    void pack(const std::vector<WeightRows>& sources);
    /// Writes one row of the original matrix as floats.
    void unpack_row(int64_t row, float* out) const;

    int64_t outputs() const { return outputs_; }
    int64_t inputs() const { return inputs_; }
    int64_t strips() const { return (outputs_ + strip_rows - 1) / strip_rows; }
    int64_t input_pairs() const { return (inputs_ + 1) / 2; }
    int64_t strip_elements() const { return input_pairs() * 2 * strip_rows; }
    const uint16_t* strip(int64_t index) const { return data_ + index * strip_elements(); }

private:
    void pack_strip(int64_t strip, const uint16_t* const rows[strip_rows]);

    int64_t outputs_ = 0;
    int64_t inputs_ = 0;
    uint16_t* data_ = nullptr;
};

/// bf16 activation rows, zero beyond `width`, as PackedMatrix products read them.
class ActivationRows {
public:
    ActivationRows() = default;
    ActivationRows(int64_t rows, int64_t width);
    uint16_t* row(int64_t index) { return data_.data() + index * stride_; }
    const uint16_t* row(int64_t index) const { return data_.data() + index * stride_; }
    int64_t stride() const { return stride_; }

private:
    int64_t stride_ = 0;
    AlignedBuffer<uint16_t> data_;
};

/// Where a strip's product goes: `out[row * stride + column]`, replaced or added to.
struct ProductTarget {
    float* out;
    int64_t stride;
    bool accumulate;
};

/// The products of `count` activation rows with one strip of the matrix. Meanwhile it prefetches as
/// many bytes as a strip has from `next`, which is what the caller multiplies with next (null for
/// nothing), and pieces of `later`.
void multiply_strip(const PackedMatrix& matrix, int64_t strip, const ActivationRows& rows, int64_t count,
                    const ProductTarget& target, const void* next, PrefetchQueue& later);

/// Root mean square norm: out = bf16(x / sqrt(mean(x^2) + epsilon) * weight).
void normalize_row(const float* x, const float* weight, int64_t width, float epsilon, uint16_t* out);

/// out = bf16(silu(gate) * up).
void gate_row(const float* gate, const float* up, int64_t width, uint16_t* out);

}  // namespace rubrics
