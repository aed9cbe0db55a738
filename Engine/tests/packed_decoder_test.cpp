// SPDX-License-Identifier: Apache-2.0
// Checks the packed decoder against a plain reference, and sampling against its definition.
// Exits 0 when everything holds, 77 where the CPU cannot run the decoder (sampling is still checked).
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>

#include <ATen/Parallel.h>

#include "reference_decoder.h"

using namespace rubrics;
using namespace rubrics::testing;

namespace {

int failures = 0;

void expect(bool holds, const std::string& what) {
    if (holds) return;
    ++failures;
    std::printf("FAILED: %s\n", what.c_str());
}

template <typename Error>
void expect_throws(const std::function<void()>& body, const std::string& part, const std::string& what) {
    try {
        body();
        expect(false, what + ": nothing was thrown");
    } catch (const Error& error) {
        expect(std::string(error.what()).find(part) != std::string::npos,
               what + ": the message is \"" + error.what() + "\"");
    }
}

/// The root mean square difference in units of the expected values' standard deviation.
double distance(const float* actual, const Floats& expected) {
    double sum = 0, squares = 0, differences = 0;
    for (size_t i = 0; i < expected.size(); ++i) {
        const double difference = static_cast<double>(actual[i]) - expected[i];
        sum += expected[i];
        squares += static_cast<double>(expected[i]) * expected[i];
        differences += difference * difference;
    }
    const double count = static_cast<double>(expected.size());
    return std::sqrt(differences / (squares - sum / count * sum));
}

/// Like std::max, but NaN wins.
double worse(double a, double b) { return a > b || std::isnan(a) ? a : b; }

struct Case {
    std::string name;
    DecoderConfig config;
    bool tied;
    std::vector<int64_t> prefixes;
    int64_t rows, tokens;
};

/// Decodes rows over shared prefixes with the packed decoder and the references side by side.
/// Row r starts at step r % 3 and sits out every fifth step, so that rows are at different
/// positions and batches of different sizes occur.
void check_against_reference(const Case& test) {
    const Model model(test.config, test.tied, 7);
    PackedDecoder decoder(test.config, test.rows, test.tokens);
    model.load(decoder);
    std::mt19937 random(11);
    auto any_token = [&] { return static_cast<int32_t>(random() % static_cast<uint32_t>(test.config.vocabulary)); };

    std::vector<ReferenceDecoder> prompts, plain_prompts;
    for (const int64_t length : test.prefixes) {
        ReferenceDecoder prompt(model, true), plain(model, false);
        for (int64_t i = 0; i < length; ++i) {
            const int32_t token = any_token();
            prompt.step(token);
            plain.step(token);
        }
        const int32_t prefix = decoder.add_prefix(length);
        for (size_t layer = 0; layer < model.layers.size(); ++layer) {
            decoder.write_prefix(prefix, static_cast<int64_t>(layer), prompt.cached_keys(layer).data(),
                                 prompt.cached_values(layer).data());
        }
        prompts.push_back(std::move(prompt));
        plain_prompts.push_back(std::move(plain));
    }
    std::vector<ReferenceDecoder> references, plain_references;
    std::vector<DecoderRow> state;
    for (int64_t r = 0; r < test.rows; ++r) {
        const int32_t prefix = static_cast<int32_t>(r % (static_cast<int64_t>(prompts.size()) + 1)) - 1;
        references.push_back(prefix < 0 ? ReferenceDecoder(model, true)
                                        : ReferenceDecoder(prompts[static_cast<size_t>(prefix)]));
        plain_references.push_back(prefix < 0 ? ReferenceDecoder(model, false)
                                              : ReferenceDecoder(plain_prompts[static_cast<size_t>(prefix)]));
        state.push_back({static_cast<int32_t>(test.rows - 1 - r), prefix, 0, 0});
    }
    double worst = 0, worst_plain = 0;
    const size_t vocabulary = static_cast<size_t>(test.config.vocabulary);
    for (int64_t step = 0; step < test.tokens; ++step) {
        std::vector<DecoderRow> batch;
        std::vector<size_t> members;
        for (size_t r = 0; r < state.size(); ++r) {
            if (step < static_cast<int64_t>(r % 3) || (step + static_cast<int64_t>(r)) % 5 == 4) continue;
            state[r].token = any_token();
            batch.push_back(state[r]);
            members.push_back(r);
            ++state[r].position_in_row;
        }
        Floats logits(batch.size() * vocabulary, std::numeric_limits<float>::quiet_NaN());
        decoder.step(batch.data(), static_cast<int64_t>(batch.size()), logits.data());
        for (size_t i = 0; i < members.size(); ++i) {
            const float* row = logits.data() + i * vocabulary;
            worst = worse(worst, distance(row, references[members[i]].step(batch[i].token)));
            worst_plain = worse(worst_plain, distance(row, plain_references[members[i]].step(batch[i].token)));
        }
    }
    std::printf("%-28s difference %.5f from the rounding reference, %.5f from float\n", test.name.c_str(), worst,
                worst_plain);
    expect(worst < 0.015, test.name + ": differs from the reference");
    expect(worst_plain < 0.04, test.name + ": differs from the float reference");
}

/// The same row alone, among others of another prefix and with one thread gives the same bits.
void check_independence() {
    const DecoderConfig config = {3, 96, 6, 2, 64, 200, 777, 10000.0f, 1e-5f, false, false};
    const Model model(config, true, 3);
    PackedDecoder decoder(config, 33, 20);
    model.load(decoder);
    const ReferenceDecoder empty(model, true);
    std::vector<int32_t> prefixes;
    for (const int64_t length : {5, 17}) {
        ReferenceDecoder prompt(model, true);
        for (int64_t i = 0; i < length; ++i) prompt.step(static_cast<int32_t>(i * 31 % 777));
        prefixes.push_back(decoder.add_prefix(length));
        for (size_t layer = 0; layer < 3; ++layer) {
            decoder.write_prefix(prefixes.back(), static_cast<int64_t>(layer), prompt.cached_keys(layer).data(),
                                 prompt.cached_values(layer).data());
        }
    }
    const int threads = at::get_num_threads();
    const size_t vocabulary = 777;
    std::vector<Floats> alone;
    for (const int64_t count : {1, 2, 3, 7, 8, 9, 12, 16, 17, 25, 32, 33}) {
        for (const int used : {1, threads}) {
            at::set_num_threads(used);
            for (int32_t step = 0; step < 20; ++step) {
                std::vector<DecoderRow> rows;
                // Row 0 is watched; the rest vary with the batch, and it is not always first.
                for (int32_t r = 1; r < count; ++r)
                    rows.push_back({r, r % 3 == 0 ? -1 : prefixes[static_cast<size_t>(r % 2)], step,
                                    (r * 97 + step * static_cast<int32_t>(count)) % 777});
                const size_t place = rows.size() / 2;
                rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(place), {0, prefixes[1], step, step * 13 % 777});
                Floats logits(rows.size() * vocabulary);
                decoder.step(rows.data(), count, logits.data());
                const float* row = logits.data() + place * vocabulary;
                if (count == 1 && used == 1) alone.emplace_back(row, row + vocabulary);
                const Floats& expected = alone[static_cast<size_t>(step)];
                expect(std::memcmp(row, expected.data(), vocabulary * sizeof(float)) == 0,
                       "a row among " + std::to_string(count) + " with " + std::to_string(used) +
                           " threads differs from it alone");
            }
        }
    }
    at::set_num_threads(threads);
}

/// A slot that held NaN can be used again, and weights can be replaced.
void check_reuse() {
    const DecoderConfig config = {2, 64, 4, 4, 16, 96, 100, 10000.0f, 1e-5f, false, false};
    const Model first(config, true, 1), second(config, false, 2);
    Model broken = first;
    broken.layers[0].v[5] = 0x7fc0;
    PackedDecoder decoder(config, 2, 4);
    broken.load(decoder);
    Floats logits(100);
    for (int32_t i = 0; i < 4; ++i) {
        const DecoderRow row = {0, -1, i, i};
        decoder.step(&row, 1, logits.data());
    }
    expect(std::isnan(logits[0]), "a NaN weight reaches the logits");
    second.load(decoder);
    ReferenceDecoder reference(second, true);
    for (int32_t i = 0; i < 4; ++i) {
        const DecoderRow row = {0, -1, i, i + 9};
        decoder.step(&row, 1, logits.data());
        expect(distance(logits.data(), reference.step(row.token)) < 0.01, "a reused slot differs from the reference");
    }
    const std::vector<std::pair<DecoderRow, std::string>> wrong = {{{2, -1, 0, 0}, "no slot 2"},
                                                                   {{0, 0, 0, 0}, "no prefix 0"},
                                                                   {{0, -1, 4, 0}, "position 4 of 4"},
                                                                   {{0, -1, 0, 100}, "no token 100"}};
    for (const auto& [row, message] : wrong) {
        const DecoderRow bad = row;
        expect_throws<std::invalid_argument>([&] { decoder.step(&bad, 1, logits.data()); }, message,
                                             "a row out of range");
    }
    const DecoderRow twice[2] = {{0, -1, 0, 0}, {0, -1, 0, 0}};
    expect_throws<std::invalid_argument>([&] { decoder.step(twice, 2, logits.data()); }, "given twice",
                                         "a slot given twice");
    PackedDecoder unset(config, 1, 1);
    expect_throws<std::invalid_argument>([&] { unset.step(twice, 1, logits.data()); }, "set_head",
                                         "a decoder without weights");
}

// --- Sampling

struct Draws {
    std::vector<int32_t> tokens;
    Floats logprobs;
};

Draws draw(const Floats& logits, int64_t rows, float temperature, int64_t top_k, float top_p,
           const std::vector<double>& uniforms) {
    Draws draws{std::vector<int32_t>(static_cast<size_t>(rows)), Floats(static_cast<size_t>(rows))};
    sample(logits.data(), rows, static_cast<int64_t>(logits.size()) / rows, temperature, top_k, top_p, uniforms.data(),
           draws.tokens.data(), draws.logprobs.data());
    return draws;
}

/// What the distribution is by its definition, by sorting.
std::vector<double> distribution(const Floats& logits, double temperature, size_t top_k, double top_p) {
    std::vector<double> p(logits.size());
    double largest = -1e300, sum = 0;
    for (const float l : logits) largest = std::max(largest, static_cast<double>(l));
    for (size_t i = 0; i < p.size(); ++i) p[i] = std::exp((logits[i] - largest) / temperature);
    std::vector<size_t> order(p.size());
    for (size_t i = 0; i < p.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return logits[a] > logits[b]; });
    if (top_k > 0 && top_k < p.size()) {
        for (const size_t i : order)
            if (logits[i] < logits[order[top_k - 1]]) p[i] = 0;
    }
    for (const double v : p) sum += v;
    double mass = 0;
    for (const size_t i : order) {
        if (top_p < 1 && mass >= top_p * sum && mass > 0) p[i] = 0;
        else mass += p[i];
    }
    for (double& v : p) v /= mass;
    return p;
}

void check_distribution(const Floats& logits, float temperature, int64_t top_k, float top_p, const std::string& name) {
    const std::vector<double> expected = distribution(logits, temperature, static_cast<size_t>(top_k), top_p);
    const int64_t rows = 64;
    Floats repeated;
    for (int64_t r = 0; r < rows; ++r) repeated.insert(repeated.end(), logits.begin(), logits.end());
    double total = 0, largest = -1e300;
    for (const float l : logits) largest = std::max(largest, static_cast<double>(l));
    for (const float l : logits) total += std::exp((l - largest) / temperature);
    // Evenly spread uniforms turn the test of a distribution into one of its cumulative sums.
    for (int64_t round = 0; round < 8; ++round) {
        std::vector<double> uniforms;
        for (int64_t r = 0; r < rows; ++r)
            uniforms.push_back((static_cast<double>(round * rows + r) + 0.5) / static_cast<double>(8 * rows));
        const Draws draws = draw(repeated, rows, temperature, top_k, top_p, uniforms);
        for (int64_t r = 0; r < rows; ++r) {
            const size_t token = static_cast<size_t>(draws.tokens[static_cast<size_t>(r)]);
            double below = 0;
            for (size_t i = 0; i < token; ++i) below += expected[i];
            const double u = uniforms[static_cast<size_t>(r)];
            expect(expected[token] > 0 && u > below - 1e-5 && u < below + expected[token] + 1e-5,
                   name + ": a token that the distribution does not give");
            const double logprob = (logits[token] - largest) / temperature - std::log(total);
            expect(std::abs(draws.logprobs[static_cast<size_t>(r)] - logprob) < 2e-5 * std::max(1.0, -logprob),
                   name + ": the log-probability is wrong");
        }
    }
}

void check_sampling() {
    std::mt19937 random(5);
    std::normal_distribution<float> normal(0, 3);
    for (const size_t vocabulary : {size_t{1}, size_t{2}, size_t{15}, size_t{511}, size_t{513}, size_t{5000}}) {
        Floats logits(vocabulary);
        for (float& l : logits) l = normal(random);
        const std::string name = "sampling from " + std::to_string(vocabulary);
        for (const float temperature : {1.0f, 0.6f, 2.0f}) {
            check_distribution(logits, temperature, 0, 1.0f, name);
            check_distribution(logits, temperature, 7, 1.0f, name + ", top-k");
            check_distribution(logits, temperature, 0, 0.9f, name + ", top-p");
            check_distribution(logits, temperature, 40, 0.5f, name + ", top-k and top-p");
            check_distribution(logits, temperature, 0, 0.0f, name + ", top-p 0");
        }
        for (size_t i = 0; i < vocabulary; i += 2) logits[i] = -std::numeric_limits<float>::infinity();
        if (vocabulary > 1) check_distribution(logits, 1.0f, 3, 0.95f, name + ", half ruled out");
    }
    Floats ties(700);
    for (size_t i = 0; i < ties.size(); ++i) ties[i] = i % 2 == 0 ? 0.0f : -0.0f;
    check_distribution(ties, 1.0f, 0, 0.25f, "sampling among ties, top-p");
    check_distribution(ties, 1.0f, 5, 1.0f, "sampling among ties, top-k");

    Floats logits(2000, -1.0f);
    logits[77] = logits[1500] = 4.0f;
    const Draws greedy = draw(logits, 1, 0, 0, 1, {0.999});
    expect(greedy.tokens[0] == 77, "greedy takes the lowest index among ties");
    expect(std::abs(greedy.logprobs[0] + std::log(2 + 1998 * std::exp(-5.0))) < 1e-5,
           "greedy's log-probability is at temperature 1");
    expect(draw(logits, 1, 1, 1, 1, {0.2}).tokens[0] == 77 && draw(logits, 1, 1, 1, 1, {0.8}).tokens[0] == 1500,
           "top-k keeps ties");
    for (const size_t place : {size_t{0}, size_t{17}, size_t{1999}}) {
        for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
            Floats broken = logits;
            broken[place] = bad;
            expect_throws<std::runtime_error>([&] { draw(broken, 1, 1, 0, 1, {0.5}); }, "row 0", "a bad logit");
            expect_throws<std::runtime_error>([&] { draw(broken, 1, 0, 0, 1, {0.5}); }, "row 0", "a bad logit, greedy");
        }
    }
    Floats impossible(10, -std::numeric_limits<float>::infinity());
    expect_throws<std::runtime_error>([&] { draw(impossible, 1, 1, 0, 1, {0.5}); }, "nothing possible",
                                      "no possible token");
    expect_throws<std::invalid_argument>([&] { draw(logits, 1, -1, 0, 1, {0.5}); }, "temperature",
                                         "a negative temperature");
    expect_throws<std::invalid_argument>([&] { draw(logits, 1, 1, 0, 1.5, {0.5}); }, "top_p", "top_p above 1");
    expect_throws<std::invalid_argument>([&] { draw(logits, 1, 1, 0, 1, {1.0}); }, "uniforms", "a uniform of 1");
}

}  // namespace

int main() {
    check_sampling();
    if (PackedDecoder::supported()) {
        // layers, width, heads, kv_heads, head_dim, ffn, vocabulary, rope_base, norm_epsilon, bias, qk_norm
        check_against_reference({"plain", {2, 64, 4, 2, 16, 96, 96, 10000, 1e-5f, false, false}, true, {}, 3, 6});
        check_against_reference(
            {"SmolLM2's heads", {3, 192, 9, 3, 64, 192, 320, 100000, 1e-5f, false, false}, true, {19, 4}, 9, 40});
        check_against_reference(
            {"odd sizes", {2, 75, 3, 1, 32, 101, 203, 10000, 1e-6f, false, false}, false, {1, 33}, 5, 19});
        check_against_reference(
            {"bias (Qwen2)", {2, 112, 7, 1, 64, 150, 130, 1000000, 1e-6f, true, false}, true, {16}, 33, 5});
        check_against_reference(
            {"qk norm (Qwen3)", {2, 96, 4, 2, 128, 160, 150, 1000000, 1e-6f, false, true}, true, {7, 50, 31}, 17, 9});
        check_against_reference(
            {"bias and qk norm", {1, 50, 4, 4, 80, 70, 65, 10000, 1e-5f, true, true}, false, {3}, 11, 35});
        check_against_reference({"head of 6, 30 queries a head",
                                 {2, 34, 30, 1, 6, 40, 33, 10000, 1e-5f, false, false},
                                 false,
                                 {2, 18},
                                 4,
                                 20});
        check_independence();
        check_reuse();
    }
    std::printf("%s\n", failures == 0 ? "all checks passed" : "some checks failed");
    if (failures > 0) return 1;
    return PackedDecoder::supported() ? 0 : 77;
}
