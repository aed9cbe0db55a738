// SPDX-License-Identifier: Apache-2.0
//
// The engine's function table: libtorch behind `rubrics_engine.h`. Functions of the table unwrap handles, call one
// operation, and turn exceptions into messages; what is more than a call lives in the files beside these.

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <c10/util/Exception.h>
#include <torch/version.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "table_functions.h"

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
    return make([&] {
        return at::randn(dims_of(shape, rank), generator(), at::kFloat).mul_(deviation).to(device_of(device));
    });
}

// MARK: The table

/// Keeps freed activations in the process: giving hundreds of megabytes back to the system after every layer and
/// faulting them in again costs a tenth of a training step.
void keep_freed_memory() {
#if defined(__GLIBC__)
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

rubrics_engine make_table() {
    rubrics_engine table{};
    table.abi_version = RUBRICS_ENGINE_ABI;
    table.last_error = error_message;
    table.torch_version = torch_version;
    table.cpu_capability = cpu_capability;
    table.build_identity = build_identity;
    table.cuda_device_count = cuda_device_count;
    table.set_threads = set_threads;
    table.get_threads = get_threads;
    table.set_deterministic = set_deterministic;
    table.set_grad_enabled = set_grad_enabled;
    table.seed = seed;
    table.rng_state = rng_state;
    table.set_rng_state = set_rng_state;
    table.random_normal = random_normal;
    add_tensor_functions(table);
    add_model_functions(table);
    return table;
}

}  // namespace
}  // namespace rubrics

extern "C" __attribute__((visibility("default"))) const rubrics_engine *rubrics_engine_table(void) {
    static const rubrics_engine table = (rubrics::keep_freed_memory(), rubrics::make_table());
    return &table;
}
