// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "matrix_tiles.h"

#if RUBRICS_X86_KERNELS

namespace rubrics {

constexpr int64_t panel_columns = tile_vectors * 16;

/// A row-major bf16 matrix.
struct Bf16Matrix {
    const uint16_t* data;
    int64_t rows, columns;

    const uint16_t* row(int64_t index) const { return data + index * columns; }
};

inline int64_t panels_of(int64_t columns) { return (columns + panel_columns - 1) / panel_columns; }

/// A right factor of a large product, cut into panels of 64 columns: [panel, step, column] words. A panel stays in the
/// second-level cache while the left factor's rows pass by.
struct Panels {
    uint32_t* words;
    int64_t steps, columns;
    int64_t panel_steps;  // from one panel to the next

    static int64_t word_count(int64_t steps, int64_t columns) { return panels_of(columns) * steps * panel_columns; }
    int64_t count() const { return panels_of(columns); }
    uint32_t* panel(int64_t index) const { return words + index * panel_steps * panel_columns; }
    /// Steps [first, last) of every panel.
    Panels stretch(int64_t first, int64_t last) const {
        return {words + first * panel_columns, last - first, columns, panel_steps};
    }

    /// Fills a panel with 64 of the source's rows as columns: the products are over the source's columns.
    void pack_transposed(int64_t index, const Bf16Matrix& source) const {
        const int64_t first = index * panel_columns;
        pack_columns<uint16_t>([=](int64_t i) { return source.row(first + i); },
                               std::min(panel_columns, columns - first), source.columns, panel(index), panel_columns);
    }

    /// Fills a panel with 64 of the source's columns, steps [first, last): the products are over the source's rows.
    void pack(int64_t index, int64_t first, int64_t last, const Bf16Matrix& source) const {
        const int64_t column = index * panel_columns;
        pack_steps<uint16_t>([=](int64_t i) { return source.row(first * 2 + i) + column; },
                             std::min(last * 2, source.rows) - first * 2, columns - column,
                             panel(index) + first * panel_columns, panel_columns);
    }

    /// out [row, 64] of up to six rows of `a` by one panel.
    void multiply_tile(LeftFactor a, int64_t rows, int64_t index, Product out) const {
        const int64_t vectors = std::min(tile_vectors, (columns - index * panel_columns + 15) / 16);
        product_tiles<uint16_t>[rows - 1][vectors - 1](a, {panel(index), panel_columns}, steps, out);
    }
};

/// out [row, column] += rows of `a` by one panel, where `out` is the whole product from these rows on.
RUBRICS_AVX512 inline void add_panel_product(LeftFactor a, int64_t rows, const Panels& b, int64_t index, float* out) {
    const int64_t column = index * panel_columns, width = std::min(panel_columns, b.columns - column);
    alignas(64) float tile[tile_rows * panel_columns];
    for (int64_t r = 0; r < rows; r += tile_rows) {
        const int64_t count = std::min(tile_rows, rows - r);
        const LeftFactor part{a.words + r * a.row_stride, a.row_stride, a.step_stride};
        float* target = out + r * b.columns + column;
        if (width % 16 == 0) {
            b.multiply_tile(part, count, index, {target, b.columns, true});
            continue;
        }
        b.multiply_tile(part, count, index, {tile, panel_columns, false});
        for (int64_t i = 0; i < count; ++i) {
            for (int64_t c = 0; c < width; c += 16) {
                const __mmask16 mask = first_lanes(width - c);
                float* to = target + i * b.columns + c;
                const __m512 sum = _mm512_add_ps(_mm512_maskz_loadu_ps(mask, to), _mm512_load_ps(tile + i * 64 + c));
                _mm512_mask_storeu_ps(to, mask, sum);
            }
        }
    }
}

/// out [row, column] = rows of `a` by one panel in bf16, plus `bias` [column] unless it is null.
RUBRICS_AVX512 inline void store_panel_product(LeftFactor a, int64_t rows, const Panels& b, int64_t index,
                                               const float* bias, uint16_t* out) {
    const int64_t column = index * panel_columns, width = std::min(panel_columns, b.columns - column);
    alignas(64) float tile[tile_rows * panel_columns];
    for (int64_t r = 0; r < rows; r += tile_rows) {
        const int64_t count = std::min(tile_rows, rows - r);
        b.multiply_tile({a.words + r * a.row_stride, a.row_stride, a.step_stride}, count, index,
                        {tile, panel_columns, false});
        for (int64_t i = 0; i < count; ++i) {
            for (int64_t c = 0; c < width; c += 16) {
                const __mmask16 mask = first_lanes(width - c);
                __m512 value = _mm512_load_ps(tile + i * panel_columns + c);
                if (bias != nullptr) value = _mm512_add_ps(value, _mm512_maskz_loadu_ps(mask, bias + column + c));
                store_lanes(out + (r + i) * b.columns + column + c, mask, value);
            }
        }
    }
}

/// A bf16 matrix's rows as a left factor over its columns, which must be even in number.
inline LeftFactor rows_from(const Bf16Matrix& matrix, int64_t row) {
    return {reinterpret_cast<const uint32_t*>(matrix.row(row)), matrix.columns / 2, 1};
}

}  // namespace rubrics

#endif
