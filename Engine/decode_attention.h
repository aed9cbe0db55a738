// SPDX-License-Identifier: Apache-2.0
// Key-value caches of decoding and attention over them.
#pragma once

#include <cstdint>

#include "aligned_buffer.h"
#include "prefetch_queue.h"

namespace rubrics {

/// The keys and values of one layer and key-value head of a sequence: blocks of 16 tokens, in the
/// layouts the bf16 dot instruction wants. A block's keys are 16 tokens side by side with pairs
/// along the head's dimensions; its values are pairs of tokens side by side for each dimension.
struct HeadCache {
    static constexpr int64_t block_tokens = 16;

    uint16_t* data;
    int64_t head_dim, block_stride;

    /// Values are padded to whole vectors.
    static int64_t padded_dim(int64_t head_dim) { return (head_dim + 15) / 16 * 16; }
    static int64_t padded_tokens(int64_t tokens) { return (tokens + block_tokens - 1) / block_tokens * block_tokens; }
    static int64_t block_elements(int64_t head_dim) { return block_tokens * (head_dim + padded_dim(head_dim)); }

    uint16_t* keys(int64_t block) const { return data + block * block_stride; }
    uint16_t* values(int64_t block) const { return keys(block) + block_tokens * head_dim; }
    void write(int64_t token, const uint16_t* key, const uint16_t* value) const;
};

/// The caches of all layers and heads for one sequence of at most `tokens` tokens. What a layer has
/// cached lies together, a block of all heads after the other, so that it can be prefetched as one.
class SequenceCache {
public:
    SequenceCache() = default;
    SequenceCache(int64_t layers, int64_t kv_heads, int64_t head_dim, int64_t tokens);
    HeadCache head(int64_t layer, int64_t kv_head);
    /// Queues each layer's first `tokens` tokens.
    void prefetch(int64_t tokens, PrefetchQueue& queue) const {
        const int64_t block_bytes = block_stride() * static_cast<int64_t>(sizeof(uint16_t));
        const int64_t blocks = HeadCache::padded_tokens(tokens) / HeadCache::block_tokens;
        queue.add(data_.data(), blocks * block_bytes, blocks_ * block_bytes);
    }

private:
    int64_t block_stride() const { return kv_heads_ * HeadCache::block_elements(head_dim_); }

    int64_t kv_heads_ = 0, head_dim_ = 0, blocks_ = 0;
    AlignedBuffer<uint16_t> data_;
};

/// What a worker needs to attend for up to `queries` queries at once over up to `tokens` tokens.
struct AttentionScratch {
    AttentionScratch() = default;
    AttentionScratch(int64_t queries, int64_t tokens, int64_t head_dim);
    int64_t score_stride = 0, dim = 0;
    AlignedBuffer<uint16_t> queries;        // [queries, dim]
    AlignedBuffer<float> scores;            // [queries, score_stride]
    AlignedBuffer<uint16_t> probabilities;  // [queries, score_stride]
    AlignedBuffer<float> outputs;           // [queries, dim]
    AlignedBuffer<float> sums;              // [queries]
};

/// A stretch of tokens that consecutive queries attend to, and where its scores start.
struct AttentionSpan {
    HeadCache cache;
    int64_t tokens;
    int64_t first_query, queries;
    int64_t score_offset;
};

/// scores[q, offset + t] = scale * q . k_t for the span's queries and tokens.
void score_span(const AttentionSpan& span, float scale, AttentionScratch& scratch);

/// Turns one query's scores (`prefix` of them from 0 on, `own` from `own_offset` on) into bf16
/// exponentials relative to the largest, keeps their sum, and clears the query's output.
void exponentiate(int64_t query, int64_t prefix, int64_t own_offset, int64_t own, AttentionScratch& scratch);

/// outputs[q] += sum over the span's tokens of probability * value.
void weigh_span(const AttentionSpan& span, AttentionScratch& scratch);

/// out = bf16(outputs[query] / sums[query]).
void finish_query(int64_t query, int64_t head_dim, const AttentionScratch& scratch, uint16_t* out);

/// One head of a query, key or value as bf16: adds the bias, applies the norm over the head and rotates
/// halves as Hugging Face's llama does; `rotation` holds cosines, then sines. Null leaves a step out.
void prepare_head(const float* x, const float* bias, const float* norm, float epsilon, const float* rotation,
                  int64_t head_dim, uint16_t* out);

}  // namespace rubrics
