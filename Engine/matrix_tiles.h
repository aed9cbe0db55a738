// SPDX-License-Identifier: Apache-2.0
//
// The small matrix products that training's kernels are made of, for AVX-512 BF16.
//
// Both element types are handled as 32-bit words: a word is one float, or a pair of bf16 numbers that are neighbours
// along the inner dimension, as the bf16 dot instruction takes them. A *step* of a product is one word.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "vector_math.h"

#if RUBRICS_X86_KERNELS

namespace rubrics {

template <typename T>
constexpr int64_t elements_per_word = 4 / static_cast<int64_t>(sizeof(T));

inline int64_t round_up(int64_t count, int64_t multiple) { return (count + multiple - 1) / multiple * multiple; }

/// Words from one row of a matrix that is read down its columns to the next: an odd number of cache lines, since a
/// power of two would put a column in one cache set.
inline int64_t column_stride(int64_t count) { return ((count + 15) / 16 | 1) * 16; }

template <typename T>
RUBRICS_AVX512 inline __m512 multiply_add(__m512 sum, __m512i a, __m512i b) {
    if constexpr (sizeof(T) == 4) {
        return _mm512_fmadd_ps(_mm512_castsi512_ps(a), _mm512_castsi512_ps(b), sum);
    } else {
        return dot_pairs(sum, a, b);
    }
}

RUBRICS_AVX512 inline __m512 load_lanes(const float* x, __mmask16 mask) { return _mm512_maskz_loadu_ps(mask, x); }
RUBRICS_AVX512 inline __m512 load_lanes(const uint16_t* x, __mmask16 mask) {
    const __m512i wide = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, x));
    return _mm512_castsi512_ps(_mm512_slli_epi32(wide, 16));
}
RUBRICS_AVX512 inline void store_lanes(float* x, __mmask16 mask, __m512 value) {
    _mm512_mask_storeu_ps(x, mask, value);
}
RUBRICS_AVX512 inline void store_lanes(uint16_t* x, __mmask16 mask, __m512 value) {
    _mm256_mask_storeu_epi16(x, mask, round_to_bfloat16(value));
}

// MARK: Products

/// The left factor: word (i, k) lies at `words[i * row_stride + k * step_stride]`.
struct LeftFactor {
    const uint32_t* words;
    int64_t row_stride, step_stride;
};

/// The right factor, [step, column] words.
struct RightFactor {
    const uint32_t* words;
    int64_t step_stride;
};

/// Where a product goes, [row, column].
struct Product {
    float* out;
    int64_t row_stride;
    bool accumulate;
};

template <typename T, int Rows, int Vectors>
RUBRICS_AVX512 void multiply_tile(LeftFactor a, RightFactor b, int64_t steps, Product c) {
    __m512 sums[Rows][Vectors];
    for (int r = 0; r < Rows; ++r) {
        for (int v = 0; v < Vectors; ++v) {
            sums[r][v] = c.accumulate ? _mm512_loadu_ps(c.out + r * c.row_stride + v * 16) : _mm512_setzero_ps();
        }
    }
    for (int64_t k = 0; k < steps; ++k) {
        __m512i columns[Vectors];
        for (int v = 0; v < Vectors; ++v) columns[v] = _mm512_loadu_si512(b.words + k * b.step_stride + v * 16);
        for (int r = 0; r < Rows; ++r) {
            const __m512i word = _mm512_set1_epi32(static_cast<int>(a.words[r * a.row_stride + k * a.step_stride]));
            for (int v = 0; v < Vectors; ++v) sums[r][v] = multiply_add<T>(sums[r][v], columns[v], word);
        }
    }
    for (int r = 0; r < Rows; ++r) {
        for (int v = 0; v < Vectors; ++v) _mm512_storeu_ps(c.out + r * c.row_stride + v * 16, sums[r][v]);
    }
}

using ProductTile = void (*)(LeftFactor, RightFactor, int64_t, Product);
constexpr int64_t tile_rows = 6, tile_vectors = 4;

template <typename T>
constexpr ProductTile product_tiles[tile_rows][tile_vectors] = {
    {multiply_tile<T, 1, 1>, multiply_tile<T, 1, 2>, multiply_tile<T, 1, 3>, multiply_tile<T, 1, 4>},
    {multiply_tile<T, 2, 1>, multiply_tile<T, 2, 2>, multiply_tile<T, 2, 3>, multiply_tile<T, 2, 4>},
    {multiply_tile<T, 3, 1>, multiply_tile<T, 3, 2>, multiply_tile<T, 3, 3>, multiply_tile<T, 3, 4>},
    {multiply_tile<T, 4, 1>, multiply_tile<T, 4, 2>, multiply_tile<T, 4, 3>, multiply_tile<T, 4, 4>},
    {multiply_tile<T, 5, 1>, multiply_tile<T, 5, 2>, multiply_tile<T, 5, 3>, multiply_tile<T, 5, 4>},
    {multiply_tile<T, 6, 1>, multiply_tile<T, 6, 2>, multiply_tile<T, 6, 3>, multiply_tile<T, 6, 4>},
};

/// `rows` by `columns` (rounded up to 16, for which there must be room) of the product over `steps` words.
template <typename T>
void multiply(LeftFactor a, RightFactor b, int64_t rows, int64_t columns, int64_t steps, Product c) {
    const int64_t vectors = (columns + 15) / 16;
    for (int64_t v = 0; v < vectors; v += tile_vectors) {
        const int64_t width = std::min(tile_vectors, vectors - v);
        for (int64_t r = 0; r < rows; r += tile_rows) {
            product_tiles<T>[std::min(tile_rows, rows - r) - 1][width - 1](
                {a.words + r * a.row_stride, a.row_stride, a.step_stride}, {b.words + v * 16, b.step_stride}, steps,
                {c.out + r * c.row_stride + v * 16, c.row_stride, c.accumulate});
        }
    }
}

// MARK: Layouts

/// 16 words of a row from `word` on; zero beyond its `d` elements and for a missing row.
template <typename T>
RUBRICS_AVX512 inline __m512i load_words(const T* row, int64_t word, int64_t d) {
    const int64_t left = d - word * elements_per_word<T>;
    if (row == nullptr || left <= 0) return _mm512_setzero_si512();
    if constexpr (sizeof(T) == 4) {
        return _mm512_maskz_loadu_epi32(first_lanes(left), row + word);
    } else {
        const __mmask32 mask = left >= 32 ? 0xffffffffu : (1u << left) - 1u;
        return _mm512_maskz_loadu_epi16(mask, row + word * 2);
    }
}

/// Transposes 16 vectors of 16 words in place.
RUBRICS_AVX512 inline void transpose_words(__m512i v[16]) {
    __m512i t[16];
    for (int i = 0; i < 16; i += 4) {
        const __m512i a = _mm512_unpacklo_epi32(v[i], v[i + 1]), b = _mm512_unpackhi_epi32(v[i], v[i + 1]);
        const __m512i c = _mm512_unpacklo_epi32(v[i + 2], v[i + 3]), d = _mm512_unpackhi_epi32(v[i + 2], v[i + 3]);
        t[i] = _mm512_unpacklo_epi64(a, c);
        t[i + 1] = _mm512_unpackhi_epi64(a, c);
        t[i + 2] = _mm512_unpacklo_epi64(b, d);
        t[i + 3] = _mm512_unpackhi_epi64(b, d);
    }
    // t[4g + c] now holds rows 4g..4g+3 of columns c, c + 4, c + 8, c + 12, one per 128-bit lane.
    for (int c = 0; c < 4; ++c) {
        const __m512i a = _mm512_shuffle_i32x4(t[c], t[4 + c], 0x88);
        const __m512i b = _mm512_shuffle_i32x4(t[8 + c], t[12 + c], 0x88);
        const __m512i d = _mm512_shuffle_i32x4(t[c], t[4 + c], 0xdd);
        const __m512i e = _mm512_shuffle_i32x4(t[8 + c], t[12 + c], 0xdd);
        v[c] = _mm512_shuffle_i32x4(a, b, 0x88);
        v[c + 4] = _mm512_shuffle_i32x4(d, e, 0x88);
        v[c + 8] = _mm512_shuffle_i32x4(a, b, 0xdd);
        v[c + 12] = _mm512_shuffle_i32x4(d, e, 0xdd);
    }
}

// In what follows `row(i)` points at the d elements of row i.

/// Rows as they are, [row, word]: the left factor of products over d.
template <typename T, typename Row>
RUBRICS_AVX512 void pack_rows(Row row, int64_t count, int64_t d, uint32_t* out, int64_t stride) {
    for (int64_t i = 0; i < count; ++i) {
        const T* x = row(i);
        for (int64_t word = 0; word < stride; word += 16) {
            _mm512_storeu_si512(out + i * stride + word, load_words(x, word, d));
        }
    }
}

/// Rows side by side, [word, row]: the right factor of products over d. Columns beyond `count` are zero.
template <typename T, typename Row>
RUBRICS_AVX512 void pack_columns(Row row, int64_t count, int64_t d, uint32_t* out, int64_t stride) {
    const int64_t words = (d + elements_per_word<T> - 1) / elements_per_word<T>;
    for (int64_t first = 0; first < count; first += 16) {
        const T* x[16];
        for (int64_t i = 0; i < 16; ++i) x[i] = first + i < count ? row(first + i) : nullptr;
        for (int64_t word = 0; word < words; word += 16) {
            __m512i v[16];
            for (int64_t i = 0; i < 16; ++i) v[i] = load_words(x[i], word, d);
            transpose_words(v);
            const int64_t filled = std::min<int64_t>(16, words - word);
            for (int64_t i = 0; i < filled; ++i) _mm512_storeu_si512(out + (word + i) * stride + first, v[i]);
        }
    }
}

/// Words of neighbouring rows, [row step, column]: the right factor of products over rows, and read the other way
/// round, the left factor of products whose rows are these columns. A missing last row counts as zero.
template <typename T, typename Row>
RUBRICS_AVX512 void pack_steps(Row row, int64_t count, int64_t d, uint32_t* out, int64_t stride) {
    for (int64_t first = 0; first < count; first += elements_per_word<T>, out += stride) {
        const T *even = row(first), *odd = sizeof(T) == 2 && first + 1 < count ? row(first + 1) : nullptr;
        for (int64_t i = 0; i < stride; i += 16) {
            const __mmask16 mask = first_lanes(d - i);
            __m512i words;
            if constexpr (sizeof(T) == 4) {
                words = _mm512_maskz_loadu_epi32(mask, even + i);
            } else {
                words = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, even + i));
                if (odd != nullptr) {
                    const __m512i high = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, odd + i));
                    words = _mm512_or_si512(words, _mm512_slli_epi32(high, 16));
                }
            }
            _mm512_storeu_si512(out + i, words);
        }
    }
}

/// Two fp32 rows as bf16 words of neighbouring rows; a missing second row counts as zero.
RUBRICS_AVX512 inline void interleave_rows(const float* even, const float* odd, int64_t count, uint32_t* out) {
    for (int64_t i = 0; i < count; i += 16) {
        __m512i words = _mm512_cvtepu16_epi32(round_to_bfloat16(_mm512_loadu_ps(even + i)));
        if (odd != nullptr) {
            const __m512i high = _mm512_cvtepu16_epi32(round_to_bfloat16(_mm512_loadu_ps(odd + i)));
            words = _mm512_or_si512(words, _mm512_slli_epi32(high, 16));
        }
        _mm512_storeu_si512(out + i, words);
    }
}

// MARK: Results

/// out = row · scale in T.
template <typename T>
RUBRICS_AVX512 void store_row(const float* row, float scale, int64_t d, T* out) {
    const __m512 factor = _mm512_set1_ps(scale);
    for (int64_t i = 0; i < d; i += 16) {
        const __mmask16 mask = first_lanes(d - i);
        store_lanes(out + i, mask, _mm512_mul_ps(_mm512_maskz_loadu_ps(mask, row + i), factor));
    }
}

template <typename T>
RUBRICS_AVX512 void narrow_row(const float* row, int64_t count, T* out) {
    for (int64_t i = 0; i < count; i += 16) store_lanes(out + i, 0xffffu, _mm512_loadu_ps(row + i));
}

}  // namespace rubrics

#endif
