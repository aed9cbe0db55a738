// SPDX-License-Identifier: Apache-2.0
// One step of a PackedDecoder: a token for each row through all layers.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <ATen/Parallel.h>

#include "decoder_state.h"
#include "vector_math.h"

namespace rubrics {

namespace {

/// Queries that attend to a shared prefix together: each of its keys and values then loaded serves all.
constexpr int64_t chunk_queries = 24;

const float* null_if_empty(const std::vector<float>& values) { return values.empty() ? nullptr : values.data(); }

}  // namespace

void PackedDecoder::State::check_rows() const {
    if (final_norm.empty()) refuse("set_head has not been called");
    for (const DecoderLayer& layer : layers) {
        if (!layer.is_set) refuse("set_layer has not been called for every layer");
    }
    if (count > max_rows) refuse(std::to_string(count) + " rows in a step, room for " + std::to_string(max_rows));
    std::vector<bool> used(static_cast<size_t>(max_rows));
    for (int64_t i = 0; i < count; ++i) {
        const DecoderRow& row = rows[i];
        const std::string name = "row " + std::to_string(i) + ": ";
        if (row.slot < 0 || row.slot >= max_rows) refuse(name + "no slot " + std::to_string(row.slot));
        if (used[static_cast<size_t>(row.slot)]) refuse(name + "slot " + std::to_string(row.slot) + " is given twice");
        used[static_cast<size_t>(row.slot)] = true;
        if (row.prefix < -1 || row.prefix >= static_cast<int64_t>(prefixes.size())) {
            refuse(name + "no prefix " + std::to_string(row.prefix));
        }
        if (row.position_in_row < 0 || row.position_in_row >= max_row_tokens) {
            refuse(name + "position " + std::to_string(row.position_in_row) + " of " + std::to_string(max_row_tokens));
        }
        if (row.token < 0 || row.token >= config.vocabulary) refuse(name + "no token " + std::to_string(row.token));
    }
}

/// Cuts the rows, sorted by prefix, into chunks of one prefix each: small enough that there is
/// work for every worker, otherwise as large as helps.
void PackedDecoder::State::plan_attention(int64_t workers) {
    prefix_order.resize(static_cast<size_t>(count));
    for (int64_t i = 0; i < count; ++i) prefix_order[static_cast<size_t>(i)] = i;
    std::sort(prefix_order.begin(), prefix_order.end(), [&](int64_t a, int64_t b) {
        return rows[a].prefix != rows[b].prefix ? rows[a].prefix < rows[b].prefix : a < b;
    });
    const int64_t shared = count * config.kv_heads / (2 * workers);
    const int64_t limit = std::max<int64_t>(1, std::min(shared, chunk_queries / group()));
    chunks.clear();
    for (int64_t first = 0; first < count;) {
        int64_t last = first;
        const int32_t prefix = rows[prefix_order[static_cast<size_t>(first)]].prefix;
        while (last < count && rows[prefix_order[static_cast<size_t>(last)]].prefix == prefix) ++last;
        const int64_t parts = (last - first + limit - 1) / limit;
        for (int64_t part = 0; part < parts; ++part) {
            const int64_t begin = (last - first) * part / parts, end = (last - first) * (part + 1) / parts;
            chunks.push_back({first + begin, end - begin});
        }
        first = last;
    }
}

void PackedDecoder::State::prepare_workers(int64_t workers) {
    const int64_t tokens = HeadCache::padded_tokens(longest_prefix) + HeadCache::padded_tokens(max_row_tokens);
    const int64_t queries = std::max(chunk_queries, group());
    while (static_cast<int64_t>(scratches.size()) < workers) {
        scratches.push_back({AttentionScratch(queries, tokens, config.head_dim),
                             AlignedBuffer<uint16_t>(config.head_dim), AlignedBuffer<uint16_t>(config.head_dim),
                             AlignedBuffer<float>(max_rows * 2 * strip_rows), PrefetchQueue()});
    }
    for (int64_t worker = 0; worker < workers; ++worker) {
        PrefetchQueue& queue = scratches[static_cast<size_t>(worker)].caches;
        queue.clear();
        int32_t prefix = -1;
        for (int64_t i = worker * count / workers; i < (worker + 1) * count / workers; ++i) {
            const DecoderRow& row = rows[prefix_order[static_cast<size_t>(i)]];
            if (row.prefix != prefix) {
                const SharedPrefix& shared = prefixes[static_cast<size_t>(prefix = row.prefix)];
                shared.cache.prefetch(shared.length, queue);
            }
            row_caches[static_cast<size_t>(row.slot)].prefetch(row.position_in_row + 1, queue);
        }
    }
}

void PackedDecoder::State::step(const DecoderRow* step_rows, int64_t step_count, float* step_logits) {
    if (step_count <= 0) return;
    rows = step_rows;
    count = step_count;
    logits = step_logits;
    check_rows();
    const int64_t workers = at::get_num_threads();
    plan_attention(workers);
    prepare_workers(workers);
    schedule.reset(config.layers * 7 + 2, workers);
    at::parallel_for(0, workers, 1, [this](int64_t worker, int64_t) { run(worker); });
}

/// What every worker does in a step.
void PackedDecoder::State::run(int64_t worker) {
    const float epsilon = config.norm_epsilon;
    int64_t phase = 0;
    auto normalize = [&](const std::vector<float>& weight, bool embeds) {
        schedule.run(phase++, count, worker, [&](int64_t row) {
            if (embeds) embed(row);
            normalize_row(residual.data() + row * config.width, weight.data(), config.width, epsilon,
                          normalized.row(row));
        });
    };
    PrefetchQueue& later = scratches[static_cast<size_t>(worker)].caches;
    const ProductTarget into_residual = {residual.data(), config.width, true};
    for (int64_t index = 0; index < config.layers; ++index) {
        const DecoderLayer& layer = layers[static_cast<size_t>(index)];
        const bool last = index + 1 == config.layers;
        normalize(layer.attention_norm, index == 0);
        multiply(phase++, worker, layer.qkv, normalized, {qkv.data(), qkv_width(), false}, &layer.output, 1);
        const int64_t chunk_count = static_cast<int64_t>(chunks.size());
        schedule.run(phase++, chunk_count * config.kv_heads, worker,
                     [&](int64_t item) { attend(worker, index, item); });
        if (!last) later.begin(index + 1);
        multiply(phase++, worker, layer.output, attended, into_residual, &layer.gate_up, 2);
        normalize(layer.ffn_norm, false);
        gate(phase++, worker, layer);
        const PackedMatrix& next = last ? head : layers[static_cast<size_t>(index + 1)].qkv;
        multiply(phase++, worker, layer.down, gated, into_residual, &next, 1);
    }
    normalize(final_norm, false);
    multiply(phase++, worker, head, normalized, {logits, config.vocabulary, false}, nullptr, 1);
}

void PackedDecoder::State::embed(int64_t row) {
    float* out = residual.data() + row * config.width;
    const int64_t token = rows[row].token;
    if (embedding.size() == 0) return head.unpack_row(token, out);
    const uint16_t* source = embedding.data() + token * config.width;
    for (int64_t i = 0; i < config.width; ++i) out[i] = from_bfloat16(source[i]);
}

void PackedDecoder::State::multiply(int64_t phase, int64_t worker, const PackedMatrix& matrix,
                                    const ActivationRows& input, const ProductTarget& target, const PackedMatrix* next,
                                    int64_t next_strips_an_item) {
    const int64_t strips = matrix.strips(), own_end = schedule.first_item(worker + 1, strips);
    const void* after = nullptr;
    if (next != nullptr) {
        after = next->strip(schedule.first_item(worker, next->strips() / next_strips_an_item) * next_strips_an_item);
    }
    PrefetchQueue& later = scratches[static_cast<size_t>(worker)].caches;
    schedule.run(phase, strips, worker, [&](int64_t strip) {
        const void* prefetched = strip + 1 < own_end ? matrix.strip(strip + 1) : after;
        const ProductTarget columns = {target.out + strip * strip_rows, target.stride, target.accumulate};
        multiply_strip(matrix, strip, input, count, columns, prefetched, later);
    });
}

/// gated = silu(gate x) * (up x), strip by strip while the products are in the first cache.
void PackedDecoder::State::gate(int64_t phase, int64_t worker, const DecoderLayer& layer) {
    const int64_t items = ffn_strips(), own_end = schedule.first_item(worker + 1, items);
    const void* after = layer.down.strip(schedule.first_item(worker, layer.down.strips()));
    DecodeWorker& scratch = scratches[static_cast<size_t>(worker)];
    float* products = scratch.gate_up.data();
    schedule.run(phase, items, worker, [&](int64_t item) {
        const PackedMatrix& matrix = layer.gate_up;
        const void* prefetched = item + 1 < own_end ? matrix.strip(item * 2 + 2) : after;
        const ProductTarget into_gate = {products, 2 * strip_rows, false};
        const ProductTarget into_up = {products + strip_rows, 2 * strip_rows, false};
        multiply_strip(matrix, item * 2, normalized, count, into_gate, matrix.strip(item * 2 + 1), scratch.caches);
        multiply_strip(matrix, item * 2 + 1, normalized, count, into_up, prefetched, scratch.caches);
        const int64_t columns = std::min(strip_rows, config.ffn - item * strip_rows);
        for (int64_t row = 0; row < count; ++row) {
            const float* product = products + row * 2 * strip_rows;
            gate_row(product, product + strip_rows, columns, gated.row(row) + item * strip_rows);
        }
    });
}

/// Rotates the row's queries and key, and appends its key and value to the cache.
void PackedDecoder::State::prepare_row(DecodeWorker& scratch, const DecoderLayer& layer, int64_t kv_head, int64_t row,
                                       int64_t first_query, const HeadCache& cache) {
    const int64_t dim = config.head_dim;
    const int32_t prefix = rows[row].prefix;
    const int64_t position =
        rows[row].position_in_row + (prefix < 0 ? 0 : prefixes[static_cast<size_t>(prefix)].length);
    const float* rotation = rotations.data() + position * dim;
    const float* projected = qkv.data() + row * qkv_width();
    const float* bias = null_if_empty(layer.bias);
    auto prepare = [&](int64_t column, const float* norm, const float* turn, uint16_t* out) {
        prepare_head(projected + column, bias == nullptr ? nullptr : bias + column, norm, config.norm_epsilon, turn,
                     dim, out);
    };
    for (int64_t g = 0; g < group(); ++g) {
        uint16_t* query = scratch.attention.queries.data() + (first_query + g) * scratch.attention.dim;
        prepare((kv_head * group() + g) * dim, null_if_empty(layer.q_norm), rotation, query);
    }
    prepare(query_width() + kv_head * dim, null_if_empty(layer.k_norm), rotation, scratch.key.data());
    prepare(query_width() + kv_width() + kv_head * dim, nullptr, nullptr, scratch.value.data());
    cache.write(rows[row].position_in_row, scratch.key.data(), scratch.value.data());
}

/// One key-value head's queries of one chunk: the shared prefix for all at once, then each row's
/// own tokens. A query's sums run over the prefix and then its own tokens, whoever shares the prefix.
void PackedDecoder::State::attend(int64_t worker, int64_t layer_index, int64_t item) {
    DecodeWorker& worker_scratch = scratches[static_cast<size_t>(worker)];
    AttentionScratch& scratch = worker_scratch.attention;
    const DecoderLayer& layer = layers[static_cast<size_t>(layer_index)];
    const float scale = 1.0f / std::sqrt(static_cast<float>(config.head_dim));
    const int64_t kv_head = item % config.kv_heads;
    const AttentionChunk chunk = chunks[static_cast<size_t>(item / config.kv_heads)];
    const int64_t* members = prefix_order.data() + chunk.first;
    const int32_t prefix_index = rows[members[0]].prefix;
    SharedPrefix* prefix = prefix_index < 0 ? nullptr : &prefixes[static_cast<size_t>(prefix_index)];
    const int64_t prefix_tokens = prefix == nullptr ? 0 : prefix->length;
    const int64_t own_offset = HeadCache::padded_tokens(prefix_tokens);

    auto own_span = [&](int64_t i) {
        const DecoderRow& row = rows[members[i]];
        return AttentionSpan{row_caches[static_cast<size_t>(row.slot)].head(layer_index, kv_head),
                             row.position_in_row + 1, i * group(), group(), own_offset};
    };
    for (int64_t i = 0; i < chunk.count; ++i) {
        prepare_row(worker_scratch, layer, kv_head, members[i], i * group(), own_span(i).cache);
    }
    AttentionSpan shared{};
    if (prefix != nullptr) {
        shared = {prefix->cache.head(layer_index, kv_head), prefix_tokens, 0, chunk.count * group(), 0};
        score_span(shared, scale, scratch);
    }
    for (int64_t i = 0; i < chunk.count; ++i) {
        const AttentionSpan own = own_span(i);
        score_span(own, scale, scratch);
        for (int64_t g = 0; g < group(); ++g)
            exponentiate(i * group() + g, prefix_tokens, own_offset, own.tokens, scratch);
    }
    if (prefix != nullptr) weigh_span(shared, scratch);
    for (int64_t i = 0; i < chunk.count; ++i) {
        weigh_span(own_span(i), scratch);
        uint16_t* out = attended.row(members[i]) + kv_head * group() * config.head_dim;
        for (int64_t g = 0; g < group(); ++g) {
            finish_query(i * group() + g, config.head_dim, scratch, out + g * config.head_dim);
        }
    }
}

}  // namespace rubrics
