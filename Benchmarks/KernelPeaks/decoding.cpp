// SPDX-License-Identifier: Apache-2.0
// Token steps a second of a whole SmolLM2-135M (random weights), beside the machine's own limits.
// Usage: decoding [cached tokens a row = 100] [rounds = 5] [prefix tokens = 0]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <vector>

#include <ATen/Parallel.h>

#include "aligned_buffer.h"
#include "bf16_peak.h"
#include "packed_decoder.h"
#include "vector_math.h"

using namespace rubrics;

namespace {

double seconds(const std::function<void()>& body) {
    const auto start = std::chrono::steady_clock::now();
    body();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct Times {
    double best, median;
};

Times measure(int64_t rounds, const std::function<void()>& body) {
    std::vector<double> times;
    for (int64_t i = 0; i < rounds; ++i) times.push_back(seconds(body));
    std::sort(times.begin(), times.end());
    return {times.front(), times[times.size() / 2]};
}

#if RUBRICS_X86_KERNELS

RUBRICS_AVX512 __attribute__((noinline)) int32_t read_all(const uint16_t* data, int64_t elements) {
    __m512i a = _mm512_setzero_si512(), b = a;
    for (int64_t i = 0; i < elements; i += 64) {
        a = _mm512_xor_si512(a, _mm512_load_si512(data + i));
        b = _mm512_xor_si512(b, _mm512_load_si512(data + i + 32));
    }
    return _mm512_reduce_add_epi32(_mm512_xor_si512(a, b));
}

/// Prints the machine's peak of bf16 dots in FLOP/s and its memory bandwidth in bytes/s.
void measure_machine(int64_t rounds) {
    const int64_t threads = at::get_num_threads(), turns = 1000000, elements = int64_t{128} << 20;
    volatile float sink = 0;
    const Times compute = measure(
        rounds, [&] { at::parallel_for(0, threads, 1, [&](int64_t, int64_t) { sink = sink + dot_turns(turns); }); });
    AlignedBuffer<uint16_t> memory(elements);
    std::fill(memory.data(), memory.data() + elements, uint16_t{1});
    const Times reading = measure(rounds, [&] {
        at::parallel_for(0, threads, 1, [&](int64_t thread, int64_t) {
            const int64_t share = elements / threads / 64 * 64;
            sink = sink + static_cast<float>(read_all(memory.data() + thread * share, share));
        });
    });
    const double flops = static_cast<double>(threads * turns) * operations_a_turn,
                 bytes = static_cast<double>(elements * 2);
    std::printf("%lld threads; bf16 dots: best %.0f, median %.0f GFLOPS; memory reads: best %.1f, median %.1f GB/s\n",
                static_cast<long long>(threads), flops / compute.best / 1e9, flops / compute.median / 1e9,
                bytes / reading.best / 1e9, bytes / reading.median / 1e9);
}

#else
void measure_machine(int64_t) {}
#endif

}  // namespace

int main(int argc, char** argv) {
    if (!PackedDecoder::supported()) {
        std::printf("this CPU has no AVX-512 BF16\n");
        return 77;
    }
    const int64_t cached = argc > 1 ? std::atoll(argv[1]) : 100, rounds = argc > 2 ? std::atoll(argv[2]) : 5;
    const int64_t prefix_tokens = argc > 3 ? std::atoll(argv[3]) : 0;
    measure_machine(rounds);

    const DecoderConfig config = {30, 576, 9, 3, 64, 1536, 49152, 100000.0f, 1e-5f, false, false};
    std::mt19937 random(1);
    std::vector<uint16_t> weights(static_cast<size_t>(config.vocabulary * config.width));
    for (uint16_t& w : weights) w = to_bfloat16((static_cast<float>(random() % 2001) - 1000.0f) * 4e-5f);
    const std::vector<float> ones(static_cast<size_t>(config.width), 1.0f);
    const uint16_t* w = weights.data();
    PackedDecoder decoder(config, 64, cached + 64);
    const Times packing = measure(rounds, [&] {
        for (int64_t layer = 0; layer < config.layers; ++layer) {
            // Each layer's own stretch, so that packing reads as much memory as it would.
            const uint16_t* l = w + layer % 7 * 4000000;
            decoder.set_layer(layer, {l, l + 331776, l + 442368, l + 552960, l + 884736, l + 1769472, l + 2654208,
                                      ones.data(), ones.data(), nullptr, nullptr, nullptr, nullptr, nullptr});
        }
        decoder.set_head(w, w, ones.data());
    });
    std::printf("packing 134.5 M weights: best %.0f ms, median %.0f ms\n", packing.best * 1e3, packing.median * 1e3);
    int32_t prefix = -1;
    if (prefix_tokens > 0) {
        prefix = decoder.add_prefix(prefix_tokens);
        for (int64_t layer = 0; layer < config.layers; ++layer) decoder.write_prefix(prefix, layer, w, w + 100000);
    }

    std::vector<float> logits(static_cast<size_t>(64 * config.vocabulary));
    for (const int64_t batch : {1, 2, 4, 8, 12, 16, 24, 32, 64}) {
        std::vector<DecoderRow> rows;
        for (int64_t r = 0; r < batch; ++r)
            rows.push_back(
                {static_cast<int32_t>(r), prefix, static_cast<int32_t>(cached), static_cast<int32_t>(r * 100)});
        decoder.step(rows.data(), batch, logits.data());
        const int64_t steps = batch <= 4 ? 12 : 6;
        const Times step = measure(rounds * steps, [&] { decoder.step(rows.data(), batch, logits.data()); });
        std::vector<double> uniforms(static_cast<size_t>(batch), 0.5);
        std::vector<int32_t> tokens(static_cast<size_t>(batch));
        std::vector<float> logprobs(static_cast<size_t>(batch));
        auto sampling = [&](int64_t top_k, float top_p) {
            return measure(rounds,
                           [&] {
                               sample(logits.data(), batch, config.vocabulary, 1, top_k, top_p, uniforms.data(),
                                      tokens.data(), logprobs.data());
                           })
                       .best *
                   1e3;
        };
        const double flops = 2 * 134.5e6 * static_cast<double>(batch);
        std::printf(
            "batch %2lld: %7.1f tokens/s best, %7.1f median (%.2f ms; %.1f GB/s of weights, %.0f GFLOPS); "
            "sampling %.2f ms, top-k %.2f, top-p %.2f\n",
            static_cast<long long>(batch), static_cast<double>(batch) / step.best,
            static_cast<double>(batch) / step.median, step.best * 1e3, 269e6 / step.best / 1e9, flops / step.best / 1e9,
            sampling(0, 1), sampling(50, 1), sampling(0, 0.95f));
    }
    return 0;
}
