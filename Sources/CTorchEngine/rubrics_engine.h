// SPDX-License-Identifier: Apache-2.0
//
// The C ABI between Swift and libtorch: one table of functions, found by `rubrics_engine_table()` in the shared
// library that `Scripts/setup` compiles from `Engine/`.
//
// Rules of the table
// - Nothing throws across it. A function that makes a tensor returns NULL on failure, any other returns non-zero;
//   `last_error()` then holds the message, until the next call on the same thread.
// - A tensor handle is owned by whoever received it and given back through `release`, from any thread.
// - Shapes are arrays of int64_t with their count; a `dims` array may name dimensions from the end (-1 is the last).

#ifndef RUBRICS_ENGINE_H
#define RUBRICS_ENGINE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Grows with every change of the table; the loader refuses another one.
#define RUBRICS_ENGINE_ABI 2

typedef struct rubrics_tensor_impl *rubrics_tensor;
typedef struct rubrics_decoder_impl *rubrics_decoder;

typedef enum {
    RUBRICS_F32 = 0,
    RUBRICS_BF16 = 1,
    RUBRICS_F16 = 2,
    RUBRICS_I64 = 3,
    RUBRICS_BOOL = 4,
    RUBRICS_F64 = 5,
    RUBRICS_I32 = 6,
    RUBRICS_U8 = 7
} rubrics_dtype;

/// A device: type 0 is the CPU, 1 is CUDA.
typedef struct {
    int32_t type;
    int32_t index;
} rubrics_device;

typedef enum {
    RUBRICS_NEG,
    RUBRICS_EXP,
    RUBRICS_LOG,
    RUBRICS_SQRT,
    RUBRICS_RSQRT,
    RUBRICS_SIGMOID,
    RUBRICS_SILU,
    RUBRICS_TANH,
    RUBRICS_ABS,
    RUBRICS_NOT,
    RUBRICS_ISFINITE,
    RUBRICS_CLONE,
    RUBRICS_DETACH,
    RUBRICS_CONTIGUOUS
} rubrics_unary;

typedef enum {
    RUBRICS_ADD,
    RUBRICS_SUB,
    RUBRICS_MUL,
    RUBRICS_DIV,
    RUBRICS_MATMUL,
    RUBRICS_MINIMUM,
    RUBRICS_MAXIMUM,
    RUBRICS_EQ,
    RUBRICS_LT,
    RUBRICS_LE,
    RUBRICS_GT,
    RUBRICS_GE
} rubrics_binary;

typedef enum {
    RUBRICS_SUM,
    RUBRICS_MEAN,
    RUBRICS_AMAX,
    RUBRICS_AMIN,
    RUBRICS_ARGMAX,
    RUBRICS_SOFTMAX,
    RUBRICS_LOG_SOFTMAX,
    RUBRICS_CUMSUM
} rubrics_reduction;

/// A trained matrix: what is multiplied, and where its gradient is collected.
///
/// `working` is [rows, columns] in the compute type. `gradient` is the fp32 buffer of the same shape to which the
/// backward pass adds, or NULL when the matrix is frozen. `working` itself never requires a gradient.
typedef struct {
    rubrics_tensor working;
    rubrics_tensor gradient;
} rubrics_weight;

/// How the tokens of one packed group lie: the prompt first, then each completion.
typedef struct {
    int64_t prompt_length;
    const int64_t *completion_lengths;
    int64_t completions;
} rubrics_group_layout;

/// One fp32 parameter as AdamW updates it. `working` may be NULL; else it receives the updated values in its type.
typedef struct {
    rubrics_tensor master;
    rubrics_tensor gradient;
    rubrics_tensor first_moment;
    rubrics_tensor second_moment;
    rubrics_tensor working;
} rubrics_adamw_parameter;

typedef struct {
    double learning_rate;
    double beta1;
    double beta2;
    double epsilon;
    double weight_decay;
    double gradient_scale;
    int64_t step;
} rubrics_adamw_options;

typedef struct {
    int64_t layers, width, heads, kv_heads, head_dim, ffn, vocabulary;
    float rope_base, norm_epsilon;
    int32_t attention_bias, qk_norm;
} rubrics_decoder_config;

/// The packed matrices of one layer, bf16 [out, in]; `qkv` and `gate_up` are stacked along `out`. Norms are fp32;
/// what the configuration does not have is NULL.
typedef struct {
    rubrics_tensor qkv, output, gate_up, down;
    rubrics_tensor attention_norm, ffn_norm, q_norm, k_norm, qkv_bias;
} rubrics_decoder_layer;

/// One active row of a decode step: its cache slot, the shared prompt it continues (-1: none), how many of its own
/// tokens are cached, and the token to feed.
typedef struct {
    int32_t slot;
    int32_t prefix;
    int32_t position_in_row;
    int32_t token;
} rubrics_decoder_row;

typedef struct {
    float temperature;
    int64_t top_k;
    float top_p;
} rubrics_sampling;

typedef struct {
    uint32_t abi_version;

    // Library
    const char *(*last_error)(void);
    const char *(*torch_version)(void);
    const char *(*cpu_capability)(void);
    /// Tells builds of the engine apart: results are bit-identical within one build only.
    const char *(*build_identity)(void);
    int64_t (*cuda_device_count)(void);
    int32_t (*set_threads)(int64_t count);
    int64_t (*get_threads)(void);
    int32_t (*set_deterministic)(int32_t enabled);
    int32_t (*set_grad_enabled)(int32_t enabled, int32_t *previous);

    // Random numbers (initialisation only)
    /// Each thread has a generator of its own.
    int32_t (*seed)(uint64_t seed);
    rubrics_tensor (*rng_state)(void);
    int32_t (*set_rng_state)(rubrics_tensor state);
    rubrics_tensor (*random_normal)(const int64_t *shape, int64_t rank, double deviation, rubrics_device device);

    // Making, reading, releasing
    void (*release)(rubrics_tensor tensor);
    rubrics_tensor (*from_bytes)(const void *bytes, rubrics_dtype dtype, const int64_t *shape, int64_t rank,
                                 rubrics_device device);
    rubrics_tensor (*full)(const int64_t *shape, int64_t rank, double value, rubrics_dtype dtype,
                           rubrics_device device);
    int64_t (*rank)(rubrics_tensor tensor);
    void (*shape)(rubrics_tensor tensor, int64_t *out);
    int32_t (*dtype)(rubrics_tensor tensor);
    rubrics_device (*device)(rubrics_tensor tensor);
    int32_t (*copy_out)(rubrics_tensor tensor, void *bytes, int64_t count);
    int32_t (*copy_in)(rubrics_tensor tensor, const void *bytes, int64_t count);
    int32_t (*assign)(rubrics_tensor target, rubrics_tensor source);
    int32_t (*zero)(rubrics_tensor tensor);
    rubrics_tensor (*to)(rubrics_tensor tensor, rubrics_dtype dtype, rubrics_device device);

    // Elementwise, reductions, shapes
    rubrics_tensor (*unary)(rubrics_unary op, rubrics_tensor a);
    rubrics_tensor (*binary)(rubrics_binary op, rubrics_tensor a, rubrics_tensor b);
    rubrics_tensor (*binary_scalar)(rubrics_binary op, rubrics_tensor a, double b);
    rubrics_tensor (*clamp)(rubrics_tensor a, double low, double high);
    rubrics_tensor (*where)(rubrics_tensor condition, rubrics_tensor a, rubrics_tensor b);
    rubrics_tensor (*reduce)(rubrics_reduction op, rubrics_tensor a, const int64_t *dims, int64_t count,
                             int32_t keep);
    rubrics_tensor (*reshape)(rubrics_tensor a, const int64_t *shape, int64_t rank);
    rubrics_tensor (*expand)(rubrics_tensor a, const int64_t *shape, int64_t rank);
    rubrics_tensor (*transpose)(rubrics_tensor a, int64_t dim0, int64_t dim1);
    rubrics_tensor (*slice)(rubrics_tensor a, int64_t dim, int64_t start, int64_t end, int64_t step);
    rubrics_tensor (*index_select)(rubrics_tensor a, int64_t dim, rubrics_tensor indices);
    rubrics_tensor (*gather)(rubrics_tensor a, int64_t dim, rubrics_tensor indices);
    rubrics_tensor (*concatenate)(const rubrics_tensor *parts, int64_t count, int64_t dim);

    // Autograd
    int32_t (*set_requires_grad)(rubrics_tensor tensor, int32_t enabled);
    int32_t (*requires_grad)(rubrics_tensor tensor);
    rubrics_tensor (*gradient)(rubrics_tensor tensor);
    int32_t (*backward)(rubrics_tensor loss);

    // Fused operations, forward and backward
    rubrics_tensor (*linear)(rubrics_tensor x, rubrics_weight weight, rubrics_weight bias);
    rubrics_tensor (*embedding)(rubrics_tensor ids, rubrics_weight weight);
    rubrics_tensor (*rms_norm)(rubrics_tensor x, rubrics_weight weight, double epsilon);
    rubrics_tensor (*rope)(rubrics_tensor x, rubrics_tensor cosines, rubrics_tensor sines);
    rubrics_tensor (*swiglu)(rubrics_tensor gate_up);
    rubrics_tensor (*attention)(rubrics_tensor q, rubrics_tensor k, rubrics_tensor v, rubrics_tensor mask,
                                int32_t causal);
    rubrics_tensor (*group_attention)(rubrics_tensor q, rubrics_tensor k, rubrics_tensor v,
                                      rubrics_group_layout layout);
    int32_t (*token_logprobs)(rubrics_tensor hidden, rubrics_weight weight, rubrics_tensor targets,
                              double temperature, int64_t chunk, rubrics_tensor *logprobs, rubrics_tensor *entropy);

    // Optimiser
    int32_t (*gradient_norm)(const rubrics_tensor *gradients, int64_t count, double *norm);
    int32_t (*adamw)(const rubrics_adamw_parameter *parameters, int64_t count, rubrics_adamw_options options);

    // Packed decoding
    int32_t (*decoder_supported)(void);
    rubrics_decoder (*decoder_make)(rubrics_decoder_config config, int64_t max_rows, int64_t max_row_tokens);
    void (*decoder_release)(rubrics_decoder decoder);
    int32_t (*decoder_set_layer)(rubrics_decoder decoder, int64_t layer, rubrics_decoder_layer weights);
    int32_t (*decoder_set_head)(rubrics_decoder decoder, rubrics_tensor embedding, rubrics_tensor output,
                                rubrics_tensor final_norm);
    int32_t (*decoder_clear_prefixes)(rubrics_decoder decoder);
    int32_t (*decoder_add_prefix)(rubrics_decoder decoder, int64_t length, int32_t *prefix);
    int32_t (*decoder_write_prefix)(rubrics_decoder decoder, int32_t prefix, int64_t layer, rubrics_tensor k,
                                    rubrics_tensor v);
    int32_t (*decoder_step)(rubrics_decoder decoder, const rubrics_decoder_row *rows, int64_t count, float *logits);
    int32_t (*sample)(const float *logits, int64_t rows, int64_t vocabulary, rubrics_sampling options,
                      const double *uniforms, int32_t *tokens, float *logprobs);
} rubrics_engine;

/// The only exported symbol.
const rubrics_engine *rubrics_engine_table(void);

#ifdef __cplusplus
}
#endif

#endif
