// SPDX-License-Identifier: Apache-2.0
#include "decode_attention.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "vector_math.h"

namespace rubrics {

void HeadCache::write(int64_t token, const uint16_t* key, const uint16_t* value) const {
    const int64_t block = token / block_tokens, place = token % block_tokens;
    uint16_t* column = keys(block) + place * 2;
    for (int64_t d = 0; d < head_dim; d += 2) std::memcpy(column + d * block_tokens, key + d, 2 * sizeof *key);
    uint16_t* pair = values(block) + place / 2 * 2 * padded_dim(head_dim);
    if (place % 2 == 1) {
        for (int64_t d = 0; d < head_dim; ++d) pair[d * 2 + 1] = value[d];
    } else {
        // The partner's weight is zero until it is written, but zero times a stale infinity is NaN.
        for (int64_t d = 0; d < head_dim; ++d) {
            pair[d * 2] = value[d];
            pair[d * 2 + 1] = 0;
        }
    }
}

SequenceCache::SequenceCache(int64_t layers, int64_t kv_heads, int64_t head_dim, int64_t tokens)
    : kv_heads_(kv_heads),
      head_dim_(head_dim),
      blocks_(HeadCache::padded_tokens(tokens) / HeadCache::block_tokens),
      data_(layers * blocks_ * block_stride()) {}

HeadCache SequenceCache::head(int64_t layer, int64_t kv_head) {
    uint16_t* start = data_.data() + layer * blocks_ * block_stride();
    return {start + kv_head * HeadCache::block_elements(head_dim_), head_dim_, block_stride()};
}

AttentionScratch::AttentionScratch(int64_t queries, int64_t tokens, int64_t head_dim)
    : score_stride(tokens),
      dim(HeadCache::padded_dim(head_dim)),
      queries(queries * dim),
      scores(queries * score_stride),
      probabilities(queries * score_stride),
      outputs(queries * dim),
      sums(queries) {}

#if RUBRICS_X86_KERNELS

namespace {

/// Scores of `Queries` queries for the tokens of `Blocks` blocks.
template <int Queries, int Blocks>
RUBRICS_AVX512 void score_blocks(const uint16_t* keys, int64_t block_stride, int64_t pairs, const uint16_t* queries,
                                 int64_t stride, float scale, float* out, int64_t out_stride) {
    __m512 acc[Blocks][Queries];
    for (int b = 0; b < Blocks; ++b) {
        for (int q = 0; q < Queries; ++q) acc[b][q] = _mm512_setzero_ps();
    }
    for (int64_t k = 0; k < pairs; ++k) {
        __m512i query[Queries];
        for (int q = 0; q < Queries; ++q) query[q] = broadcast_pair(queries + q * stride + k * 2);
        for (int b = 0; b < Blocks; ++b) {
            const __m512i key = _mm512_load_si512(keys + b * block_stride + k * 32);
            for (int q = 0; q < Queries; ++q) acc[b][q] = dot_pairs(acc[b][q], key, query[q]);
        }
    }
    for (int b = 0; b < Blocks; ++b) {
        for (int q = 0; q < Queries; ++q) {
            _mm512_store_ps(out + q * out_stride + b * 16, _mm512_mul_ps(acc[b][q], _mm512_set1_ps(scale)));
        }
    }
}

/// Adds `Vectors` * 16 dimensions of the weighted values to the outputs of `Queries` queries.
template <int Queries, int Vectors>
RUBRICS_AVX512 void weigh_dims(const uint16_t* values, int64_t block_stride, int64_t dim, int64_t tokens,
                               const uint16_t* probabilities, int64_t stride, float* out) {
    __m512 acc[Vectors][Queries];
    for (int q = 0; q < Queries; ++q) {
        for (int v = 0; v < Vectors; ++v) acc[v][q] = _mm512_load_ps(out + q * dim + v * 16);
    }
    for (int64_t t = 0; t < tokens; t += 2) {
        const int64_t place = t / 16 * block_stride + t % 16 * dim;
        __m512i pair[Queries];
        for (int q = 0; q < Queries; ++q) pair[q] = broadcast_pair(probabilities + q * stride + t);
        for (int v = 0; v < Vectors; ++v) {
            const __m512i value = _mm512_load_si512(values + place + v * 32);
            for (int q = 0; q < Queries; ++q) acc[v][q] = dot_pairs(acc[v][q], value, pair[q]);
        }
    }
    for (int q = 0; q < Queries; ++q) {
        for (int v = 0; v < Vectors; ++v) _mm512_store_ps(out + q * dim + v * 16, acc[v][q]);
    }
}

// Up to 24 sums at once, in either product.
constexpr int tile_queries = 6, tile_vectors = 4;

using ScoreBlocks = void (*)(const uint16_t*, int64_t, int64_t, const uint16_t*, int64_t, float, float*, int64_t);
constexpr ScoreBlocks scorers[tile_queries][tile_vectors] = {
    {score_blocks<1, 1>, score_blocks<1, 2>, score_blocks<1, 3>, score_blocks<1, 4>},
    {score_blocks<2, 1>, score_blocks<2, 2>, score_blocks<2, 3>, score_blocks<2, 4>},
    {score_blocks<3, 1>, score_blocks<3, 2>, score_blocks<3, 3>, score_blocks<3, 4>},
    {score_blocks<4, 1>, score_blocks<4, 2>, score_blocks<4, 3>, score_blocks<4, 4>},
    {score_blocks<5, 1>, score_blocks<5, 2>, score_blocks<5, 3>, score_blocks<5, 4>},
    {score_blocks<6, 1>, score_blocks<6, 2>, score_blocks<6, 3>, score_blocks<6, 4>},
};

using WeighDims = void (*)(const uint16_t*, int64_t, int64_t, int64_t, const uint16_t*, int64_t, float*);
constexpr WeighDims weighers[tile_queries][tile_vectors] = {
    {weigh_dims<1, 1>, weigh_dims<1, 2>, weigh_dims<1, 3>, weigh_dims<1, 4>},
    {weigh_dims<2, 1>, weigh_dims<2, 2>, weigh_dims<2, 3>, weigh_dims<2, 4>},
    {weigh_dims<3, 1>, weigh_dims<3, 2>, weigh_dims<3, 3>, weigh_dims<3, 4>},
    {weigh_dims<4, 1>, weigh_dims<4, 2>, weigh_dims<4, 3>, weigh_dims<4, 4>},
    {weigh_dims<5, 1>, weigh_dims<5, 2>, weigh_dims<5, 3>, weigh_dims<5, 4>},
    {weigh_dims<6, 1>, weigh_dims<6, 2>, weigh_dims<6, 3>, weigh_dims<6, 4>},
};

RUBRICS_AVX512 inline __m512 max_of(__m512 largest, const float* scores, int64_t count) {
    const __m512 lowest = _mm512_set1_ps(-std::numeric_limits<float>::infinity());
    for (int64_t t = 0; t < count; t += 16) {
        largest = _mm512_max_ps(largest, _mm512_mask_loadu_ps(lowest, first_lanes(count - t), scores + t));
    }
    return largest;
}

/// Lanes beyond `count` become zero: the value product reads whole pairs of tokens.
RUBRICS_AVX512 inline __m512 exponentials(__m512 sum, __m512 largest, const float* scores, int64_t count,
                                          uint16_t* out) {
    for (int64_t t = 0; t < count; t += 16) {
        const __mmask16 mask = first_lanes(count - t);
        const __m512 e = exp_lanes(_mm512_sub_ps(_mm512_maskz_loadu_ps(mask, scores + t), largest));
        sum = _mm512_mask_add_ps(sum, mask, sum, e);
        _mm256_store_si256(reinterpret_cast<__m256i*>(out + t), _mm256_maskz_mov_epi16(mask, round_to_bfloat16(e)));
    }
    return sum;
}

}  // namespace

void score_span(const AttentionSpan& span, float scale, AttentionScratch& scratch) {
    const int64_t blocks = HeadCache::padded_tokens(span.tokens) / HeadCache::block_tokens;
    for (int64_t block = 0; block < blocks; block += tile_vectors) {
        const int64_t block_count = std::min<int64_t>(tile_vectors, blocks - block);
        for (int64_t done = 0; done < span.queries; done += tile_queries) {
            const int64_t query = span.first_query + done, count = std::min<int64_t>(tile_queries, span.queries - done);
            float* out = scratch.scores.data() + query * scratch.score_stride + span.score_offset;
            scorers[count - 1][block_count - 1](span.cache.keys(block), span.cache.block_stride,
                                                span.cache.head_dim / 2, scratch.queries.data() + query * scratch.dim,
                                                scratch.dim, scale, out + block * HeadCache::block_tokens,
                                                scratch.score_stride);
        }
    }
}

void weigh_span(const AttentionSpan& span, AttentionScratch& scratch) {
    const int64_t dim = scratch.dim;
    for (int64_t done = 0; done < span.queries; done += tile_queries) {
        const int64_t query = span.first_query + done, count = std::min<int64_t>(tile_queries, span.queries - done);
        const uint16_t* probabilities = scratch.probabilities.data() + query * scratch.score_stride + span.score_offset;
        for (int64_t d = 0; d < dim; d += tile_vectors * 16) {
            const int64_t vectors = std::min<int64_t>(tile_vectors, (dim - d) / 16);
            weighers[count - 1][vectors - 1](span.cache.values(0) + d * 2, span.cache.block_stride, dim, span.tokens,
                                             probabilities, scratch.score_stride,
                                             scratch.outputs.data() + query * dim + d);
        }
    }
}

RUBRICS_AVX512 void exponentiate(int64_t query, int64_t prefix, int64_t own_offset, int64_t own,
                                 AttentionScratch& scratch) {
    const float* scores = scratch.scores.data() + query * scratch.score_stride;
    uint16_t* out = scratch.probabilities.data() + query * scratch.score_stride;
    __m512 largest = _mm512_set1_ps(-std::numeric_limits<float>::infinity());
    largest = max_of(max_of(largest, scores, prefix), scores + own_offset, own);
    largest = _mm512_set1_ps(_mm512_reduce_max_ps(largest));
    __m512 sum = exponentials(_mm512_setzero_ps(), largest, scores, prefix, out);
    sum = exponentials(sum, largest, scores + own_offset, own, out + own_offset);
    scratch.sums[query] = _mm512_reduce_add_ps(sum);
    std::memset(scratch.outputs.data() + query * scratch.dim, 0, static_cast<size_t>(scratch.dim) * sizeof(float));
}

RUBRICS_AVX512 void finish_query(int64_t query, int64_t head_dim, const AttentionScratch& scratch, uint16_t* out) {
    const __m512 scale = _mm512_set1_ps(1.0f / scratch.sums[query]);
    const float* values = scratch.outputs.data() + query * scratch.dim;
    for (int64_t d = 0; d < head_dim; d += 16) {
        const __m512 v = _mm512_mul_ps(_mm512_load_ps(values + d), scale);
        _mm256_mask_storeu_epi16(out + d, first_lanes(head_dim - d), round_to_bfloat16(v));
    }
}

RUBRICS_AVX512 void prepare_head(const float* x, const float* bias, const float* norm, float epsilon,
                                 const float* rotation, int64_t head_dim, uint16_t* out) {
    const int64_t half = head_dim / 2;
    float scale = 1.0f;
    if (norm != nullptr) {
        __m512 squares = _mm512_setzero_ps();
        for (int64_t d = 0; d < head_dim; d += 16) {
            const __mmask16 mask = first_lanes(head_dim - d);
            __m512 v = _mm512_maskz_loadu_ps(mask, x + d);
            if (bias != nullptr) v = _mm512_add_ps(v, _mm512_maskz_loadu_ps(mask, bias + d));
            squares = _mm512_fmadd_ps(v, v, squares);
        }
        scale = 1.0f / std::sqrt(_mm512_reduce_add_ps(squares) / static_cast<float>(head_dim) + epsilon);
    }
    for (int64_t d = 0; d < half; d += 16) {
        const __mmask16 mask = first_lanes(half - d);
        __m512 low = _mm512_maskz_loadu_ps(mask, x + d), high = _mm512_maskz_loadu_ps(mask, x + half + d);
        if (bias != nullptr) {
            low = _mm512_add_ps(low, _mm512_maskz_loadu_ps(mask, bias + d));
            high = _mm512_add_ps(high, _mm512_maskz_loadu_ps(mask, bias + half + d));
        }
        if (norm != nullptr) {
            const __m512 s = _mm512_set1_ps(scale);
            low = _mm512_mul_ps(_mm512_mul_ps(low, s), _mm512_maskz_loadu_ps(mask, norm + d));
            high = _mm512_mul_ps(_mm512_mul_ps(high, s), _mm512_maskz_loadu_ps(mask, norm + half + d));
        }
        if (rotation != nullptr) {
            const __m512 cosine = _mm512_maskz_loadu_ps(mask, rotation + d);
            const __m512 sine = _mm512_maskz_loadu_ps(mask, rotation + half + d);
            const __m512 turned = _mm512_fmsub_ps(low, cosine, _mm512_mul_ps(high, sine));
            high = _mm512_fmadd_ps(high, cosine, _mm512_mul_ps(low, sine));
            low = turned;
        }
        _mm256_mask_storeu_epi16(out + d, mask, round_to_bfloat16(low));
        _mm256_mask_storeu_epi16(out + half + d, mask, round_to_bfloat16(high));
    }
}

#else

namespace {
[[noreturn]] void unsupported() { throw std::runtime_error("packed decoding needs a CPU with AVX-512 BF16"); }
}  // namespace

void score_span(const AttentionSpan&, float, AttentionScratch&) { unsupported(); }
void exponentiate(int64_t, int64_t, int64_t, int64_t, AttentionScratch&) { unsupported(); }
void weigh_span(const AttentionSpan&, AttentionScratch&) { unsupported(); }
void finish_query(int64_t, int64_t, const AttentionScratch&, uint16_t*) { unsupported(); }
void prepare_head(const float*, const float*, const float*, float, const float*, int64_t, uint16_t*) { unsupported(); }

#endif

}  // namespace rubrics
