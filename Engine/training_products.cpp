// SPDX-License-Identifier: Apache-2.0
#include "training_products.h"

#include <stdexcept>
#include <vector>

#include "packed_panels.h"
#include "parallel_phases.h"

namespace rubrics {

#if RUBRICS_X86_KERNELS

namespace {

/// Steps that one item packs.
constexpr int64_t packed_steps = 256;
/// Tokens whose products are added to a weight's gradient at once: their packed copies share the caches.
constexpr int64_t chunk_tokens = 1024;

int64_t blocks_of(int64_t count, int64_t size) { return (count + size - 1) / size; }

/// Rows of the left factor that one item takes past a panel: they stay in the second-level cache for the next panel.
int64_t block_rows(int64_t inner) {
    const int64_t fitting = (int64_t{1} << 17) / inner / tile_rows * tile_rows;
    return std::min<int64_t>(32 * tile_rows, std::max<int64_t>(4 * tile_rows, fitting));
}

/// Items that pack a matrix over its rows, a stretch of steps each.
struct StepPacking {
    Panels panels;
    Bf16Matrix source;

    int64_t stretches() const { return blocks_of(panels.steps, packed_steps); }
    int64_t items() const { return panels.count() * stretches(); }
    void operator()(int64_t item) const {
        const int64_t first = item % stretches() * packed_steps;
        panels.pack(item / stretches(), first, std::min(panels.steps, first + packed_steps), source);
    }
};

/// Items that compute rows · panels in bf16, a block of rows past one panel after the other.
struct RowProducts {
    Bf16Matrix rows;
    Panels panels;
    const float* bias;
    uint16_t* out;

    int64_t items() const { return panels.count() * blocks_of(rows.rows, block_rows(rows.columns)); }
    void operator()(int64_t item) const {
        const int64_t size = block_rows(rows.columns), first = item / panels.count() * size;
        store_panel_product(rows_from(rows, first), std::min(size, rows.rows - first), panels, item % panels.count(),
                            bias, out + first * panels.columns);
    }
};

/// Items that add leftᵀ · right to an fp32 matrix, a tile of 64 by 64 each.
struct SumProducts {
    Panels left, right;
    float* out;

    int64_t items() const { return left.count() * right.count(); }
    void operator()(int64_t item) const {
        const int64_t panel = item / right.count(), first = panel * panel_columns;
        add_panel_product({left.panel(panel), 1, panel_columns}, std::min(panel_columns, left.columns - first), right,
                          item % right.count(), out + first * right.columns);
    }
};

/// Runs the item of the job that it falls to.
template <typename First, typename... Rest>
void run_item(int64_t item, const First& first, const Rest&... rest) {
    if (item < first.items()) return first(item);
    if constexpr (sizeof...(Rest) > 0) run_item(item - first.items(), rest...);
}

}  // namespace

void linear_forward(const LinearSizes& sizes, const uint16_t* x, const uint16_t* w, const float* bias, uint16_t* y) {
    const PackedPanels packed(sizes.inputs / 2, sizes.outputs);
    const Bf16Matrix weight{w, sizes.outputs, sizes.inputs};
    const RowProducts products{{x, sizes.rows, sizes.inputs}, packed.panels, bias, y};
    run_phases(
        2, at::get_num_threads(), [&](int64_t phase) { return phase == 0 ? packed.panels.count() : products.items(); },
        [&](int64_t phase, int64_t item, int64_t) {
            if (phase == 0) return packed.panels.pack_transposed(item, weight);
            products(item);
        });
}

void linear_backward(const LinearSizes& sizes, const uint16_t* x, const uint16_t* w, const uint16_t* dy, uint16_t* dx,
                     float* dw) {
    // dx is over the outputs: dy's rows by w's columns. dw is over the tokens: dy's columns by x's.
    const int64_t chunks = blocks_of(sizes.rows, chunk_tokens);
    const int64_t most_steps = dw ? (std::min(chunk_tokens, sizes.rows) + 1) / 2 : 0;
    const PackedPanels weights(dx ? sizes.outputs / 2 : 0, dx ? sizes.inputs : 0);
    const PackedPanels inputs(most_steps, dw ? sizes.inputs : 0), gradients(most_steps, dw ? sizes.outputs : 0);
    struct Chunk {
        StepPacking weights, inputs, gradients;
        RowProducts dx;
        SumProducts dw;
    };
    std::vector<Chunk> jobs;
    for (int64_t chunk = 0; chunk < chunks; ++chunk) {
        const int64_t first = chunk * chunk_tokens, rows = std::min(chunk_tokens, sizes.rows - first);
        const int64_t steps = dw ? (rows + 1) / 2 : 0;
        const Panels input = inputs.resized(steps, inputs.panels.columns);
        const Panels gradient = gradients.resized(steps, gradients.panels.columns);
        const Bf16Matrix gradient_rows{dy + first * sizes.outputs, rows, sizes.outputs};
        // The weights are packed once, with the first chunk.
        jobs.push_back({{weights.resized(chunk == 0 ? weights.panels.steps : 0, weights.panels.columns),
                         {w, sizes.outputs, sizes.inputs}},
                        {input, {x + first * sizes.inputs, rows, sizes.inputs}},
                        {gradient, gradient_rows},
                        {gradient_rows, weights.panels, nullptr, dx ? dx + first * sizes.inputs : nullptr},
                        {gradient, input, dw}});
    }
    run_phases(
        2 * chunks, at::get_num_threads(),
        [&](int64_t phase) {
            const Chunk& job = jobs[phase / 2];
            return phase % 2 == 0 ? job.weights.items() + job.inputs.items() + job.gradients.items()
                                  : job.dx.items() + job.dw.items();
        },
        [&](int64_t phase, int64_t item, int64_t) {
            const Chunk& job = jobs[phase / 2];
            if (phase % 2 == 0) {
                run_item(item, job.weights, job.inputs, job.gradients);
            } else {
                run_item(item, job.dx, job.dw);
            }
        });
}

#else

namespace {
[[noreturn]] void unsupported() { throw std::runtime_error("these products need a CPU with AVX-512 BF16"); }
}  // namespace

void linear_forward(const LinearSizes&, const uint16_t*, const uint16_t*, const float*, uint16_t*) { unsupported(); }
void linear_backward(const LinearSizes&, const uint16_t*, const uint16_t*, const uint16_t*, uint16_t*, float*) {
    unsupported();
}

#endif

}  // namespace rubrics
