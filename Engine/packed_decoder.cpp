// SPDX-License-Identifier: Apache-2.0
#include "packed_decoder.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <ATen/Parallel.h>

#include "cpu_target.h"
#include "decoder_state.h"

namespace rubrics {

namespace {

std::vector<float> copied(const float* values, int64_t count, const char* name) {
    if (values == nullptr) refuse(std::string(name) + " is missing");
    return std::vector<float>(values, values + count);
}

void check(const DecoderConfig& c, int64_t max_rows, int64_t max_row_tokens) {
    if (c.layers < 1 || c.width < 1 || c.heads < 1 || c.kv_heads < 1 || c.ffn < 1 || c.vocabulary < 1) {
        refuse("every size must be positive");
    }
    if (c.heads % c.kv_heads != 0) refuse("heads must be a multiple of kv_heads");
    if (c.head_dim < 2 || c.head_dim % 2 != 0) refuse("head_dim must be even");
    if (max_rows < 1 || max_row_tokens < 1) refuse("max_rows and max_row_tokens must be positive");
}

}  // namespace

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
        for (DecoderLayer& layer : layers) {
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
    DecoderLayer& layer = layers[static_cast<size_t>(index)];
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
    if (index < 0 || index >= static_cast<int64_t>(prefixes.size()))
        refuse("there is no prefix " + std::to_string(index));
    if (layer < 0 || layer >= config.layers) refuse("there is no layer " + std::to_string(layer));
    SharedPrefix& prefix = prefixes[static_cast<size_t>(index)];
    for (int64_t kv_head = 0; kv_head < config.kv_heads; ++kv_head) {
        const HeadCache cache = prefix.cache.head(layer, kv_head);
        for (int64_t token = 0; token < prefix.length; ++token) {
            const int64_t source = (kv_head * prefix.length + token) * config.head_dim;
            cache.write(token, k + source, v + source);
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
