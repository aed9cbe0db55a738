// SPDX-License-Identifier: Apache-2.0
// What the parts of a forward and backward pass over one packed group of SmolLM2-135M's sizes take, in processor time,
// beside the machine's own peak.
// Usage: training ENGINE [threads = 1] [rounds = 10] [completions = 8] [tokens a completion = 63]
#include <dlfcn.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <vector>

#include "bf16_peak.h"
#include "rubrics_engine.h"

namespace {

const rubrics_engine* engine = nullptr;
int64_t rounds = 10;

double processor_seconds() {
    timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double timed(const std::function<void()>& body) {
    const double start = processor_seconds();
    body();
    return processor_seconds() - start;
}

rubrics_tensor checked(rubrics_tensor tensor) {
    if (tensor == nullptr) {
        std::fprintf(stderr, "%s\n", engine->last_error());
        std::exit(1);
    }
    return tensor;
}

rubrics_tensor random_bf16(const std::vector<int64_t>& shape) {
    const rubrics_device cpu{0, 0};
    rubrics_tensor wide = checked(engine->random_normal(shape.data(), static_cast<int64_t>(shape.size()), 0.1, cpu));
    rubrics_tensor narrow = checked(engine->to(wide, RUBRICS_BF16, cpu));
    engine->release(wide);
    return narrow;
}

/// Seconds, and the floating-point operations of a forward pass; a backward pass has twice as many.
struct Times {
    double forward = 1e9, backward = 1e9, operations = 0;
};

/// The least processor time of each pass through `forward`, which gives a tensor to differentiate.
Times measure(const char* name, double operations, const std::function<rubrics_tensor()>& forward) {
    Times best;
    best.operations = operations;
    for (int64_t round = 0; round < rounds; ++round) {
        rubrics_tensor result = nullptr;
        best.forward = std::min(best.forward, timed([&] { result = checked(forward()); }));
        rubrics_tensor sum = checked(engine->reduce(RUBRICS_SUM, result, nullptr, 0, 0));
        best.backward = std::min(best.backward, timed([&] { engine->backward(sum); }));
        engine->release(sum);
        engine->release(result);
    }
    std::printf("%-14s forward %7.2f ms %6.1f GFLOP/s   backward %7.2f ms %6.1f GFLOP/s\n", name, best.forward * 1e3,
                operations / best.forward * 1e-9, best.backward * 1e3, 2 * operations / best.backward * 1e-9);
    return best;
}

Times linear(const char* name, int64_t tokens, int64_t inputs, int64_t outputs) {
    rubrics_tensor x = random_bf16({tokens, inputs});
    engine->set_requires_grad(x, 1);
    const int64_t shape[] = {outputs, inputs};
    const rubrics_weight weight{random_bf16({outputs, inputs}),
                                checked(engine->full(shape, 2, 0, RUBRICS_F32, {0, 0}))};
    const Times times = measure(name, 2.0 * static_cast<double>(tokens * inputs * outputs),
                                [&] { return engine->linear(x, weight, {nullptr, nullptr}); });
    for (rubrics_tensor tensor : {x, weight.working, weight.gradient}) engine->release(tensor);
    return times;
}

Times attention(int64_t prompt, const std::vector<int64_t>& lengths) {
    int64_t tokens = prompt;
    double pairs = 0.5 * static_cast<double>(prompt * prompt);
    for (int64_t length : lengths) {
        tokens += length;
        pairs += static_cast<double>(length * prompt) + 0.5 * static_cast<double>(length * length);
    }
    rubrics_tensor heads[] = {random_bf16({tokens, 9, 64}), random_bf16({tokens, 3, 64}), random_bf16({tokens, 3, 64})};
    for (rubrics_tensor tensor : heads) engine->set_requires_grad(tensor, 1);
    const rubrics_group_layout layout{prompt, lengths.data(), static_cast<int64_t>(lengths.size())};
    const Times times = measure("attention", 2.0 * 2 * 9 * 64 * pairs,
                                [&] { return engine->group_attention(heads[0], heads[1], heads[2], layout); });
    for (rubrics_tensor tensor : heads) engine->release(tensor);
    return times;
}

Times log_probabilities(int64_t tokens) {
    rubrics_tensor hidden = random_bf16({tokens, 576});
    engine->set_requires_grad(hidden, 1);
    const int64_t shape[] = {49152, 576};
    const rubrics_weight weight{random_bf16({49152, 576}), checked(engine->full(shape, 2, 0, RUBRICS_F32, {0, 0}))};
    std::vector<int64_t> ids(static_cast<size_t>(tokens));
    for (int64_t i = 0; i < tokens; ++i) ids[static_cast<size_t>(i)] = i * 17 % 49152;
    rubrics_tensor targets = checked(engine->from_bytes(ids.data(), RUBRICS_I64, &tokens, 1, {0, 0}));
    const double operations = 2.0 * 576 * 49152 * static_cast<double>(tokens);
    const Times times = measure("log-probs", operations, [&]() -> rubrics_tensor {
        rubrics_tensor logprobs = nullptr, entropy = nullptr;
        engine->token_logprobs(hidden, weight, targets, 1.0, 256, &logprobs, &entropy);
        if (entropy != nullptr) engine->release(entropy);
        return logprobs;
    });
    for (rubrics_tensor tensor : {hidden, weight.working, weight.gradient, targets}) engine->release(tensor);
    return times;
}

#if RUBRICS_X86_KERNELS
/// Operations a second of one core.
double measured_peak() {
    const int64_t turns = 2000000;
    double best = 1e9;
    volatile float result = 0;
    for (int round = 0; round < 5; ++round) best = std::min(best, timed([&] { result = rubrics::dot_turns(turns); }));
    return static_cast<double>(turns) * rubrics::operations_a_turn / best;
}
#else
double measured_peak() { return 0; }
#endif

}  // namespace

int main(int count, char** arguments) {
    void* library = count > 1 ? dlopen(arguments[1], RTLD_NOW) : nullptr;
    void* symbol = library != nullptr ? dlsym(library, "rubrics_engine_table") : nullptr;
    if (symbol == nullptr) {
        std::fprintf(stderr, "usage: training ENGINE [threads] [rounds] [completions] [tokens]\n");
        return 1;
    }
    auto number = [&](int index, int64_t otherwise) {
        return count > index ? std::atoll(arguments[index]) : otherwise;
    };
    engine = reinterpret_cast<const rubrics_engine* (*)()>(symbol)();
    engine->set_threads(number(2, 1));
    rounds = number(3, 10);
    const std::vector<int64_t> lengths(static_cast<size_t>(number(4, 8)), number(5, 63));
    const int64_t prompt = 40, tokens = prompt + number(4, 8) * number(5, 63);
    const double peak = measured_peak();
    const Times parts[] = {linear("qkv", tokens, 576, 960), linear("output", tokens, 576, 576),
                           linear("gate and up", tokens, 576, 3072), linear("down", tokens, 1536, 576),
                           attention(prompt, lengths)};
    Times all = log_probabilities(number(4, 8) * (number(5, 63) + 1));
    for (const Times& part : parts) {
        all.forward += 30 * part.forward;
        all.backward += 30 * part.backward;
        all.operations += 30 * part.operations;
    }
    const double achieved = 3 * all.operations / (all.forward + all.backward);
    std::printf("30 layers and the output matrix: forward %.0f ms, backward %.0f ms of processor time\n",
                all.forward * 1e3, all.backward * 1e3);
    std::printf("kernels: ratio %.2f (ours %.0f GFLOP/s a core, peak %.0f GFLOP/s a core, %lld runs)\n",
                peak > 0 ? achieved / peak : 0, achieved * 1e-9, peak * 1e-9, static_cast<long long>(rounds));
}
