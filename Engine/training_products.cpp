// SPDX-License-Identifier: Apache-2.0
#include "training_products.h"

#include <stdexcept>

#include "packed_panels.h"
#include "parallel_phases.h"

namespace rubrics {

#if RUBRICS_X86_KERNELS

namespace {

/// Rows of the left factor that one item takes past a panel.
constexpr int64_t block_rows = 16 * tile_rows;
/// Steps that one item packs.
constexpr int64_t packed_steps = 256;

int64_t blocks_of(int64_t count, int64_t size) { return (count + size - 1) / size; }

/// Items that pack a matrix over its rows, a stretch of steps each.
struct StepPacking {
    const Panels& panels;
    Bf16Matrix source;

    int64_t stretches() const { return blocks_of(panels.steps, packed_steps); }
    int64_t items() const { return panels.count() * stretches(); }
    void operator()(int64_t item) const {
        const int64_t first = item % stretches() * packed_steps;
        panels.pack(item / stretches(), first, std::min(panels.steps, first + packed_steps), source);
    }
};

}  // namespace

void linear_forward(const LinearSizes& sizes, const uint16_t* x, const uint16_t* w, const float* bias, uint16_t* y) {
    const Bf16Matrix rows{x, sizes.rows, sizes.inputs}, weight{w, sizes.outputs, sizes.inputs};
    const PackedPanels packed(sizes.inputs / 2, sizes.outputs);
    const Panels& panels = packed.panels;
    const int64_t blocks = blocks_of(sizes.rows, block_rows);
    run_phases(
        2, at::get_num_threads(), [&](int64_t phase) { return phase == 0 ? panels.count() : panels.count() * blocks; },
        [&](int64_t phase, int64_t item, int64_t) {
            if (phase == 0) return panels.pack_transposed(item, weight);
            const int64_t first = item % blocks * block_rows, count = std::min(block_rows, sizes.rows - first);
            store_panel_product(rows_from(rows, first), count, panels, item / blocks, bias, y + first * sizes.outputs);
        });
}

void linear_backward(const LinearSizes& sizes, const uint16_t* x, const uint16_t* w, const uint16_t* dy, uint16_t* dx,
                     float* dw) {
    const Bf16Matrix input{x, sizes.rows, sizes.inputs}, weight{w, sizes.outputs, sizes.inputs};
    const Bf16Matrix gradient{dy, sizes.rows, sizes.outputs};
    const int64_t row_steps = (sizes.rows + 1) / 2;
    // dx is over the outputs: dy's rows by w's columns. dw is over the tokens: dy's columns by x's.
    const PackedPanels weights(dx ? sizes.outputs / 2 : 0, dx ? sizes.inputs : 0);
    const PackedPanels inputs(dw ? row_steps : 0, dw ? sizes.inputs : 0);
    const PackedPanels gradients(dw ? row_steps : 0, dw ? sizes.outputs : 0);
    const StepPacking packing[] = {{weights.panels, weight}, {inputs.panels, input}, {gradients.panels, gradient}};
    const int64_t packs = packing[0].items() + packing[1].items() + packing[2].items();
    const int64_t dx_blocks = blocks_of(sizes.rows, block_rows), dx_items = weights.panels.count() * dx_blocks;
    const int64_t dw_blocks = gradients.panels.count(), dw_items = inputs.panels.count() * dw_blocks;
    run_phases(
        2, at::get_num_threads(), [&](int64_t phase) { return phase == 0 ? packs : dx_items + dw_items; },
        [&](int64_t phase, int64_t item, int64_t) {
            if (phase == 0) {
                int64_t which = 0;
                while (item >= packing[which].items()) item -= packing[which++].items();
                packing[which](item);
            } else if (item < dx_items) {
                const int64_t first = item % dx_blocks * block_rows, count = std::min(block_rows, sizes.rows - first);
                store_panel_product(rows_from(gradient, first), count, weights.panels, item / dx_blocks, nullptr,
                                    dx + first * sizes.inputs);
            } else {
                const int64_t block = (item - dx_items) % dw_blocks, first = block * panel_columns;
                add_panel_product({gradients.panels.panel(block), 1, panel_columns},
                                  std::min(panel_columns, sizes.outputs - first), inputs.panels,
                                  (item - dx_items) / dw_blocks, dw + first * sizes.inputs);
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
