// SPDX-License-Identifier: Apache-2.0
#include "logprob_kernels.h"

#include <ATen/ops/zeros.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "packed_panels.h"
#include "parallel_phases.h"

namespace rubrics {

namespace {
constexpr int64_t slice_columns = 1536;
}

int64_t LogprobInputs::slices() const { return (vocabulary + slice_columns - 1) / slice_columns; }

#if RUBRICS_X86_KERNELS

namespace {

/// Rows whose fp32 logits of one slice fit the second-level cache beside a panel; even, as rows are paired.
constexpr int64_t row_block = 4 * tile_rows;
constexpr int64_t logit_stride = slice_columns + 16;
/// Steps of a product over the rows that are taken together.
constexpr int64_t stretch_steps = 512;

/// Over the logits x of one row and slice, divided by the temperature and less `top`: Σ exp(x) and Σ exp(x) · x.
struct SliceSums {
    float top, sum, weighted;
};

/// Also leaves exp(x) in `weights` unless it is null.
RUBRICS_AVX512 SliceSums sum_row(const float* logits, int64_t count, float inverse_temperature, uint16_t* weights) {
    const __m512 lowest = _mm512_set1_ps(-INFINITY), factor = _mm512_set1_ps(inverse_temperature);
    __m512 largest = lowest;
    for (int64_t i = 0; i < count; i += 16) {
        largest = _mm512_max_ps(largest, _mm512_mask_loadu_ps(lowest, first_lanes(count - i), logits + i));
    }
    const float top = _mm512_reduce_max_ps(largest) * inverse_temperature;
    const __m512 shift = _mm512_set1_ps(top);
    __m512 sum = _mm512_setzero_ps(), weighted = sum;
    for (int64_t i = 0; i < count; i += 16) {
        const __mmask16 mask = first_lanes(count - i);
        const __m512 x = _mm512_fmsub_ps(_mm512_maskz_loadu_ps(mask, logits + i), factor, shift);
        const __m512 e = _mm512_maskz_mov_ps(mask, exp_lanes(x));
        sum = _mm512_add_ps(sum, e);
        weighted = _mm512_fmadd_ps(e, x, weighted);
        if (weights != nullptr) store_lanes(weights + i, mask, e);
    }
    return {top, _mm512_reduce_add_ps(sum), _mm512_reduce_add_ps(weighted)};
}

/// How a row's loss depends on its logits: d loss / d logit = −p · (g + h · (log p + H)) / temperature, and g more for
/// the target.
struct RowGradient {
    float log_sum, entropy, logprob, g, h, inverse_temperature;

    float of_target() const { return (g - std::exp(logprob) * (g + h * (logprob + entropy))) * inverse_temperature; }
};

RUBRICS_AVX512 void differentiate_logits(float* logits, int64_t count, const RowGradient& row) {
    const __m512 factor = _mm512_set1_ps(row.inverse_temperature), shift = _mm512_set1_ps(row.log_sum);
    const __m512 g = _mm512_set1_ps(-row.g * row.inverse_temperature);
    const __m512 h = _mm512_set1_ps(-row.h * row.inverse_temperature), entropy = _mm512_set1_ps(row.entropy);
    for (int64_t i = 0; i < count; i += 16) {
        const __m512 log_p = _mm512_fmsub_ps(_mm512_loadu_ps(logits + i), factor, shift);
        const __m512 slope = _mm512_fmadd_ps(h, _mm512_add_ps(log_p, entropy), g);
        _mm512_storeu_ps(logits + i, _mm512_mul_ps(exp_lanes(log_p), slope));
    }
}

/// out = weight · scale.
RUBRICS_AVX512 void scale_weights(const uint16_t* weights, int64_t count, float scale, float* out) {
    const __m512 factor = _mm512_set1_ps(scale);
    for (int64_t i = 0; i < count; i += 16) {
        _mm512_storeu_ps(out + i, _mm512_mul_ps(load_lanes(weights + i, first_lanes(count - i)), factor));
    }
}

/// What is common to both passes: the slices, and the logits of a block of rows.
struct Slices {
    const LogprobInputs& in;

    Bf16Matrix hidden() const { return {in.hidden, in.rows, in.width}; }
    int64_t first(int64_t slice) const { return slice * slice_columns; }
    int64_t columns(int64_t slice) const { return std::min(slice_columns, in.vocabulary - first(slice)); }
    Bf16Matrix weights(int64_t slice) const { return {in.output + first(slice) * in.width, columns(slice), in.width}; }
    int64_t blocks() const { return (in.rows + row_block - 1) / row_block; }
    int64_t block_first(int64_t block) const { return block * row_block; }
    int64_t block_rows(int64_t block) const { return std::min(row_block, in.rows - block_first(block)); }

    void logits(int64_t block, const Panels& panels, float* out) const {
        const LeftFactor rows = rows_from(hidden(), block_first(block));
        for (int64_t panel = 0; panel < panels.count(); ++panel) {
            for (int64_t r = 0; r < block_rows(block); r += tile_rows) {
                panels.multiply_tile({rows.words + r * rows.row_stride, rows.row_stride, 1},
                                     std::min(tile_rows, block_rows(block) - r), panel,
                                     {out + r * logit_stride + panel * panel_columns, logit_stride, false});
            }
        }
    }
};

/// Makes one row's numbers of its slices', in order.
void finish_row(const LogprobInputs& in, int64_t row, const std::vector<SliceSums>& sums, float target_logit,
                const LogprobRows& out) {
    float top = -INFINITY;
    for (int64_t slice = 0; slice < in.slices(); ++slice) top = std::max(top, sums[slice * in.rows + row].top);
    double sum = 0, weighted = 0;
    for (int64_t slice = 0; slice < in.slices(); ++slice) {
        const SliceSums& part = sums[slice * in.rows + row];
        const double below = static_cast<double>(part.top) - top, scale = std::exp(below);
        sum += scale * part.sum;
        weighted += scale * (part.weighted + below * part.sum);
    }
    const double log_sum = std::log(sum);
    out.log_sums[row] = static_cast<float>(top + log_sum);
    out.logprobs[row] = static_cast<float>(static_cast<double>(target_logit) * in.inverse_temperature - top - log_sum);
    out.entropy[row] = static_cast<float>(log_sum - weighted / sum);
}

}  // namespace

void logprobs_forward(const LogprobInputs& in, const LogprobRows& out, const KeptWeights& kept) {
    const Slices slices{in};
    const int64_t count = in.slices(), workers = at::get_num_threads(), blocks = slices.blocks();
    const int64_t widest = std::min(slice_columns, in.vocabulary);
    // One slice is multiplied while the next is packed.
    const PackedPanels buffers[] = {{in.width / 2, widest}, {in.width / 2, widest}};
    auto panels = [&](int64_t slice) { return buffers[slice % 2].resized(in.width / 2, slices.columns(slice)); };
    const at::Tensor logits = at::empty({workers, row_block * logit_stride}, at::kFloat);
    std::vector<SliceSums> sums(count * in.rows);
    std::vector<float> target_logits(in.rows, -INFINITY);
    auto sum_block = [&](int64_t slice, int64_t block, float* scratch) {
        slices.logits(block, panels(slice), scratch);
        const int64_t first = slices.first(slice), columns = slices.columns(slice);
        for (int64_t i = 0; i < slices.block_rows(block); ++i) {
            const int64_t row = slices.block_first(block) + i, target = in.targets[row] - first;
            const float* x = scratch + i * logit_stride;
            if (target >= 0 && target < columns) target_logits[row] = x[target];
            uint16_t* weights = kept.weights ? kept.weights + row * in.vocabulary + first : nullptr;
            const SliceSums found = sum_row(x, columns, in.inverse_temperature, weights);
            sums[slice * in.rows + row] = found;
            if (kept.tops) kept.tops[slice * in.rows + row] = found.top;
        }
    };
    auto packs = [&](int64_t phase) { return phase < count ? panels(phase).count() : 0; };
    run_phases(
        count + 1, workers, [&](int64_t phase) { return packs(phase) + (phase > 0 ? blocks : 0); },
        [&](int64_t phase, int64_t item, int64_t worker) {
            if (item < packs(phase)) return panels(phase).pack_transposed(item, slices.weights(phase));
            sum_block(phase - 1, item - packs(phase), logits.data_ptr<float>() + worker * row_block * logit_stride);
        });
    for (int64_t row = 0; row < in.rows; ++row) finish_row(in, row, sums, target_logits[row], out);
}

namespace {

/// The gradients of one slice's logits, as rows [row, column] and as steps [row pair, column].
struct LogitGradients {
    uint16_t* rows;
    uint32_t* steps;

    static constexpr int64_t stride = slice_columns + 32;
};

/// One backward pass: for each slice, first the gradients of its logits, then both products with them.
struct LogprobBackward {
    const LogprobInputs& in;
    const LogprobRows& results;
    const KeptWeights& kept;
    const LogprobGradients& gradients;
    LogitGradients out;
    Slices slices{in};

    bool recomputes() const { return kept.weights == nullptr || gradients.entropy != nullptr; }

    RowGradient row_gradient(int64_t row) const {
        return {results.log_sums[row],
                results.entropy[row],
                results.logprobs[row],
                gradients.logprobs[row],
                gradients.entropy ? gradients.entropy[row] : 0.0f,
                in.inverse_temperature};
    }

    void differentiate(int64_t slice, int64_t block, const Panels& columns_of_slice, float* scratch) const {
        const int64_t count = slices.columns(slice), first = slices.block_first(block);
        const int64_t rows = slices.block_rows(block);
        if (recomputes()) slices.logits(block, columns_of_slice, scratch);
        for (int64_t i = 0; i < rows; ++i) {
            const int64_t row = first + i, target = in.targets[row] - slices.first(slice);
            float* x = scratch + i * logit_stride;
            const RowGradient gradient = row_gradient(row);
            if (recomputes()) {
                differentiate_logits(x, count, gradient);
            } else {
                const float shift = kept.tops[slice * in.rows + row] - gradient.log_sum;
                scale_weights(kept.weights + row * in.vocabulary + slices.first(slice), count,
                              -std::exp(shift) * gradient.g * in.inverse_temperature, x);
            }
            if (target >= 0 && target < count) x[target] = gradient.of_target();
            narrow_row(x, count, out.rows + row * LogitGradients::stride);
        }
        for (int64_t i = 0; i < rows; i += 2) {
            const float* x = scratch + i * logit_stride;
            interleave_rows(x, i + 1 < rows ? x + logit_stride : nullptr, count,
                            out.steps + (first + i) / 2 * LogitGradients::stride);
        }
    }
};

RUBRICS_AVX512 void narrow_all(const float* x, int64_t count, uint16_t* out) {
    for (int64_t i = 0; i < count; i += 16) {
        const __mmask16 mask = first_lanes(count - i);
        store_lanes(out + i, mask, _mm512_maskz_loadu_ps(mask, x + i));
    }
}

}  // namespace

void logprobs_backward(const LogprobInputs& in, const LogprobRows& results, const KeptWeights& kept,
                       const LogprobGradients& gradients, uint16_t* hidden_gradient, float* output_gradient) {
    const Slices slices{in};
    const int64_t count = in.slices(), workers = at::get_num_threads(), row_steps = (in.rows + 1) / 2;
    const int64_t widest = std::min(slice_columns, in.vocabulary);
    const at::Tensor rows = at::empty({in.rows, LogitGradients::stride}, at::kShort);
    const at::Tensor steps = at::empty({row_steps, LogitGradients::stride}, at::kInt);
    const LogprobBackward pass{in,
                               results,
                               kept,
                               gradients,
                               {static_cast<uint16_t*>(rows.data_ptr()), static_cast<uint32_t*>(steps.data_ptr())}};
    const at::Tensor logits = at::empty({workers, row_block * logit_stride}, at::kFloat);
    const at::Tensor sums = at::zeros({in.rows, in.width}, at::kFloat);

    const PackedPanels hidden(output_gradient ? row_steps : 0, output_gradient ? in.width : 0);
    const PackedPanels columns(pass.recomputes() ? in.width / 2 : 0, pass.recomputes() ? widest : 0);
    const PackedPanels weights((widest + 1) / 2, in.width);
    auto column_panels = [&](int64_t slice) {
        return columns.resized(in.width / 2, pass.recomputes() ? slices.columns(slice) : 0);
    };
    auto weight_panels = [&](int64_t slice) { return weights.resized((slices.columns(slice) + 1) / 2, in.width); };

    // Phase 0 packs the hidden states and the first slice's columns; then two phases a slice: (1) the gradients of its
    // logits beside packing its rows, (2) the products beside packing the next slice's columns.
    const int64_t blocks = slices.blocks();
    auto column_packs = [&](int64_t slice) { return slice < count ? column_panels(slice).count() : 0; };
    auto dw_blocks = [&](int64_t slice) { return output_gradient ? panels_of(slices.columns(slice)) : 0; };
    const int64_t width_panels = panels_of(in.width);
    auto items = [&](int64_t phase) {
        const int64_t slice = (phase - 1) / 2;
        if (phase == 0) return hidden.panels.count() + column_packs(0);
        if (phase % 2 == 1) return width_panels + blocks;
        return column_packs(slice + 1) + width_panels * (blocks + dw_blocks(slice));
    };
    auto multiply = [&](int64_t slice, int64_t item) {
        const int64_t block = item / width_panels, panel = item % width_panels;
        if (block < blocks) {
            const int64_t first = slices.block_first(block);
            const auto* words = reinterpret_cast<const uint32_t*>(pass.out.rows + first * LogitGradients::stride);
            add_panel_product({words, LogitGradients::stride / 2, 1}, slices.block_rows(block), weight_panels(slice),
                              panel, sums.data_ptr<float>() + first * in.width);
        } else {
            const int64_t first = (block - blocks) * panel_columns;
            const int64_t rows_of_block = std::min(panel_columns, slices.columns(slice) - first);
            float* target = output_gradient + (slices.first(slice) + first) * in.width;
            // In stretches whose factors fit the second-level cache.
            for (int64_t step = 0; step < row_steps; step += stretch_steps) {
                const Panels part = hidden.panels.stretch(step, std::min(row_steps, step + stretch_steps));
                add_panel_product({pass.out.steps + step * LogitGradients::stride + first, 1, LogitGradients::stride},
                                  rows_of_block, part, panel, target);
            }
        }
    };
    run_phases(1 + 2 * count, workers, items, [&](int64_t phase, int64_t item, int64_t worker) {
        const int64_t slice = (phase - 1) / 2;
        if (phase == 0) {
            if (item < hidden.panels.count()) return hidden.panels.pack(item, 0, row_steps, slices.hidden());
            return column_panels(0).pack_transposed(item - hidden.panels.count(), slices.weights(0));
        }
        if (phase % 2 == 1) {
            const Panels panels = weight_panels(slice);
            if (item < width_panels) return panels.pack(item, 0, panels.steps, slices.weights(slice));
            return pass.differentiate(slice, item - width_panels, column_panels(slice),
                                      logits.data_ptr<float>() + worker * row_block * logit_stride);
        }
        if (item < column_packs(slice + 1)) {
            return column_panels(slice + 1).pack_transposed(item, slices.weights(slice + 1));
        }
        multiply(slice, item - column_packs(slice + 1));
    });
    narrow_all(sums.const_data_ptr<float>(), in.rows * in.width, hidden_gradient);
}

#else

void logprobs_forward(const LogprobInputs&, const LogprobRows&, const KeptWeights&) {
    throw std::runtime_error("these log-probabilities need a CPU with AVX-512 BF16");
}

void logprobs_backward(const LogprobInputs&, const LogprobRows&, const KeptWeights&, const LogprobGradients&, uint16_t*,
                       float*) {
    throw std::runtime_error("these log-probabilities need a CPU with AVX-512 BF16");
}

#endif

}  // namespace rubrics
