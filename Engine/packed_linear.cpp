// SPDX-License-Identifier: Apache-2.0
#include "packed_linear.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <ATen/Parallel.h>

#include "vector_math.h"

namespace rubrics {

PackedMatrix::PackedMatrix(int64_t outputs, int64_t inputs, uint16_t* storage)
    : outputs_(outputs), inputs_(inputs), data_(storage) {}

int64_t PackedMatrix::elements(int64_t outputs, int64_t inputs) {
    const PackedMatrix shape(outputs, inputs, nullptr);
    return shape.strips() * shape.strip_elements();
}

void PackedMatrix::pack_strip(int64_t strip, const uint16_t* rows, int64_t count) {
    const uint16_t* pointers[strip_rows];
    for (int64_t i = 0; i < strip_rows; ++i) pointers[i] = i < count ? rows + i * inputs_ : nullptr;
    pack_strip(strip, pointers);
}

void PackedMatrix::pack(const std::vector<WeightRows>& sources) {
    at::parallel_for(0, strips(), 1, [&](int64_t begin, int64_t end) {
        for (int64_t strip = begin; strip < end; ++strip) {
            const uint16_t* pointers[strip_rows];
            for (int64_t i = 0; i < strip_rows; ++i) {
                int64_t row = strip * strip_rows + i;
                pointers[i] = nullptr;
                for (const WeightRows& source : sources) {
                    if (row < source.rows) {
                        pointers[i] = source.data + row * inputs_;
                        break;
                    }
                    row -= source.rows;
                }
            }
            pack_strip(strip, pointers);
        }
    });
}

void PackedMatrix::unpack_row(int64_t row, float* out) const {
    const uint16_t* column = strip(row / strip_rows) + row % strip_rows * 2;
    for (int64_t i = 0; i < inputs_; ++i) {
        out[i] = from_bfloat16(column[i / 2 * 2 * strip_rows + i % 2]);
    }
}

ActivationRows::ActivationRows(int64_t rows, int64_t width) {
    // An odd number of cache lines: a power of two would put all rows of a tile in one cache set.
    const int64_t lines = (width + 31) / 32 | 1;
    stride_ = lines * 32;
    data_ = AlignedBuffer<uint16_t>(rows * stride_);
}

#if RUBRICS_X86_KERNELS

namespace {

/// Transposes 16 vectors of 16 32-bit lanes in place.
RUBRICS_AVX512 inline void transpose(__m512i v[16]) {
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
        const __m512i a = _mm512_shuffle_i32x4(t[c], t[4 + c], 0x88),
                      b = _mm512_shuffle_i32x4(t[8 + c], t[12 + c], 0x88);
        const __m512i d = _mm512_shuffle_i32x4(t[c], t[4 + c], 0xdd),
                      e = _mm512_shuffle_i32x4(t[8 + c], t[12 + c], 0xdd);
        v[c] = _mm512_shuffle_i32x4(a, b, 0x88);
        v[c + 4] = _mm512_shuffle_i32x4(d, e, 0x88);
        v[c + 8] = _mm512_shuffle_i32x4(a, b, 0xdd);
        v[c + 12] = _mm512_shuffle_i32x4(d, e, 0xdd);
    }
}

RUBRICS_AVX512 void pack_rows(const uint16_t* const* rows, int64_t inputs, uint16_t* out) {
    const int64_t pairs = (inputs + 1) / 2;
    for (int64_t panel = 0; panel < 3; ++panel) {
        for (int64_t first = 0; first < pairs; first += 16) {
            const int64_t left = inputs - first * 2;
            const __mmask32 mask = left >= 32 ? 0xffffffffu : (1u << left) - 1u;
            __m512i v[16];
            for (int i = 0; i < 16; ++i) {
                const uint16_t* row = rows[panel * 16 + i];
                v[i] = row == nullptr ? _mm512_setzero_si512() : _mm512_maskz_loadu_epi16(mask, row + first * 2);
            }
            transpose(v);
            const int64_t count = std::min<int64_t>(16, pairs - first);
            uint16_t* target = out + first * 96 + panel * 32;
            // Past the caches: the packed copy is next read long after it was evicted.
            for (int64_t i = 0; i < count; ++i) _mm512_stream_si512(reinterpret_cast<__m512i*>(target + i * 96), v[i]);
        }
    }
    _mm_sfence();
}

/// Three vectors of 16 outputs by `Rows` activation rows: each weight vector loaded serves `Rows`
/// products and each broadcast three. 24 accumulators cover the dot's latency of 6 cycles four times.
/// Every four input pairs it prefetches `Lines` cache lines of `next` and two of `later`, spread so
/// that memory works all the time.
template <int Rows, int Lines>
RUBRICS_AVX512 void multiply_tile(const uint16_t* weights, const uint16_t* x, int64_t stride, int64_t pairs,
                                  const char* next, const char* later, float* out, int64_t out_stride, int64_t columns,
                                  bool accumulate) {
    __m512 acc[3][Rows];
    for (int p = 0; p < 3; ++p) {
        for (int r = 0; r < Rows; ++r) acc[p][r] = _mm512_setzero_ps();
    }
    int64_t k = 0;
    for (; k + 4 <= pairs; k += 4) {
        for (int line = 0; line < Lines; ++line) _mm_prefetch(next + line * 64, _MM_HINT_T1);
        _mm_prefetch(later, _MM_HINT_T1);
        _mm_prefetch(later + 64, _MM_HINT_T1);
        next += Lines * 64;
        later += 128;
#pragma GCC unroll 4
        for (int step = 0; step < 4; ++step) {
            const uint16_t* w = weights + (k + step) * 96;
            const __m512i w0 = _mm512_load_si512(w), w1 = _mm512_load_si512(w + 32), w2 = _mm512_load_si512(w + 64);
#pragma GCC unroll 8
            for (int r = 0; r < Rows; ++r) {
                const __m512i pair = broadcast_pair(x + r * stride + (k + step) * 2);
                acc[0][r] = dot_pairs(acc[0][r], w0, pair);
                acc[1][r] = dot_pairs(acc[1][r], w1, pair);
                acc[2][r] = dot_pairs(acc[2][r], w2, pair);
            }
        }
    }
    for (; k < pairs; ++k) {
        const uint16_t* w = weights + k * 96;
        for (int r = 0; r < Rows; ++r) {
            const __m512i pair = broadcast_pair(x + r * stride + k * 2);
            for (int p = 0; p < 3; ++p) acc[p][r] = dot_pairs(acc[p][r], _mm512_load_si512(w + p * 32), pair);
        }
    }
    for (int p = 0; p < 3; ++p) {
        const __mmask16 mask = first_lanes(columns - p * 16);
        for (int r = 0; r < Rows; ++r) {
            float* target = out + r * out_stride + p * 16;
            __m512 sum = acc[p][r];
            if (accumulate) sum = _mm512_add_ps(sum, _mm512_maskz_loadu_ps(mask, target));
            _mm512_mask_storeu_ps(target, mask, sum);
        }
    }
}

using Tile = void (*)(const uint16_t*, const uint16_t*, int64_t, int64_t, const char*, const char*, float*, int64_t,
                      int64_t, bool);

template <int Lines>
constexpr Tile tiles[] = {
    multiply_tile<1, Lines>, multiply_tile<2, Lines>, multiply_tile<3, Lines>, multiply_tile<4, Lines>,
    multiply_tile<5, Lines>, multiply_tile<6, Lines>, multiply_tile<7, Lines>, multiply_tile<8, Lines>,
};

/// The tile for `rows` activation rows whose share of the prefetching is one in `blocks`.
Tile tile(int64_t rows, int64_t blocks) {
    // Four input pairs of a strip are 12 cache lines.
    switch (blocks) {
        case 0:
            return tiles<0>[rows - 1];
        case 1:
            return tiles<12>[rows - 1];
        case 2:
            return tiles<6>[rows - 1];
        case 3:
            return tiles<4>[rows - 1];
        default:
            return tiles<3>[rows - 1];
    }
}

}  // namespace

void PackedMatrix::pack_strip(int64_t strip, const uint16_t* const rows[strip_rows]) {
    pack_rows(rows, inputs_, data_ + strip * strip_elements());
}

void multiply_strip(const PackedMatrix& matrix, int64_t strip, const ActivationRows& rows, int64_t count,
                    const ProductTarget& target, const void* next, PrefetchQueue& later) {
    const int64_t blocks = (count + 7) / 8, prefetching = std::min<int64_t>(blocks, 4);
    const int64_t columns = std::min(PackedMatrix::strip_rows, matrix.outputs() - strip * PackedMatrix::strip_rows);
    // For a few rows the CPU's own prefetcher keeps up with one stream, and ours only hinders it.
    if (count < 7 && next == matrix.strip(strip + 1)) next = nullptr;
    const char* prefetch = static_cast<const char*>(next);
    const int64_t share = matrix.strip_elements() * 2 / prefetching;
    for (int64_t block = 0; block < blocks; ++block) {
        // Even blocks: 33 rows are 7 + 7 + 7 + 6 + 6 and not four eights with a slow one left over.
        const int64_t first = count * block / blocks, last = count * (block + 1) / blocks;
        const bool prefetches = next != nullptr && block < prefetching;
        const char* piece = later.take(matrix.input_pairs() / 4 * 128);
        // Prefetching what is in the cache anyway costs less than a kernel that does not prefetch.
        if (piece == nullptr) piece = reinterpret_cast<const char*>(rows.row(first));
        tile(last - first, prefetches ? prefetching : 0)(
            matrix.strip(strip), rows.row(first), rows.stride(), matrix.input_pairs(),
            prefetch + (prefetches ? share * block : 0), piece, target.out + first * target.stride, target.stride,
            columns, target.accumulate);
    }
}

RUBRICS_AVX512 void normalize_row(const float* x, const float* weight, int64_t width, float epsilon, uint16_t* out) {
    __m512 squares = _mm512_setzero_ps();
    for (int64_t i = 0; i < width; i += 16) {
        const __m512 v = _mm512_maskz_loadu_ps(first_lanes(width - i), x + i);
        squares = _mm512_fmadd_ps(v, v, squares);
    }
    const float mean = _mm512_reduce_add_ps(squares) / static_cast<float>(width);
    const __m512 scale = _mm512_set1_ps(1.0f / std::sqrt(mean + epsilon));
    for (int64_t i = 0; i < width; i += 16) {
        const __mmask16 mask = first_lanes(width - i);
        const __m512 v = _mm512_mul_ps(_mm512_maskz_loadu_ps(mask, x + i), scale);
        const __m512 scaled = _mm512_mul_ps(v, _mm512_maskz_loadu_ps(mask, weight + i));
        _mm256_mask_storeu_epi16(out + i, mask, round_to_bfloat16(scaled));
    }
}

RUBRICS_AVX512 void gate_row(const float* gate, const float* up, int64_t width, uint16_t* out) {
    const __m512 one = _mm512_set1_ps(1.0f);
    for (int64_t i = 0; i < width; i += 16) {
        const __mmask16 mask = first_lanes(width - i);
        const __m512 g = _mm512_maskz_loadu_ps(mask, gate + i);
        const __m512 decay = exp_lanes(_mm512_sub_ps(_mm512_setzero_ps(), g));
        const __m512 silu = _mm512_div_ps(g, _mm512_add_ps(one, decay));
        const __m512 gated = _mm512_mul_ps(silu, _mm512_maskz_loadu_ps(mask, up + i));
        _mm256_mask_storeu_epi16(out + i, mask, round_to_bfloat16(gated));
    }
}

#else

namespace {
[[noreturn]] void unsupported() { throw std::runtime_error("packed decoding needs a CPU with AVX-512 BF16"); }
}  // namespace

void PackedMatrix::pack_strip(int64_t, const uint16_t* const*) { unsupported(); }
void multiply_strip(const PackedMatrix&, int64_t, const ActivationRows&, int64_t, const ProductTarget&, const void*,
                    PrefetchQueue&) {
    unsupported();
}
void normalize_row(const float*, const float*, int64_t, float, uint16_t*) { unsupported(); }
void gate_row(const float*, const float*, int64_t, uint16_t*) { unsupported(); }

#endif

}  // namespace rubrics
