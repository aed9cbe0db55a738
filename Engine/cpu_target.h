// SPDX-License-Identifier: Apache-2.0
// Which instruction sets the decoder's kernels are compiled for, and whether this CPU has them.
#pragma once

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define RUBRICS_X86_KERNELS 1
// The kernels carry their target themselves, so the rest of the engine needs no -march flag and
// one binary runs on every x86-64 CPU. Lambdas do not inherit it: no intrinsics inside lambdas.
#define RUBRICS_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))
#if defined(__GNUC__) && !defined(__clang__)
// GCC warns about the deliberately undefined operands in its own intrinsics (bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>
#else
#define RUBRICS_X86_KERNELS 0
#endif

namespace rubrics {

inline bool cpu_runs_kernels() {
#if RUBRICS_X86_KERNELS
    // avx512bf16 appears only on CPUs that have the other four.
    return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq");
#else
    return false;
#endif
}

inline void pause_briefly() {
#if RUBRICS_X86_KERNELS
    __builtin_ia32_pause();
#endif
}

}  // namespace rubrics
