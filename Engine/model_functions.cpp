// SPDX-License-Identifier: Apache-2.0
//
// The table's functions for models: fused operations, the optimiser, packed decoding and sampling.

#include <memory>

#include "fused_ops.h"
#include "optimizer.h"
#include "packed_decoder.h"
#include "table_functions.h"

struct rubrics_decoder_impl {
    rubrics::PackedDecoder decoder;
    rubrics::DecoderConfig config;
};

namespace rubrics {
namespace {

// MARK: Fused operations

rubrics_tensor fused_linear(rubrics_tensor x, rubrics_weight weight, rubrics_weight bias) {
    return make([&] { return linear(unwrap(x), Weight(weight), Weight(bias)); });
}

rubrics_tensor fused_embedding(rubrics_tensor ids, rubrics_weight weight) {
    return make([&] { return embedding(unwrap(ids), Weight(weight)); });
}

rubrics_tensor fused_rms_norm(rubrics_tensor x, rubrics_weight weight, double epsilon) {
    return make([&] { return rms_norm(unwrap(x), Weight(weight), epsilon); });
}

rubrics_tensor fused_rope(rubrics_tensor x, rubrics_tensor cosines, rubrics_tensor sines) {
    return make([&] { return rope(unwrap(x), unwrap(cosines), unwrap(sines)); });
}

rubrics_tensor fused_swiglu(rubrics_tensor gate_up) {
    return make([&] { return swiglu(unwrap(gate_up)); });
}

rubrics_tensor attention(rubrics_tensor q, rubrics_tensor k, rubrics_tensor v, rubrics_tensor mask, int32_t causal) {
    return make([&] {
        std::optional<at::Tensor> seen;
        if (mask) seen = unwrap(mask);
        return at::scaled_dot_product_attention(unwrap(q), unwrap(k), unwrap(v), seen, 0.0, causal != 0, std::nullopt,
                                                unwrap(q).size(-3) != unwrap(k).size(-3));
    });
}

rubrics_tensor fused_group_attention(rubrics_tensor q, rubrics_tensor k, rubrics_tensor v,
                                     rubrics_group_layout layout) {
    return make([&] {
        return group_attention(unwrap(q), unwrap(k), unwrap(v), layout.prompt_length,
                               dims_of(layout.completion_lengths, layout.completions));
    });
}

int32_t fused_token_logprobs(rubrics_tensor hidden, rubrics_weight weight, rubrics_tensor targets, double temperature,
                             int64_t chunk, rubrics_tensor *logprobs, rubrics_tensor *entropy) {
    return run([&] {
        auto results = token_logprobs(unwrap(hidden), Weight(weight), unwrap(targets), temperature, chunk);
        *logprobs = wrap(results.first);
        *entropy = wrap(results.second);
    });
}

// MARK: Optimiser

int32_t measure_gradient_norm(const rubrics_tensor *gradients, int64_t count, double *norm) {
    return run([&] { *norm = gradient_norm(gradients, count); });
}

int32_t adamw_step(const rubrics_adamw_parameter *parameters, int64_t count, rubrics_adamw_options options) {
    return run([&] { adamw(parameters, count, options); });
}

// MARK: Packed decoding

int32_t decoder_supported() { return PackedDecoder::supported() ? 1 : 0; }

rubrics_decoder decoder_make(rubrics_decoder_config config, int64_t max_rows, int64_t max_row_tokens) {
    try {
        DecoderConfig native{config.layers, config.width, config.heads, config.kv_heads, config.head_dim, config.ffn,
                             config.vocabulary, config.rope_base, config.norm_epsilon, config.attention_bias != 0,
                             config.qk_norm != 0};
        return new rubrics_decoder_impl{PackedDecoder(native, max_rows, max_row_tokens), native};
    } catch (...) {
        record_current_exception();
        return nullptr;
    }
}

void decoder_release(rubrics_decoder decoder) { delete decoder; }

const uint16_t *bf16_data(rubrics_tensor tensor) {
    const auto &value = unwrap(tensor);
    TORCH_CHECK(value.scalar_type() == at::kBFloat16 && value.is_contiguous() && value.device().is_cpu(),
                "the packed decoder takes contiguous bf16 tensors on the CPU, got ", value.scalar_type(), " on ",
                value.device());
    return static_cast<const uint16_t *>(value.const_data_ptr());
}

const float *f32_data(rubrics_tensor tensor) { return tensor ? unwrap(tensor).const_data_ptr<float>() : nullptr; }

int32_t decoder_set_layer(rubrics_decoder decoder, int64_t layer, rubrics_decoder_layer weights) {
    return run([&] {
        const auto &c = decoder->config;
        const int64_t q_rows = c.heads * c.head_dim, kv_rows = c.kv_heads * c.head_dim;
        const uint16_t *qkv = bf16_data(weights.qkv), *gate_up = bf16_data(weights.gate_up);
        const float *bias = f32_data(weights.qkv_bias);
        DecoderLayerWeights native{};
        native.q = qkv;
        native.k = qkv + q_rows * c.width;
        native.v = native.k + kv_rows * c.width;
        native.o = bf16_data(weights.output);
        native.gate = gate_up;
        native.up = gate_up + c.ffn * c.width;
        native.down = bf16_data(weights.down);
        native.attention_norm = f32_data(weights.attention_norm);
        native.ffn_norm = f32_data(weights.ffn_norm);
        native.q_norm = f32_data(weights.q_norm);
        native.k_norm = f32_data(weights.k_norm);
        native.q_bias = bias;
        native.k_bias = bias ? bias + q_rows : nullptr;
        native.v_bias = bias ? bias + q_rows + kv_rows : nullptr;
        decoder->decoder.set_layer(layer, native);
    });
}

int32_t decoder_set_head(rubrics_decoder decoder, rubrics_tensor embedding, rubrics_tensor output,
                         rubrics_tensor final_norm) {
    return run([&] {
        decoder->decoder.set_head(bf16_data(embedding), bf16_data(output), f32_data(final_norm));
    });
}

int32_t decoder_clear_prefixes(rubrics_decoder decoder) {
    return run([&] { decoder->decoder.clear_prefixes(); });
}

int32_t decoder_add_prefix(rubrics_decoder decoder, int64_t length, int32_t *prefix) {
    return run([&] { *prefix = decoder->decoder.add_prefix(length); });
}

int32_t decoder_write_prefix(rubrics_decoder decoder, int32_t prefix, int64_t layer, rubrics_tensor k,
                             rubrics_tensor v) {
    return run([&] {
        auto by_head = [](rubrics_tensor x) {
            return unwrap(x).detach().to(at::kCPU, at::kBFloat16).transpose(0, 1).contiguous();
        };
        auto keys = by_head(k), values = by_head(v);
        decoder->decoder.write_prefix(prefix, layer, static_cast<const uint16_t *>(keys.const_data_ptr()),
                                      static_cast<const uint16_t *>(values.const_data_ptr()));
    });
}

int32_t decoder_step(rubrics_decoder decoder, const rubrics_decoder_row *rows, int64_t count, float *logits) {
    static_assert(sizeof(rubrics_decoder_row) == sizeof(DecoderRow), "one row layout on both sides");
    return run([&] { decoder->decoder.step(reinterpret_cast<const DecoderRow *>(rows), count, logits); });
}

int32_t sample_tokens(const float *logits, int64_t rows, int64_t vocabulary, rubrics_sampling options,
                      const double *uniforms, int32_t *tokens, float *logprobs) {
    return run([&] {
        sample(logits, rows, vocabulary, options.temperature, options.top_k, options.top_p, uniforms, tokens,
               logprobs);
    });
}

}  // namespace

void add_model_functions(rubrics_engine &table) {
    table.linear = fused_linear;
    table.embedding = fused_embedding;
    table.rms_norm = fused_rms_norm;
    table.rope = fused_rope;
    table.swiglu = fused_swiglu;
    table.attention = attention;
    table.group_attention = fused_group_attention;
    table.token_logprobs = fused_token_logprobs;
    table.gradient_norm = measure_gradient_norm;
    table.adamw = adamw_step;
    table.decoder_supported = decoder_supported;
    table.decoder_make = decoder_make;
    table.decoder_release = decoder_release;
    table.decoder_set_layer = decoder_set_layer;
    table.decoder_set_head = decoder_set_head;
    table.decoder_clear_prefixes = decoder_clear_prefixes;
    table.decoder_add_prefix = decoder_add_prefix;
    table.decoder_write_prefix = decoder_write_prefix;
    table.decoder_step = decoder_step;
    table.sample = sample_tokens;
}

}  // namespace rubrics
