// SPDX-License-Identifier: Apache-2.0
// A llama-style model written as plainly as possible: one token at a time, no packing, no vectors.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "../packed_decoder.h"
#include "../vector_math.h"

namespace rubrics::testing {

using Floats = std::vector<float>;
using Halves = std::vector<uint16_t>;

struct ModelLayer {
    Halves q, k, v, o, gate, up, down;
    Floats attention_norm, ffn_norm, q_norm, k_norm, q_bias, k_bias, v_bias;
};

/// Random weights of a given shape.
struct Model {
    DecoderConfig config;
    std::vector<ModelLayer> layers;
    Halves embedding, output;  // `output` is empty for tied weights
    Floats final_norm;

    Model(const DecoderConfig& config, bool tied, uint32_t seed) : config(config) {
        std::mt19937 random(seed);
        const int64_t width = config.width, queries = config.heads * config.head_dim;
        const int64_t keys = config.kv_heads * config.head_dim;
        auto matrix = [&](int64_t rows, int64_t columns, float size) {
            std::normal_distribution<float> normal(0, size / std::sqrt(static_cast<float>(columns)));
            Halves values(static_cast<size_t>(rows * columns));
            for (uint16_t& value : values) value = to_bfloat16(normal(random));
            return values;
        };
        auto vector = [&](int64_t count, float center, float spread) {
            std::normal_distribution<float> normal(center, spread);
            Floats values(static_cast<size_t>(count));
            for (float& value : values) value = normal(random);
            return values;
        };
        for (int64_t i = 0; i < config.layers; ++i) {
            ModelLayer layer;
            layer.q = matrix(queries, width, 2);
            layer.k = matrix(keys, width, 2);
            layer.v = matrix(keys, width, 1);
            layer.o = matrix(width, queries, 1);
            layer.gate = matrix(config.ffn, width, 1);
            layer.up = matrix(config.ffn, width, 1);
            layer.down = matrix(width, config.ffn, 1);
            layer.attention_norm = vector(width, 1, 0.2f);
            layer.ffn_norm = vector(width, 1, 0.2f);
            if (config.qk_norm) {
                layer.q_norm = vector(config.head_dim, 1, 0.2f);
                layer.k_norm = vector(config.head_dim, 1, 0.2f);
            }
            if (config.attention_bias) {
                layer.q_bias = vector(queries, 0, 0.5f);
                layer.k_bias = vector(keys, 0, 0.5f);
                layer.v_bias = vector(keys, 0, 0.5f);
            }
            layers.push_back(std::move(layer));
        }
        embedding = matrix(config.vocabulary, width, std::sqrt(static_cast<float>(width)));
        if (!tied) output = matrix(config.vocabulary, width, 1);
        final_norm = vector(width, 1, 0.2f);
    }

    void load(PackedDecoder& decoder) const {
        for (size_t i = 0; i < layers.size(); ++i) {
            const ModelLayer& l = layers[i];
            auto optional = [](const Floats& values) { return values.empty() ? nullptr : values.data(); };
            decoder.set_layer(static_cast<int64_t>(i),
                              {l.q.data(), l.k.data(), l.v.data(), l.o.data(), l.gate.data(), l.up.data(),
                               l.down.data(), l.attention_norm.data(), l.ffn_norm.data(), optional(l.q_norm),
                               optional(l.k_norm), optional(l.q_bias), optional(l.k_bias), optional(l.v_bias)});
        }
        decoder.set_head(embedding.data(), output.empty() ? embedding.data() : output.data(), final_norm.data());
    }
};

/// One sequence decoded token by token. With `rounds`, activations round to bf16 at the inputs of
/// matrix products, as the packed decoder's do; without, everything stays float.
class ReferenceDecoder {
public:
    ReferenceDecoder(const Model& model, bool rounds)
        : model_(model), rounds_(rounds), keys_(model.layers.size()), values_(model.layers.size()) {}

    /// The logits after `token`.
    Floats step(int32_t token) {
        const DecoderConfig& c = model_.config;
        Floats x(static_cast<size_t>(c.width));
        for (size_t i = 0; i < x.size(); ++i)
            x[i] = from_bfloat16(model_.embedding[static_cast<size_t>(token * c.width) + i]);
        for (size_t i = 0; i < model_.layers.size(); ++i) {
            const ModelLayer& layer = model_.layers[i];
            add(x, product(layer.o, attention(i, normalized(x, layer.attention_norm))));
            const Floats y = normalized(x, layer.ffn_norm);
            Floats gate = product(layer.gate, y);
            const Floats up = product(layer.up, y);
            for (size_t j = 0; j < gate.size(); ++j) gate[j] = rounded(gate[j] / (1 + std::exp(-gate[j])) * up[j]);
            add(x, product(layer.down, gate));
        }
        ++position_;
        return product(model_.output.empty() ? model_.embedding : model_.output, normalized(x, model_.final_norm));
    }

    /// One layer's cached keys or values as bf16 [kv_heads, tokens, head_dim].
    Halves cached_keys(size_t layer) const { return cached(keys_[layer]); }
    Halves cached_values(size_t layer) const { return cached(values_[layer]); }

private:
    float rounded(float value) const { return rounds_ ? from_bfloat16(to_bfloat16(value)) : value; }

    static void add(Floats& x, const Floats& y) {
        for (size_t i = 0; i < x.size(); ++i) x[i] += y[i];
    }

    static Floats product(const Halves& matrix, const Floats& x) {
        Floats y(matrix.size() / x.size());
        for (size_t i = 0; i < y.size(); ++i) {
            double sum = 0;
            for (size_t j = 0; j < x.size(); ++j)
                sum += static_cast<double>(from_bfloat16(matrix[i * x.size() + j])) * x[j];
            y[i] = static_cast<float>(sum);
        }
        return y;
    }

    Floats scaled(const float* x, size_t count, const Floats& weight) const {
        double squares = 0;
        for (size_t i = 0; i < count; ++i) squares += static_cast<double>(x[i]) * x[i];
        const double scale = 1 / std::sqrt(squares / static_cast<double>(count) + model_.config.norm_epsilon);
        Floats y(count);
        for (size_t i = 0; i < count; ++i) y[i] = static_cast<float>(x[i] * scale) * weight[i];
        return y;
    }

    Floats normalized(const Floats& x, const Floats& weight) const {
        Floats y = scaled(x.data(), x.size(), weight);
        for (float& value : y) value = rounded(value);
        return y;
    }

    /// A projection's heads after bias, norm and rotation.
    Floats heads(const Halves& matrix, const Floats& bias, const Floats& norm, bool turns, const Floats& x) const {
        Floats y = product(matrix, x);
        if (!bias.empty()) add(y, bias);
        const size_t dim = static_cast<size_t>(model_.config.head_dim);
        for (size_t start = 0; start < y.size(); start += dim) {
            float* head = y.data() + start;
            if (!norm.empty()) {
                const Floats z = scaled(head, dim, norm);
                std::copy(z.begin(), z.end(), head);
            }
            for (size_t i = 0; turns && i < dim / 2; ++i) {
                const double exponent = 2.0 * static_cast<double>(i) / static_cast<double>(dim);
                const double angle =
                    static_cast<double>(position_) * std::pow(static_cast<double>(model_.config.rope_base), -exponent);
                const double low = head[i], high = head[i + dim / 2];
                head[i] = static_cast<float>(low * std::cos(angle) - high * std::sin(angle));
                head[i + dim / 2] = static_cast<float>(high * std::cos(angle) + low * std::sin(angle));
            }
        }
        for (float& value : y) value = rounded(value);
        return y;
    }

    Floats attention(size_t index, const Floats& x) {
        const ModelLayer& layer = model_.layers[index];
        const size_t dim = static_cast<size_t>(model_.config.head_dim);
        const size_t group = static_cast<size_t>(model_.config.heads / model_.config.kv_heads);
        const Floats q = heads(layer.q, layer.q_bias, layer.q_norm, true, x);
        keys_[index].push_back(heads(layer.k, layer.k_bias, layer.k_norm, true, x));
        values_[index].push_back(heads(layer.v, layer.v_bias, {}, false, x));
        Floats out(q.size());
        const size_t tokens = keys_[index].size();
        for (size_t head = 0; head < static_cast<size_t>(model_.config.heads); ++head) {
            const size_t kv = head / group * dim;
            std::vector<double> scores(tokens);
            double largest = -1e30, sum = 0;
            for (size_t t = 0; t < tokens; ++t) {
                for (size_t d = 0; d < dim; ++d)
                    scores[t] += static_cast<double>(q[head * dim + d]) * keys_[index][t][kv + d];
                scores[t] /= std::sqrt(static_cast<double>(dim));
                largest = std::max(largest, scores[t]);
            }
            for (double& score : scores) sum += score = std::exp(score - largest);
            for (size_t d = 0; d < dim; ++d) {
                double value = 0;
                for (size_t t = 0; t < tokens; ++t)
                    value += rounded(static_cast<float>(scores[t])) * values_[index][t][kv + d];
                out[head * dim + d] = rounded(static_cast<float>(value / sum));
            }
        }
        return out;
    }

    Halves cached(const std::vector<Floats>& tokens) const {
        const size_t dim = static_cast<size_t>(model_.config.head_dim);
        Halves all;
        for (size_t head = 0; head < static_cast<size_t>(model_.config.kv_heads); ++head) {
            for (const Floats& token : tokens) {
                for (size_t d = 0; d < dim; ++d) all.push_back(to_bfloat16(token[head * dim + d]));
            }
        }
        return all;
    }

    const Model& model_;
    const bool rounds_;
    int64_t position_ = 0;
    std::vector<std::vector<Floats>> keys_, values_;
};

}  // namespace rubrics::testing
