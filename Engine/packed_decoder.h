// SPDX-License-Identifier: Apache-2.0
// Decoding for llama-style models on CPUs with AVX-512 BF16: the fast path beside plain torch.
#pragma once

#include <cstdint>
#include <memory>

namespace rubrics {

struct DecoderConfig {
    int64_t layers, width, heads, kv_heads, head_dim, ffn, vocabulary;
    float rope_base, norm_epsilon;
    bool attention_bias, qk_norm;
};

/// One layer's weights: matrices bf16 [out, in] row-major, norms and biases f32. What the
/// configuration does not have (`attention_bias`, `qk_norm`) may be null.
struct DecoderLayerWeights {
    const uint16_t *q, *k, *v, *o, *gate, *up, *down;
    const float *attention_norm, *ffn_norm, *q_norm, *k_norm, *q_bias, *k_bias, *v_bias;
};

/// One sequence's next token. Its position is the prefix's length plus `position_in_row`.
struct DecoderRow {
    int32_t slot;             ///< whose key-value cache, below `max_rows`; distinct within a step
    int32_t prefix;           ///< the shared prompt's index, or -1 for none
    int32_t position_in_row;  ///< how many tokens of this row are cached already
    int32_t token;
};

/// A whole model packed for decoding, with its key-value caches.
///
/// A step feeds one token for each row it is given and returns the logits after it. Rows may come
/// and go between steps. A row's logits are bit-identical whatever rows are beside it and however
/// many threads run. Activations round to bf16 where they enter a matrix product and nowhere else.
/// Not thread-safe; every method may use torch's intra-op threads. Weights given are copied.
class PackedDecoder {
public:
    static bool supported();

    /// Throws std::runtime_error where `supported()` is false, std::invalid_argument for a
    /// configuration that makes no sense.
    PackedDecoder(const DecoderConfig& config, int64_t max_rows, int64_t max_row_tokens);
    ~PackedDecoder();
    PackedDecoder(PackedDecoder&&) noexcept;
    PackedDecoder& operator=(PackedDecoder&&) noexcept;

    /// Packs a layer's weights into place; call again after they change.
    void set_layer(int64_t layer, const DecoderLayerWeights& weights);
    /// `embedding` and `output`: bf16 [vocabulary, width]; the same pointer for tied weights.
    void set_head(const uint16_t* embedding, const uint16_t* output, const float* final_norm);

    void clear_prefixes();
    /// Makes room for a prompt that rows share, and returns its index.
    int32_t add_prefix(int64_t length);
    /// `k` (after RoPE) and `v`: bf16 [kv_heads, length, head_dim].
    void write_prefix(int32_t prefix, int64_t layer, const uint16_t* k, const uint16_t* v);

    /// `logits`: [count, vocabulary]. Throws std::invalid_argument for a row out of range, before
    /// any cache has changed.
    void step(const DecoderRow* rows, int64_t count, float* logits);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Draws one token for each row of `logits` [rows, vocabulary] by inverting the cumulative
/// distribution, in vocabulary order, at `uniforms` in [0, 1).
///
/// The distribution is softmax(logits / temperature), cut to the `top_k` most likely tokens (all
/// that tie with the last; 0: no cut), then to the fewest most likely that hold `top_p` of what is
/// left (the lower index first among ties; 1: no cut). `logprobs` are those of the whole
/// vocabulary before the cuts. Temperature 0 takes the most likely token, the lowest index among
/// ties, with its log-probability at temperature 1. Minus infinity rules a token out; NaN or plus
/// infinity throws std::runtime_error. The same input gives the same output, whatever the threads.
void sample(const float* logits, int64_t rows, int64_t vocabulary, float temperature, int64_t top_k, float top_p,
            const double* uniforms, int32_t* tokens, float* logprobs);

}  // namespace rubrics
