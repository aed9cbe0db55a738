// SPDX-License-Identifier: Apache-2.0
#include "packed_decoder.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <ATen/Parallel.h>

#include "cpu_target.h"
#include "decode_attention.h"
#include "packed_linear.h"
#include "phase_schedule.h"
#include "vector_math.h"

namespace rubrics {

namespace {

constexpr int64_t strip_rows = PackedMatrix::strip_rows;
/// Queries that attend to a shared prefix together: each of its keys and values then loaded serves all.
constexpr int64_t chunk_queries = 24;

struct Layer {
    PackedMatrix qkv, output, gate_up, down;  // gate_up: strips of gate and up in turn
    std::vector<float> attention_norm, ffn_norm, q_norm, k_norm;
    std::vector<float> bias;  // of q, k and v, one after another
    bool is_set = false;
};

struct Prefix {
    int64_t length;
    SequenceCache cache;
};

/// Rows that attend together: a stretch of the step's rows in prefix order.
struct AttentionChunk {
    int64_t first, count;
};

struct Worker {
    AttentionScratch attention;
    AlignedBuffer<uint16_t> key, value;
    AlignedBuffer<float> gate_up;  // [max_rows, 96]
    PrefetchQueue caches;          // of the rows that this worker attends for
};

[[noreturn]] void refuse(const std::string& message) { throw std::invalid_argument("packed decoder: " + message); }

std::vector<float> copied(const float* values, int64_t count, const char* name) {
    if (values == nullptr) refuse(std::string(name) + " is missing");
    return std::vector<float>(values, values + count);
}

const float* null_if_empty(const std::vector<float>& values) { return values.empty() ? nullptr : values.data(); }

void check(const DecoderConfig& c, int64_t max_rows, int64_t max_row_tokens) {
    if (c.layers < 1 || c.width < 1 || c.heads < 1 || c.kv_heads < 1 || c.ffn < 1 || c.vocabulary < 1) {
        refuse("every size must be positive");
    }
    if (c.heads % c.kv_heads != 0) refuse("heads must be a multiple of kv_heads");
    if (c.head_dim < 2 || c.head_dim % 2 != 0) refuse("head_dim must be even");
    if (max_rows < 1 || max_row_tokens < 1) refuse("max_rows and max_row_tokens must be positive");
}

}  // namespace

struct PackedDecoder::State {
    State(const DecoderConfig& config, int64_t max_rows, int64_t max_row_tokens);

    void set_layer(int64_t index, const DecoderLayerWeights& weights);
    void set_head(const uint16_t* embedding, const uint16_t* output, const float* norm);
    void clear_prefixes() { prefixes.clear(); }
    int32_t add_prefix(int64_t length);
    void write_prefix(int32_t index, int64_t layer, const uint16_t* k, const uint16_t* v);
    void step(const DecoderRow* step_rows, int64_t step_count, float* step_logits);

private:
    int64_t group() const { return config.heads / config.kv_heads; }
    int64_t query_width() const { return config.heads * config.head_dim; }
    int64_t kv_width() const { return config.kv_heads * config.head_dim; }
    int64_t qkv_width() const { return query_width() + 2 * kv_width(); }
    int64_t ffn_strips() const { return (config.ffn + strip_rows - 1) / strip_rows; }

    void lay_out_weights();
    void grow_rotations(int64_t positions);
    void check_rows() const;
    void plan_attention(int64_t workers);
    void prepare_workers(int64_t workers);

    void run(int64_t worker);
    void embed(int64_t row);
    void multiply(int64_t phase, int64_t worker, const PackedMatrix& matrix, const ActivationRows& input,
                  const ProductTarget& target, const PackedMatrix* next, int64_t next_strips_an_item);
    void gate(int64_t phase, int64_t worker, const Layer& layer);
    void attend(int64_t worker, int64_t layer_index, int64_t item);
    void prepare_row(Worker& scratch, const Layer& layer, int64_t kv_head, int64_t row, int64_t first_query,
                     const HeadCache& cache);

    const DecoderConfig config;
    const int64_t max_rows, max_row_tokens;
    AlignedBuffer<uint16_t> weights;
    std::vector<Layer> layers;
    PackedMatrix head;
    AlignedBuffer<uint16_t> embedding;  // empty when the head's weights are the embedding
    std::vector<float> final_norm;

    std::vector<SequenceCache> row_caches;
    std::vector<Prefix> prefixes;
    int64_t longest_prefix = 0;
    std::vector<float> rotations;  // [positions, head_dim]: cosines, then sines

    // The step under way.
    const DecoderRow* rows = nullptr;
    int64_t count = 0;
    float* logits = nullptr;
    std::vector<int64_t> prefix_order;
    std::vector<AttentionChunk> chunks;
    PhaseSchedule schedule;
    std::vector<Worker> scratches;
    AlignedBuffer<float> residual, qkv;          // [max_rows, width], [max_rows, qkv_width]
    ActivationRows normalized, attended, gated;  // the inputs of matrix products
};

PackedDecoder::State::State(const DecoderConfig& config, int64_t max_rows, int64_t max_row_tokens)
    : config(config),
      max_rows(max_rows),
      max_row_tokens(max_row_tokens),
      residual(max_rows * config.width),
      qkv(max_rows * qkv_width()),
      normalized(max_rows, config.width),
      attended(max_rows, query_width()),
      gated(max_rows, config.ffn) {
    lay_out_weights();
    for (int64_t row = 0; row < max_rows; ++row) {
        row_caches.emplace_back(config.layers, config.kv_heads, config.head_dim, max_row_tokens);
    }
    grow_rotations(max_row_tokens);
}

/// Places the matrices in the order in which a step reads them.
void PackedDecoder::State::lay_out_weights() {
    layers.resize(static_cast<size_t>(config.layers));
    int64_t used = 0;
    auto place = [&](PackedMatrix& matrix, int64_t outputs, int64_t inputs) {
        matrix = PackedMatrix(outputs, inputs, weights.size() == 0 ? nullptr : weights.data() + used);
        used += PackedMatrix::elements(outputs, inputs);
    };
    auto place_all = [&] {
        used = 0;
        for (Layer& layer : layers) {
            place(layer.qkv, qkv_width(), config.width);
            place(layer.output, config.width, query_width());
            place(layer.gate_up, ffn_strips() * 2 * strip_rows, config.width);
            place(layer.down, config.width, config.ffn);
        }
        place(head, config.vocabulary, config.width);
    };
    place_all();  // measures
    weights = AlignedBuffer<uint16_t>(used);
    place_all();
}

void PackedDecoder::State::set_layer(int64_t index, const DecoderLayerWeights& w) {
    if (index < 0 || index >= config.layers) refuse("there is no layer " + std::to_string(index));
    for (const uint16_t* matrix : {w.q, w.k, w.v, w.o, w.gate, w.up, w.down}) {
        if (matrix == nullptr) refuse("a weight matrix of layer " + std::to_string(index) + " is missing");
    }
    Layer& layer = layers[static_cast<size_t>(index)];
    layer.attention_norm = copied(w.attention_norm, config.width, "attention_norm");
    layer.ffn_norm = copied(w.ffn_norm, config.width, "ffn_norm");
    if (config.qk_norm) {
        layer.q_norm = copied(w.q_norm, config.head_dim, "q_norm");
        layer.k_norm = copied(w.k_norm, config.head_dim, "k_norm");
    }
    if (config.attention_bias) {
        layer.bias = copied(w.q_bias, query_width(), "q_bias");
        for (const float* bias : {w.k_bias, w.v_bias}) {
            const std::vector<float> more = copied(bias, kv_width(), "k_bias or v_bias");
            layer.bias.insert(layer.bias.end(), more.begin(), more.end());
        }
    }
    layer.qkv.pack({{w.q, query_width()}, {w.k, kv_width()}, {w.v, kv_width()}});
    layer.output.pack({{w.o, config.width}});
    layer.down.pack({{w.down, config.width}});
    at::parallel_for(0, ffn_strips(), 1, [&](int64_t begin, int64_t end) {
        for (int64_t strip = begin; strip < end; ++strip) {
            const int64_t first = strip * strip_rows, columns = std::min(strip_rows, config.ffn - first);
            layer.gate_up.pack_strip(strip * 2, w.gate + first * config.width, columns);
            layer.gate_up.pack_strip(strip * 2 + 1, w.up + first * config.width, columns);
        }
    });
    layer.is_set = true;
}

void PackedDecoder::State::set_head(const uint16_t* embedding_rows, const uint16_t* output, const float* norm) {
    if (embedding_rows == nullptr || output == nullptr) refuse("the embedding or the output matrix is missing");
    final_norm = copied(norm, config.width, "final_norm");
    head.pack({{output, config.vocabulary}});
    if (embedding_rows == output) {
        embedding = AlignedBuffer<uint16_t>();
        return;
    }
    const int64_t elements = config.vocabulary * config.width;
    if (embedding.size() == 0) embedding = AlignedBuffer<uint16_t>(elements);
    std::copy(embedding_rows, embedding_rows + elements, embedding.data());
}

void PackedDecoder::State::grow_rotations(int64_t positions) {
    // In float throughout, because the models were trained with angles that were.
    const int64_t dim = config.head_dim, half = dim / 2;
    const int64_t known = static_cast<int64_t>(rotations.size()) / dim;
    if (positions <= known) return;
    rotations.resize(static_cast<size_t>(positions * dim));
    for (int64_t i = 0; i < half; ++i) {
        const float exponent = static_cast<float>(2 * i) / static_cast<float>(dim);
        const float frequency = 1.0f / std::pow(config.rope_base, exponent);
        for (int64_t position = known; position < positions; ++position) {
            const float angle = static_cast<float>(position) * frequency;
            rotations[static_cast<size_t>(position * dim + i)] = std::cos(angle);
            rotations[static_cast<size_t>(position * dim + half + i)] = std::sin(angle);
        }
    }
}

int32_t PackedDecoder::State::add_prefix(int64_t length) {
    if (length < 1) refuse("a prefix needs at least one token");
    prefixes.push_back({length, SequenceCache(config.layers, config.kv_heads, config.head_dim, length)});
    if (length > longest_prefix) {
        longest_prefix = length;
        scratches.clear();
        grow_rotations(length + max_row_tokens);
    }
    return static_cast<int32_t>(prefixes.size() - 1);
}

void PackedDecoder::State::write_prefix(int32_t index, int64_t layer, const uint16_t* k, const uint16_t* v) {
    if (index < 0 || index >= static_cast<int64_t>(prefixes.size())) refuse("there is no prefix " + std::to_string(index));
    if (layer < 0 || layer >= config.layers) refuse("there is no layer " + std::to_string(layer));
    Prefix& prefix = prefixes[static_cast<size_t>(index)];
    for (int64_t kv_head = 0; kv_head < config.kv_heads; ++kv_head) {
        const HeadCache cache = prefix.cache.head(layer, kv_head);
        for (int64_t token = 0; token < prefix.length; ++token) {
            const int64_t source = (kv_head * prefix.length + token) * config.head_dim;
            cache.write(token, k + source, v + source);
        }
    }
}

void PackedDecoder::State::check_rows() const {
    if (final_norm.empty()) refuse("set_head has not been called");
    for (const Layer& layer : layers) {
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
                const Prefix& shared = prefixes[static_cast<size_t>(prefix = row.prefix)];
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
            normalize_row(residual.data() + row * config.width, weight.data(), config.width, epsilon, normalized.row(row));
        });
    };
    PrefetchQueue& later = scratches[static_cast<size_t>(worker)].caches;
    const ProductTarget into_residual = {residual.data(), config.width, true};
    for (int64_t index = 0; index < config.layers; ++index) {
        const Layer& layer = layers[static_cast<size_t>(index)];
        const bool last = index + 1 == config.layers;
        normalize(layer.attention_norm, index == 0);
        multiply(phase++, worker, layer.qkv, normalized, {qkv.data(), qkv_width(), false}, &layer.output, 1);
        const int64_t chunk_count = static_cast<int64_t>(chunks.size());
        schedule.run(phase++, chunk_count * config.kv_heads, worker, [&](int64_t item) { attend(worker, index, item); });
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
                                    const ActivationRows& input, const ProductTarget& target,
                                    const PackedMatrix* next, int64_t next_strips_an_item) {
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
void PackedDecoder::State::gate(int64_t phase, int64_t worker, const Layer& layer) {
    const int64_t items = ffn_strips(), own_end = schedule.first_item(worker + 1, items);
    const void* after = layer.down.strip(schedule.first_item(worker, layer.down.strips()));
    Worker& scratch = scratches[static_cast<size_t>(worker)];
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
void PackedDecoder::State::prepare_row(Worker& scratch, const Layer& layer, int64_t kv_head, int64_t row,
                                       int64_t first_query, const HeadCache& cache) {
    const int64_t dim = config.head_dim;
    const int32_t prefix = rows[row].prefix;
    const int64_t position = rows[row].position_in_row + (prefix < 0 ? 0 : prefixes[static_cast<size_t>(prefix)].length);
    const float* rotation = rotations.data() + position * dim;
    const float* projected = qkv.data() + row * qkv_width();
    const float* bias = null_if_empty(layer.bias);
    auto prepare = [&](int64_t column, const float* norm, const float* turn, uint16_t* out) {
        prepare_head(projected + column, bias == nullptr ? nullptr : bias + column, norm, config.norm_epsilon, turn, dim, out);
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
    Worker& worker_scratch = scratches[static_cast<size_t>(worker)];
    AttentionScratch& scratch = worker_scratch.attention;
    const Layer& layer = layers[static_cast<size_t>(layer_index)];
    const float scale = 1.0f / std::sqrt(static_cast<float>(config.head_dim));
    const int64_t kv_head = item % config.kv_heads;
    const AttentionChunk chunk = chunks[static_cast<size_t>(item / config.kv_heads)];
    const int64_t* members = prefix_order.data() + chunk.first;
    const int32_t prefix_index = rows[members[0]].prefix;
    Prefix* prefix = prefix_index < 0 ? nullptr : &prefixes[static_cast<size_t>(prefix_index)];
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
        for (int64_t g = 0; g < group(); ++g) exponentiate(i * group() + g, prefix_tokens, own_offset, own.tokens, scratch);
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

bool PackedDecoder::supported() { return cpu_runs_kernels(); }

PackedDecoder::PackedDecoder(const DecoderConfig& config, int64_t max_rows, int64_t max_row_tokens) {
    if (!supported()) throw std::runtime_error("packed decoding needs a CPU with AVX-512 BF16");
    check(config, max_rows, max_row_tokens);
    state_ = std::make_unique<State>(config, max_rows, max_row_tokens);
}

PackedDecoder::~PackedDecoder() = default;
PackedDecoder::PackedDecoder(PackedDecoder&&) noexcept = default;
PackedDecoder& PackedDecoder::operator=(PackedDecoder&&) noexcept = default;

void PackedDecoder::set_layer(int64_t layer, const DecoderLayerWeights& weights) { state_->set_layer(layer, weights); }

void PackedDecoder::set_head(const uint16_t* embedding, const uint16_t* output, const float* final_norm) {
    state_->set_head(embedding, output, final_norm);
}

void PackedDecoder::clear_prefixes() { state_->clear_prefixes(); }

int32_t PackedDecoder::add_prefix(int64_t length) { return state_->add_prefix(length); }

void PackedDecoder::write_prefix(int32_t prefix, int64_t layer, const uint16_t* k, const uint16_t* v) {
    state_->write_prefix(prefix, layer, k, v);
}

void PackedDecoder::step(const DecoderRow* rows, int64_t count, float* logits) { state_->step(rows, count, logits); }

}  // namespace rubrics
