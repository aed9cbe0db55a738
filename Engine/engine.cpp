// SPDX-License-Identifier: Apache-2.0
//
// The engine's function table: libtorch behind `rubrics_engine.h`. Every function here unwraps handles, calls one
// operation, and turns exceptions into messages; what is more than a call lives in the files beside this one.

#include <ATen/Context.h>
#include <c10/util/Exception.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/generated/variable_factories.h>
#include <torch/version.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <memory>

#include "fused_ops.h"
#include "optimizer.h"
#include "packed_decoder.h"
#include "support.h"

struct rubrics_decoder_impl {
    rubrics::PackedDecoder decoder;
    rubrics::DecoderConfig config;
};

namespace rubrics {

std::string &last_error() {
    thread_local std::string message;
    return message;
}

void record_current_exception() {
    try {
        throw;
    } catch (const c10::Error &error) {
        last_error() = error.what_without_backtrace();
    } catch (const std::exception &error) {
        last_error() = error.what();
    } catch (...) {
        last_error() = "an unknown C++ exception";
    }
}

at::ScalarType scalar_type(int32_t dtype) {
    switch (dtype) {
        case RUBRICS_F32: return at::kFloat;
        case RUBRICS_BF16: return at::kBFloat16;
        case RUBRICS_F16: return at::kHalf;
        case RUBRICS_I64: return at::kLong;
        case RUBRICS_BOOL: return at::kBool;
        case RUBRICS_F64: return at::kDouble;
        case RUBRICS_I32: return at::kInt;
        case RUBRICS_U8: return at::kByte;
        default: TORCH_CHECK(false, "unknown dtype code ", dtype);
    }
}

int32_t dtype_code(at::ScalarType type) {
    for (int32_t code = RUBRICS_F32; code <= RUBRICS_U8; ++code) {
        if (scalar_type(code) == type) return code;
    }
    return -1;
}

namespace {

at::Device device_of(rubrics_device device) {
    return device.type == 1 ? at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(device.index)) : at::Device(at::kCPU);
}

at::IntArrayRef dims_of(const int64_t *dims, int64_t count) {
    return at::IntArrayRef(dims, static_cast<size_t>(count));
}

// MARK: Library

const char *error_message() { return last_error().c_str(); }
const char *torch_version() { return TORCH_VERSION; }

#ifndef RUBRICS_ENGINE_BUILD
#define RUBRICS_ENGINE_BUILD "unknown"
#endif

const char *build_identity() { return RUBRICS_ENGINE_BUILD; }

const char *cpu_capability() {
    static const std::string name = at::get_cpu_capability();
    return name.c_str();
}

int64_t cuda_device_count() { return at::hasCUDA() ? static_cast<int64_t>(at::detail::getCUDAHooks().deviceCount()) : 0; }

int32_t set_threads(int64_t count) {
    return run([&] { at::set_num_threads(static_cast<int>(count)); });
}

int64_t get_threads() { return at::get_num_threads(); }

int32_t set_deterministic(int32_t enabled) {
    return run([&] {
        at::globalContext().setDeterministicAlgorithms(enabled != 0, false);
        // Else every new tensor is filled with NaN before it is written.
        at::globalContext().setDeterministicFillUninitializedMemory(false);
    });
}

int32_t set_grad_enabled(int32_t enabled, int32_t *previous) {
    return run([&] {
        if (previous) *previous = at::GradMode::is_enabled();
        at::GradMode::set_enabled(enabled != 0);
    });
}

// MARK: Random numbers

/// A generator a thread: what one thread draws never depends on another's draws.
at::Generator &generator() {
    static thread_local at::Generator generator = at::detail::createCPUGenerator();
    return generator;
}

int32_t seed(uint64_t value) {
    return run([&] { generator().set_current_seed(value); });
}

rubrics_tensor rng_state() {
    return make([] { return generator().get_state().clone(); });
}

int32_t set_rng_state(rubrics_tensor state) {
    return run([&] { generator().set_state(unwrap(state)); });
}

rubrics_tensor random_normal(const int64_t *shape, int64_t rank, double deviation, rubrics_device device) {
    return make([&] { return at::randn(dims_of(shape, rank), generator(), at::kFloat).mul_(deviation).to(device_of(device)); });
}

// MARK: Making, reading, releasing

void release(rubrics_tensor tensor) { delete tensor; }

rubrics_tensor from_bytes(const void *bytes, rubrics_dtype dtype, const int64_t *shape, int64_t rank,
                          rubrics_device device) {
    return make([&] {
        auto tensor = at::empty(dims_of(shape, rank), scalar_type(dtype));
        if (tensor.numel()) std::memcpy(tensor.data_ptr(), bytes, tensor.nbytes());
        return tensor.to(device_of(device));
    });
}

rubrics_tensor full(const int64_t *shape, int64_t rank, double value, rubrics_dtype dtype, rubrics_device device) {
    return make([&] {
        return at::full(dims_of(shape, rank), value, at::TensorOptions(scalar_type(dtype)).device(device_of(device)));
    });
}

int64_t tensor_rank(rubrics_tensor tensor) { return unwrap(tensor).dim(); }

void tensor_shape(rubrics_tensor tensor, int64_t *out) {
    auto sizes = unwrap(tensor).sizes();
    std::copy(sizes.begin(), sizes.end(), out);
}

int32_t tensor_dtype(rubrics_tensor tensor) { return dtype_code(unwrap(tensor).scalar_type()); }

rubrics_device tensor_device(rubrics_tensor tensor) {
    auto device = unwrap(tensor).device();
    return {device.is_cuda() ? 1 : 0, device.is_cuda() ? device.index() : 0};
}

int32_t copy_out(rubrics_tensor tensor, void *bytes, int64_t count) {
    return run([&] {
        auto host = unwrap(tensor).detach().to(at::kCPU).contiguous();
        TORCH_CHECK(static_cast<int64_t>(host.nbytes()) == count, "reading ", count, " bytes from a tensor of ",
                    host.nbytes());
        if (count) std::memcpy(bytes, host.data_ptr(), static_cast<size_t>(count));
    });
}

int32_t copy_in(rubrics_tensor tensor, const void *bytes, int64_t count) {
    return run([&] {
        auto target = unwrap(tensor).detach();
        TORCH_CHECK(static_cast<int64_t>(target.nbytes()) == count, "writing ", count, " bytes to a tensor of ",
                    target.nbytes());
        auto host = at::empty(target.sizes(), target.scalar_type());
        bool direct = target.device().is_cpu() && target.is_contiguous();
        if (count) std::memcpy(direct ? target.data_ptr() : host.data_ptr(), bytes, static_cast<size_t>(count));
        if (!direct) target.copy_(host);
    });
}

int32_t assign(rubrics_tensor target, rubrics_tensor source) {
    return run([&] {
        at::NoGradGuard no_gradients;
        TORCH_CHECK(unwrap(target).sizes() == unwrap(source).sizes(), "assigning ", unwrap(source).sizes(), " to ",
                    unwrap(target).sizes());
        unwrap(target).copy_(unwrap(source));
    });
}

int32_t zero(rubrics_tensor tensor) {
    return run([&] {
        at::NoGradGuard no_gradients;
        unwrap(tensor).zero_();
    });
}

rubrics_tensor to(rubrics_tensor tensor, rubrics_dtype dtype, rubrics_device device) {
    return make([&] { return unwrap(tensor).to(device_of(device), scalar_type(dtype)); });
}

// MARK: Elementwise, reductions, shapes

at::Tensor apply_unary(rubrics_unary op, const at::Tensor &a) {
    switch (op) {
        case RUBRICS_NEG: return -a;
        case RUBRICS_EXP: return a.exp();
        case RUBRICS_LOG: return a.log();
        case RUBRICS_SQRT: return a.sqrt();
        case RUBRICS_RSQRT: return a.rsqrt();
        case RUBRICS_SIGMOID: return a.sigmoid();
        case RUBRICS_SILU: return at::silu(a);
        case RUBRICS_TANH: return a.tanh();
        case RUBRICS_ABS: return a.abs();
        case RUBRICS_NOT: return a.logical_not();
        case RUBRICS_ISFINITE: return at::isfinite(a);
        case RUBRICS_CLONE: return a.clone();
        case RUBRICS_DETACH: return a.detach();
        case RUBRICS_CONTIGUOUS: return a.contiguous();
    }
    TORCH_CHECK(false, "unknown operation ", op);
}

template <typename B>
at::Tensor apply_binary(rubrics_binary op, const at::Tensor &a, const B &b) {
    switch (op) {
        case RUBRICS_ADD: return a + b;
        case RUBRICS_SUB: return a - b;
        case RUBRICS_MUL: return a * b;
        case RUBRICS_DIV: return a / b;
        case RUBRICS_EQ: return a.eq(b);
        case RUBRICS_LT: return a.lt(b);
        case RUBRICS_LE: return a.le(b);
        case RUBRICS_GT: return a.gt(b);
        case RUBRICS_GE: return a.ge(b);
        case RUBRICS_MATMUL:
        case RUBRICS_MINIMUM:
        case RUBRICS_MAXIMUM: break;
    }
    if constexpr (std::is_same_v<B, at::Tensor>) {
        if (op == RUBRICS_MATMUL) return at::matmul(a, b);
        if (op == RUBRICS_MINIMUM) return at::minimum(a, b);
        if (op == RUBRICS_MAXIMUM) return at::maximum(a, b);
    }
    TORCH_CHECK(false, "operation ", op, " has no such form");
}

at::Tensor apply_reduction(rubrics_reduction op, const at::Tensor &a, at::IntArrayRef dims, bool keep) {
    auto axis = [&] {
        TORCH_CHECK(dims.size() == 1, "this reduction takes one dimension, got ", dims);
        return dims[0];
    };
    switch (op) {
        case RUBRICS_SUM: return dims.empty() ? a.sum() : a.sum(dims, keep);
        case RUBRICS_MEAN: return dims.empty() ? a.mean() : a.mean(dims, keep);
        case RUBRICS_AMAX: return at::amax(a, dims, keep);
        case RUBRICS_AMIN: return at::amin(a, dims, keep);
        case RUBRICS_ARGMAX: return at::argmax(a, axis(), keep);
        case RUBRICS_SOFTMAX: return at::softmax(a, axis());
        case RUBRICS_LOG_SOFTMAX: return at::log_softmax(a, axis());
        case RUBRICS_CUMSUM: return at::cumsum(a, axis());
    }
    TORCH_CHECK(false, "unknown reduction ", op);
}

rubrics_tensor unary(rubrics_unary op, rubrics_tensor a) {
    return make([&] { return apply_unary(op, unwrap(a)); });
}

rubrics_tensor binary(rubrics_binary op, rubrics_tensor a, rubrics_tensor b) {
    return make([&] { return apply_binary(op, unwrap(a), unwrap(b)); });
}

rubrics_tensor binary_scalar(rubrics_binary op, rubrics_tensor a, double b) {
    return make([&] { return apply_binary(op, unwrap(a), at::Scalar(b)); });
}

rubrics_tensor clamp(rubrics_tensor a, double low, double high) {
    return make([&] { return at::clamp(unwrap(a), low, high); });
}

rubrics_tensor where(rubrics_tensor condition, rubrics_tensor a, rubrics_tensor b) {
    return make([&] { return at::where(unwrap(condition), unwrap(a), unwrap(b)); });
}

rubrics_tensor reduce(rubrics_reduction op, rubrics_tensor a, const int64_t *dims, int64_t count, int32_t keep) {
    return make([&] { return apply_reduction(op, unwrap(a), dims_of(dims, count), keep != 0); });
}

rubrics_tensor reshape(rubrics_tensor a, const int64_t *shape, int64_t rank) {
    return make([&] { return unwrap(a).reshape(dims_of(shape, rank)); });
}

rubrics_tensor expand(rubrics_tensor a, const int64_t *shape, int64_t rank) {
    return make([&] { return unwrap(a).expand(dims_of(shape, rank)); });
}

rubrics_tensor transpose(rubrics_tensor a, int64_t dim0, int64_t dim1) {
    return make([&] { return unwrap(a).transpose(dim0, dim1); });
}

rubrics_tensor slice(rubrics_tensor a, int64_t dim, int64_t start, int64_t end, int64_t step) {
    return make([&] { return unwrap(a).slice(dim, start, end, step); });
}

rubrics_tensor index_select(rubrics_tensor a, int64_t dim, rubrics_tensor indices) {
    return make([&] { return unwrap(a).index_select(dim, unwrap(indices)); });
}

rubrics_tensor gather(rubrics_tensor a, int64_t dim, rubrics_tensor indices) {
    return make([&] { return unwrap(a).gather(dim, unwrap(indices)); });
}

rubrics_tensor concatenate(const rubrics_tensor *parts, int64_t count, int64_t dim) {
    return make([&] {
        std::vector<at::Tensor> tensors;
        for (int64_t i = 0; i < count; ++i) tensors.push_back(unwrap(parts[i]));
        return at::cat(tensors, dim);
    });
}

// MARK: Autograd

int32_t set_requires_grad(rubrics_tensor tensor, int32_t enabled) {
    return run([&] { unwrap(tensor).set_requires_grad(enabled != 0); });
}

int32_t requires_grad(rubrics_tensor tensor) { return unwrap(tensor).requires_grad() ? 1 : 0; }

rubrics_tensor gradient(rubrics_tensor tensor) {
    return make([&] {
        TORCH_CHECK(unwrap(tensor).grad().defined(), "the tensor has no gradient: call backward first");
        return unwrap(tensor).grad();
    });
}

int32_t backward(rubrics_tensor loss) {
    return run([&] { unwrap(loss).backward(); });
}

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

/// Keeps freed activations in the process: giving hundreds of megabytes back to the system after every layer and
/// faulting them in again costs a tenth of a training step.
void keep_freed_memory() {
#if defined(__GLIBC__)
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

const rubrics_engine kTable = {
    RUBRICS_ENGINE_ABI,
    error_message, torch_version, cpu_capability, build_identity, cuda_device_count, set_threads, get_threads,
    set_deterministic, set_grad_enabled,
    seed, rng_state, set_rng_state, random_normal,
    release, from_bytes, full, tensor_rank, tensor_shape, tensor_dtype, tensor_device, copy_out, copy_in, assign, zero,
    to,
    unary, binary, binary_scalar, clamp, where, reduce, reshape, expand, transpose, slice, index_select, gather,
    concatenate,
    set_requires_grad, requires_grad, gradient, backward,
    fused_linear, fused_embedding, fused_rms_norm, fused_rope, fused_swiglu, attention, fused_group_attention,
    fused_token_logprobs,
    measure_gradient_norm, adamw_step,
    decoder_supported, decoder_make, decoder_release, decoder_set_layer, decoder_set_head, decoder_clear_prefixes,
    decoder_add_prefix, decoder_write_prefix, decoder_step, sample_tokens,
};

}  // namespace
}  // namespace rubrics

extern "C" __attribute__((visibility("default"))) const rubrics_engine *rubrics_engine_table(void) {
    static const bool prepared = (rubrics::keep_freed_memory(), true);
    (void)prepared;
    return &rubrics::kTable;
}
