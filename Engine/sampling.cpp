// SPDX-License-Identifier: Apache-2.0
// `sample` of packed_decoder.h. One source serves every CPU: the loops are written over vectors of
// 16 lanes that the compiler splits as the target needs, and compiled twice on x86-64.
#include "packed_decoder.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <ATen/Parallel.h>

#include "cpu_target.h"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi"  // the vectors never cross a call: everything is inlined
#endif

#define RUBRICS_INLINE inline __attribute__((always_inline))

namespace rubrics {

namespace {

typedef float Floats __attribute__((vector_size(64)));
typedef int32_t Ints __attribute__((vector_size(64)));
constexpr int64_t lanes = 16;
constexpr int64_t block = 512;  // tokens whose weights are summed together

struct Settings {
    float temperature;
    int64_t top_k;
    float top_p;
};

struct Drawn {
    int32_t token;
    float logprob;
};

RUBRICS_INLINE void load(const void* source, Floats& out) { std::memcpy(&out, source, sizeof out); }
RUBRICS_INLINE void fill(float value, Floats& out) { out = Floats{} + value; }
RUBRICS_INLINE void keep(const Ints& mask, Floats& values) { values = (Floats)((Ints)values & mask); }

RUBRICS_INLINE float sum_of(const Floats& v) {
    float sum = 0;
    for (int i = 0; i < lanes; ++i) sum += v[i];
    return sum;
}

/// e^x for x <= 0, with a relative error below 2e-7; 0 below -87.
RUBRICS_INLINE void exponential(Floats& x) {
    Floats lowest;
    fill(-87.0f, lowest);
    const Ints in_range = x >= lowest;
    keep(in_range, x);
    // Adding and taking away 1.5 * 2^23 rounds to an integer, which the low bits then hold.
    const Floats shifted = x * 1.44269504f + 12582912.0f;
    const Floats n = shifted - 12582912.0f;
    const Floats r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    Floats p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + (r + 1.0f);
    const Ints power = (Ints)p + ((Ints)shifted << 23);
    x = (Floats)power;
    keep(in_range, x);
}

/// One row's logits and weights, padded to whole blocks with logits of minus infinity.
struct Row {
    const float* logits;
    float* weights;
    float* candidates;  // room for as many weights
    int64_t padded;
};

/// The largest logit; NaN when there is a NaN.
RUBRICS_INLINE float largest_logit(const Row& row) {
    Floats largest;
    load(row.logits, largest);
    Ints unordered = largest != largest;
    for (int64_t i = lanes; i < row.padded; i += lanes) {
        Floats v;
        load(row.logits + i, v);
        unordered |= v != v;
        const Ints larger = v > largest;
        largest = (Floats)(((Ints)v & larger) | ((Ints)largest & ~larger));
    }
    float result = largest[0];
    for (int i = 1; i < lanes; ++i) result = std::max(result, largest[i]);
    for (int i = 0; i < lanes; ++i) {
        if (unordered[i] != 0) result = std::numeric_limits<float>::quiet_NaN();
    }
    return result;
}

/// weights = e^((logit - largest) / temperature).
RUBRICS_INLINE void exponentiate(const Row& row, float largest, float temperature) {
    const float scale = 1.0f / temperature;
    for (int64_t i = 0; i < row.padded; i += lanes) {
        Floats v;
        load(row.logits + i, v);
        v = (v - largest) * scale;
        exponential(v);
        std::memcpy(row.weights + i, &v, sizeof v);
    }
}

/// The sum of the weights of at least `least`: sums of blocks, added in order.
RUBRICS_INLINE double mass_from(const float* weights, int64_t padded, float least, double* block_sums) {
    double total = 0;
    for (int64_t start = 0; start < padded; start += block) {
        Floats a{}, b{};
        for (int64_t i = start; i < start + block; i += 2 * lanes) {
            Floats v, w;
            load(weights + i, v);
            load(weights + i + lanes, w);
            keep(v >= least, v);
            keep(w >= least, w);
            a += v;
            b += w;
        }
        const double sum = static_cast<double>(sum_of(a + b));
        if (block_sums != nullptr) block_sums[start / block] = sum;
        total += sum;
    }
    return total;
}

/// Clears the weights whose `keys` are below `least`.
RUBRICS_INLINE void clear_below(const Row& row, const float* keys, float least) {
    for (int64_t i = 0; i < row.padded; i += lanes) {
        Floats key, weight;
        load(keys + i, key);
        load(row.weights + i, weight);
        keep(key >= least, weight);
        std::memcpy(row.weights + i, &weight, sizeof weight);
    }
}

/// A float's bits, arranged so that they compare as integers the way floats do.
RUBRICS_INLINE int32_t ordered(float value) {
    value += 0.0f;  // minus zero equals zero
    int32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits ^ ((bits >> 31) & 0x7fffffff);
}

RUBRICS_INLINE float from_ordered(int32_t key) {
    const int32_t bits = key ^ ((key >> 31) & 0x7fffffff);
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

RUBRICS_INLINE int32_t middle(int32_t low, int32_t high) {
    return static_cast<int32_t>((static_cast<int64_t>(low) + high + 1) >> 1);
}

/// How many values are at least `least`; -(x >= y) counts, as true is all ones.
RUBRICS_INLINE int64_t count_from(const float* values, int64_t padded, float least) {
    Ints count{};
    for (int64_t i = 0; i < padded; i += lanes) {
        Floats v;
        load(values + i, v);
        count -= v >= least;
    }
    int64_t total = 0;
    for (int i = 0; i < lanes; ++i) total += count[i];
    return total;
}

/// Clears the weights of all but the `k` most likely tokens and those that tie with the last.
/// Halving the range of thresholds reads the row some twenty times, which is far cheaper than
/// selecting in a copy of it.
RUBRICS_INLINE void cut_to_top_k(const Row& row, int64_t k, float largest) {
    int32_t low = ordered(-std::numeric_limits<float>::infinity()), high = ordered(largest);
    while (low < high) {
        const int32_t key = middle(low, high);
        const int64_t count = count_from(row.logits, row.padded, from_ordered(key));
        if (count >= k) low = key;
        else high = key - 1;
        if (count == k) break;
    }
    clear_below(row, row.logits, from_ordered(low));
}

/// Copies the weights of at least `least` to `row.candidates`, and returns how many they are when
/// filled up with zeros to whole blocks.
RUBRICS_INLINE int64_t collect(const Row& row, float least) {
    int64_t count = 0;
    for (int64_t i = 0; i < row.padded; ++i) {
        row.candidates[count] = row.weights[i];
        count += row.weights[i] >= least;
    }
    const int64_t padded = (count + block - 1) / block * block;
    std::fill(row.candidates + count, row.candidates + padded, 0.0f);
    return padded;
}

/// Clears the weights of all but the fewest most likely tokens that hold `p` of the mass.
RUBRICS_INLINE void cut_to_top_p(const Row& row, float p) {
    const double total = mass_from(row.weights, row.padded, 0.0f, nullptr), wanted = static_cast<double>(p) * total;
    // All tokens lighter than this together weigh less than what may go: none of them is needed.
    // (Half of it: the sums are rounded.) That leaves a few thousand of a language model's tokens.
    const double light = (1 - static_cast<double>(p)) * total / static_cast<double>(2 * row.padded);
    const float lightest = std::max(static_cast<float>(light), std::numeric_limits<float>::min());
    const int64_t candidates = collect(row, lightest);
    // The largest weight is 1. The largest threshold that leaves enough is the last one kept.
    int32_t low = ordered(lightest), high = ordered(1.0f);
    while (low < high) {
        const int32_t key = middle(low, high);
        if (mass_from(row.candidates, candidates, from_ordered(key), nullptr) >= wanted) low = key;
        else high = key - 1;
    }
    const float least = from_ordered(low);
    clear_below(row, row.weights, least);
    // Of the tokens that tie at the threshold, as many as it takes.
    double mass = mass_from(row.candidates, candidates, std::nextafter(least, 2.0f), nullptr);
    if (count_from(row.weights, row.padded, least) - count_from(row.weights, row.padded, std::nextafter(least, 2.0f)) <
        2)
        return;
    for (int64_t i = 0; i < row.padded; ++i) {
        if (row.weights[i] != least) continue;
        if (mass < wanted || mass == 0) mass += static_cast<double>(least);
        else row.weights[i] = 0;
    }
}

/// The first token at which the cumulative weight passes `uniform` of the total.
RUBRICS_INLINE int64_t invert(const Row& row, double uniform, double* block_sums) {
    const double target = uniform * mass_from(row.weights, row.padded, 0.0f, block_sums);
    const int64_t blocks = row.padded / block;
    double passed = 0;
    int64_t chosen = 0;
    for (int64_t b = 0; b < blocks; ++b) {
        if (passed + block_sums[b] <= target && b + 1 < blocks) {
            passed += block_sums[b];
            continue;
        }
        double cumulative = passed;
        bool any = false;
        for (int64_t i = b * block; i < (b + 1) * block; ++i) {
            if (row.weights[i] == 0) continue;
            chosen = i;
            any = true;
            cumulative += static_cast<double>(row.weights[i]);
            if (cumulative > target) return i;
        }
        // Rounding can leave the target a hair beyond the block: its last token then stands.
        if (any) return chosen;
        passed += block_sums[b];
    }
    for (int64_t i = row.padded - 1; i >= 0; --i) {
        if (row.weights[i] != 0) return i;
    }
    return chosen;
}

RUBRICS_INLINE Drawn draw(const Row& row, const Settings& settings, double uniform, double* block_sums) {
    const float largest = largest_logit(row);
    if (!std::isfinite(largest)) return {-1, largest};
    const bool greedy = settings.temperature == 0;
    const float temperature = greedy ? 1.0f : settings.temperature;
    exponentiate(row, largest, temperature);
    const double total = mass_from(row.weights, row.padded, 0.0f, nullptr);
    int64_t token = 0;
    if (greedy) {
        while (row.logits[token] != largest) ++token;
    } else {
        if (settings.top_k > 0) cut_to_top_k(row, settings.top_k, largest);
        if (settings.top_p < 1) cut_to_top_p(row, settings.top_p);
        token = invert(row, uniform, block_sums);
    }
    const double difference = static_cast<double>(row.logits[token]) - static_cast<double>(largest);
    return {static_cast<int32_t>(token), static_cast<float>(difference / temperature - std::log(total))};
}

#if RUBRICS_X86_KERNELS
__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq"))) Drawn draw_wide(const Row& row, const Settings& settings,
                                                                              double uniform, double* block_sums) {
    return draw(row, settings, uniform, block_sums);
}
#endif

Drawn draw_anywhere(const Row& row, const Settings& settings, double uniform, double* block_sums) {
#if RUBRICS_X86_KERNELS
    if (cpu_runs_kernels()) return draw_wide(row, settings, uniform, block_sums);
#endif
    return draw(row, settings, uniform, block_sums);
}

void check(const Settings& settings, const double* uniforms, int64_t rows, int64_t vocabulary) {
    if (vocabulary < 1) throw std::invalid_argument("sample: the vocabulary is empty");
    if (!(settings.temperature >= 0) || !std::isfinite(settings.temperature)) {
        throw std::invalid_argument("sample: the temperature must be 0 or more");
    }
    if (settings.top_k < 0) throw std::invalid_argument("sample: top_k must be 0 (no cut) or more");
    if (!(settings.top_p >= 0 && settings.top_p <= 1)) throw std::invalid_argument("sample: top_p must be in 0...1");
    if (settings.temperature == 0) return;
    for (int64_t row = 0; row < rows; ++row) {
        if (!(uniforms[row] >= 0 && uniforms[row] < 1))
            throw std::invalid_argument("sample: uniforms must be in [0, 1)");
    }
}

}  // namespace

void sample(const float* logits, int64_t rows, int64_t vocabulary, float temperature, int64_t top_k, float top_p,
            const double* uniforms, int32_t* tokens, float* logprobs) {
    const Settings settings = {temperature, top_k < vocabulary ? top_k : 0, top_p};
    check(settings, uniforms, rows, vocabulary);
    at::parallel_for(0, rows, 1, [&](int64_t begin, int64_t end) {
        const int64_t padded = (vocabulary + block - 1) / block * block;
        const float lowest = -std::numeric_limits<float>::infinity();
        std::vector<float> copy(static_cast<size_t>(padded), lowest), weights(static_cast<size_t>(padded)),
            candidates(static_cast<size_t>(padded) + 1);
        std::vector<double> block_sums(static_cast<size_t>(padded / block));
        for (int64_t row = begin; row < end; ++row) {
            std::copy(logits + row * vocabulary, logits + (row + 1) * vocabulary, copy.begin());
            const double uniform = temperature == 0 ? 0 : uniforms[row];
            const Row padded_row = {copy.data(), weights.data(), candidates.data(), padded};
            const Drawn drawn = draw_anywhere(padded_row, settings, uniform, block_sums.data());
            tokens[row] = drawn.token;
            logprobs[row] = drawn.logprob;
        }
    });
    for (int64_t row = 0; row < rows; ++row) {
        if (tokens[row] >= 0) continue;
        const std::string found = std::isnan(logprobs[row]) ? "NaN"
                                  : logprobs[row] > 0       ? "infinity"
                                                            : "nothing possible";
        throw std::runtime_error("sample: " + found + " among the logits of row " + std::to_string(row) +
                                 "; the model's weights or a learning rate may have diverged");
    }
}

}  // namespace rubrics
