// SPDX-License-Identifier: Apache-2.0
//
// What every part of the engine shares: handles, the error boundary, and the row kernels' building blocks.

#pragma once

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <cstdint>
#include <cstring>
#include <exception>
#include <string>

#include "rubrics_engine.h"

struct rubrics_tensor_impl {
    at::Tensor value;
};

namespace rubrics {

/// The message of the calling thread's last failure.
std::string& last_error();

inline rubrics_tensor wrap(at::Tensor tensor) { return new rubrics_tensor_impl{std::move(tensor)}; }
inline const at::Tensor& unwrap(rubrics_tensor tensor) { return tensor->value; }
inline at::Tensor unwrap_or_undefined(rubrics_tensor tensor) { return tensor ? tensor->value : at::Tensor(); }

/// Records the exception in flight as this thread's last error.
void record_current_exception();

/// Runs `body`, which returns an at::Tensor, and hands it out; NULL after an exception.
template <typename Body>
rubrics_tensor make(Body body) {
    try {
        return wrap(body());
    } catch (...) {
        record_current_exception();
        return nullptr;
    }
}

/// Runs `body`; 0, or 1 after an exception.
template <typename Body>
int32_t run(Body body) {
    try {
        body();
        return 0;
    } catch (...) {
        record_current_exception();
        return 1;
    }
}

/// A trained matrix as the fused operations see it.
struct Weight {
    at::Tensor working;
    at::Tensor gradient;  // undefined when frozen

    explicit Weight(rubrics_weight weight)
        : working(unwrap_or_undefined(weight.working)), gradient(unwrap_or_undefined(weight.gradient)) {}
    bool trained() const { return gradient.defined(); }
};

at::ScalarType scalar_type(int32_t dtype);
int32_t dtype_code(at::ScalarType type);

}  // namespace rubrics

// Row kernels are compiled for several instruction sets; the loader picks one at run time.
#if defined(__x86_64__) && defined(__linux__) && (defined(__GNUC__) && !defined(__clang__))
#define RUBRICS_ROW_KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), optimize("O3")))
#else
#define RUBRICS_ROW_KERNEL
#endif
#define RUBRICS_INLINE inline __attribute__((always_inline))

namespace rubrics {

RUBRICS_INLINE float load(float x) { return x; }
RUBRICS_INLINE float load(uint16_t bits) {
    uint32_t wide = static_cast<uint32_t>(bits) << 16;
    float x;
    std::memcpy(&x, &wide, sizeof x);
    return x;
}
RUBRICS_INLINE void store(float& to, float x) { to = x; }
/// Rounds to nearest even; NaN stays NaN, so that a broken number is still seen downstream.
RUBRICS_INLINE void store(uint16_t& to, float x) {
    uint32_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    to = static_cast<uint16_t>((bits & 0x7fffffffu) > 0x7f800000u ? 0x7fc0u : rounded);
}

/// e^x for x <= 0 to 2 ulp (Cephes' polynomial), written so that compilers vectorise it.
RUBRICS_INLINE float exp_nonpositive(float x) {
    x = x < -87.0f ? -87.0f : x;
    const float magic = 12582912.0f;
    float n = (x * 1.44269504088896341f + magic) - magic;
    float r = x - n * 0.693359375f;
    r = r + n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    int32_t exponent = (static_cast<int32_t>(n) + 127) << 23;
    float scale;
    std::memcpy(&scale, &exponent, sizeof scale);
    return p * scale;
}

/// 1 / (1 + e^-x), through the non-positive branch of the exponential.
RUBRICS_INLINE float sigmoid(float x) {
    float e = exp_nonpositive(x < 0 ? x : -x);
    return x < 0 ? e / (1.0f + e) : 1.0f / (1.0f + e);
}

/// Calls `body` with the tensor's data pointer as `float *` or, for bf16, `uint16_t *`.
template <typename Body>
void with_rows(const at::Tensor& tensor, Body body) {
    if (tensor.scalar_type() == at::kFloat) {
        body(static_cast<float*>(tensor.data_ptr()));
    } else {
        body(static_cast<uint16_t*>(tensor.data_ptr()));
    }
}

/// Whether the row kernels can work on this tensor.
inline bool has_row_kernel(const at::Tensor& tensor) {
    return tensor.device().is_cpu() && (tensor.scalar_type() == at::kFloat || tensor.scalar_type() == at::kBFloat16);
}

}  // namespace rubrics
