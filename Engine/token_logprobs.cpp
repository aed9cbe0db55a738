// SPDX-License-Identifier: Apache-2.0

#include "fused_ops.h"

#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

#include "cpu_target.h"
#include "gradient_buffers.h"
#include "logprob_kernels.h"

namespace rubrics {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

struct RowStatistics {
    float log_sum;  // log Σ exp(logit / temperature)
    float mean;     // Σ p · logit / temperature
};

template <typename T>
RUBRICS_INLINE RowStatistics statistics(const T* logits, int64_t n, float inverse_temperature) {
    float top = load(logits[0]);
#pragma omp simd reduction(max : top)
    for (int64_t i = 0; i < n; ++i) {
        float x = load(logits[i]);
        top = x > top ? x : top;
    }
    float sum = 0, weighted = 0;
#pragma omp simd reduction(+ : sum, weighted)
    for (int64_t i = 0; i < n; ++i) {
        float x = (load(logits[i]) - top) * inverse_temperature;
        float e = exp_nonpositive(x);
        sum += e;
        weighted += e * x;
    }
    // A NaN among the logits may hide from the maximum; the sum always carries it.
    float shift = top * inverse_temperature;
    return {shift + std::log(sum), shift + weighted / sum};
}

/// logits become d loss / d logits for one row: g · (onehot − p) for the log-probability and −h · p · (log p + H) for
/// the entropy.
template <typename T>
RUBRICS_INLINE void differentiate(T* logits, int64_t n, int64_t target, float inverse_temperature, float log_sum,
                                  float entropy, float g, float h) {
#pragma omp simd
    for (int64_t i = 0; i < n; ++i) {
        float log_p = load(logits[i]) * inverse_temperature - log_sum;
        float p = exp_nonpositive(log_p);
        store(logits[i], -p * (g + h * (log_p + entropy)) * inverse_temperature);
    }
    store(logits[target], load(logits[target]) + g * inverse_temperature);
}

RUBRICS_ROW_KERNEL RowStatistics row_statistics(const float* x, int64_t n, float t) { return statistics(x, n, t); }
RUBRICS_ROW_KERNEL RowStatistics row_statistics(const uint16_t* x, int64_t n, float t) { return statistics(x, n, t); }
RUBRICS_ROW_KERNEL void row_gradient(float* x, int64_t n, int64_t target, float t, float log_sum, float entropy,
                                     float g, float h) {
    differentiate(x, n, target, t, log_sum, entropy, g, h);
}
RUBRICS_ROW_KERNEL void row_gradient(uint16_t* x, int64_t n, int64_t target, float t, float log_sum, float entropy,
                                     float g, float h) {
    differentiate(x, n, target, t, log_sum, entropy, g, h);
}

template <typename Body>
void for_rows(int64_t rows, Body body) {
    at::parallel_for(0, rows, 1, [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row) body(row);
    });
}

/// Log-probabilities and entropies of one chunk, and log Σ exp, each fp32 [token].
struct Chunk {
    at::Tensor logprobs, entropy, log_sum;
};

Chunk chunk_forward(const at::Tensor& logits, const at::Tensor& targets, double temperature) {
    const float inverse = static_cast<float>(1.0 / temperature);
    const int64_t rows = logits.size(0), n = logits.size(1);
    if (!has_row_kernel(logits)) {
        auto scaled = logits.to(at::kFloat) * inverse;
        auto log_sum = at::logsumexp(scaled, 1);
        auto mean = (at::softmax(scaled, 1) * scaled).sum(1);
        return {scaled.gather(1, targets.unsqueeze(1)).squeeze(1) - log_sum, log_sum - mean, log_sum};
    }
    auto options = logits.options().dtype(at::kFloat);
    Chunk result{at::empty({rows}, options), at::empty({rows}, options), at::empty({rows}, options)};
    const int64_t* target = targets.const_data_ptr<int64_t>();
    with_rows(logits, [&](auto* data) {
        for_rows(rows, [&](int64_t row) {
            auto* x = data + row * n;
            RowStatistics found = row_statistics(x, n, inverse);
            result.logprobs.data_ptr<float>()[row] = load(x[target[row]]) * inverse - found.log_sum;
            result.entropy.data_ptr<float>()[row] = found.log_sum - found.mean;
            result.log_sum.data_ptr<float>()[row] = found.log_sum;
        });
    });
    return result;
}

/// Turns `logits` into their gradient.
at::Tensor chunk_backward(at::Tensor logits, const at::Tensor& targets, double temperature, const at::Tensor& log_sum,
                          const at::Tensor& entropy, const at::Tensor& g, const at::Tensor& h) {
    const float inverse = static_cast<float>(1.0 / temperature);
    const int64_t rows = logits.size(0), n = logits.size(1);
    if (!has_row_kernel(logits)) {
        auto log_p = logits.to(at::kFloat) * inverse - log_sum.unsqueeze(1);
        auto gradient = -log_p.exp() * (g.unsqueeze(1) + h.unsqueeze(1) * (log_p + entropy.unsqueeze(1)));
        gradient.scatter_add_(1, targets.unsqueeze(1), g.unsqueeze(1));
        return (gradient * inverse).to(logits.scalar_type());
    }
    const int64_t* target = targets.const_data_ptr<int64_t>();
    with_rows(logits, [&](auto* data) {
        for_rows(rows, [&](int64_t row) {
            row_gradient(data + row * n, n, target[row], inverse, log_sum.const_data_ptr<float>()[row],
                         entropy.const_data_ptr<float>()[row], g.const_data_ptr<float>()[row],
                         h.const_data_ptr<float>()[row]);
        });
    });
    return logits;
}

struct TokenLogprobs : Function<TokenLogprobs> {
    static variable_list forward(AutogradContext* context, const at::Tensor& hidden, const at::Tensor& targets,
                                 const Weight& weight, double temperature, int64_t chunk) {
        std::vector<at::Tensor> logprobs, entropy, log_sums;
        for (int64_t start = 0; start < hidden.size(0); start += chunk) {
            const int64_t rows = std::min(chunk, hidden.size(0) - start);
            auto logits = at::linear(hidden.narrow(0, start, rows), weight.working);
            auto found = chunk_forward(logits, targets.narrow(0, start, rows), temperature);
            logprobs.push_back(found.logprobs);
            entropy.push_back(found.entropy);
            log_sums.push_back(found.log_sum);
        }
        auto entropies = at::cat(entropy);
        context->save_for_backward({hidden});
        context->saved_data["working"] = weight.working;
        context->saved_data["gradient"] = weight.gradient;
        context->saved_data["targets"] = targets;
        context->saved_data["log_sum"] = at::cat(log_sums);
        context->saved_data["entropy"] = entropies.detach().clone();
        context->saved_data["temperature"] = temperature;
        context->saved_data["chunk"] = chunk;
        return {at::cat(logprobs), entropies};
    }

    static variable_list backward(AutogradContext* context, variable_list outputs) {
        auto hidden = context->get_saved_variables()[0];
        auto working = context->saved_data["working"].toTensor();
        auto gradient = context->saved_data["gradient"].toTensor();
        auto targets = context->saved_data["targets"].toTensor();
        auto log_sum = context->saved_data["log_sum"].toTensor();
        auto entropy = context->saved_data["entropy"].toTensor();
        const double temperature = context->saved_data["temperature"].toDouble();
        const int64_t chunk = context->saved_data["chunk"].toInt();
        auto g = outputs[0].defined() ? outputs[0].contiguous() : at::zeros_like(log_sum);
        auto h = outputs[1].defined() ? outputs[1].contiguous() : at::zeros_like(log_sum);

        auto dhidden = at::empty_like(hidden);
        for (int64_t start = 0; start < hidden.size(0); start += chunk) {
            const int64_t rows = std::min(chunk, hidden.size(0) - start);
            auto part = [&](const at::Tensor& x) { return x.narrow(0, start, rows); };
            auto logits = at::linear(part(hidden), working);
            auto dlogits =
                chunk_backward(logits, part(targets), temperature, part(log_sum), part(entropy), part(g), part(h));
            dhidden.narrow(0, start, rows).copy_(at::mm(dlogits, working));
            if (gradient.defined()) gradient.add_(at::mm(dlogits.t(), part(hidden)));
        }
        return {dhidden, {}, {}, {}, {}};
    }
};

// MARK: Through the kernels

/// The most bytes of exponentials kept for the backward pass; beyond them it computes the logits again.
constexpr int64_t kept_bytes = int64_t{512} << 20;

LogprobInputs logprob_inputs(const at::Tensor& hidden, const at::Tensor& working, const at::Tensor& targets,
                             double temperature) {
    return {hidden.size(0),
            hidden.size(1),
            working.size(0),
            static_cast<const uint16_t*>(hidden.const_data_ptr()),
            static_cast<const uint16_t*>(working.const_data_ptr()),
            targets.const_data_ptr<int64_t>(),
            static_cast<float>(1.0 / temperature)};
}

LogprobRows logprob_rows(const at::Tensor& logprobs, const at::Tensor& entropy, const at::Tensor& log_sums) {
    return {logprobs.data_ptr<float>(), entropy.data_ptr<float>(), log_sums.data_ptr<float>()};
}

KeptWeights kept_weights(const at::Tensor& weights, const at::Tensor& tops) {
    if (!weights.defined()) return {nullptr, nullptr};
    return {static_cast<uint16_t*>(weights.data_ptr()), tops.data_ptr<float>()};
}

struct KernelTokenLogprobs : Function<KernelTokenLogprobs> {
    static variable_list forward(AutogradContext* context, const at::Tensor& hidden, const at::Tensor& targets,
                                 const at::Tensor&, const Weight& weight, double temperature, bool keep) {
        const LogprobInputs inputs = logprob_inputs(hidden, weight.working, targets, temperature);
        auto row = [&] { return at::empty({inputs.rows}, at::kFloat); };
        auto logprobs = row(), entropy = row(), log_sums = row();
        at::Tensor weights, tops;
        if (keep) {
            weights = at::empty({inputs.rows, inputs.vocabulary}, at::kBFloat16);
            tops = at::empty({inputs.slices(), inputs.rows}, at::kFloat);
        }
        logprobs_forward(inputs, logprob_rows(logprobs, entropy, log_sums), kept_weights(weights, tops));
        context->set_materialize_grads(false);
        context->save_for_backward({hidden, targets, logprobs, entropy});
        context->saved_data["log_sums"] = log_sums;
        context->saved_data["working"] = weight.working;
        context->saved_data["gradient"] = weight.gradient;
        context->saved_data["temperature"] = temperature;
        context->saved_data["weights"] = weights;
        context->saved_data["tops"] = tops;
        return {logprobs, entropy};
    }

    static variable_list backward(AutogradContext* context, variable_list outputs) {
        auto saved = context->get_saved_variables();
        const auto& hidden = saved[0];
        auto working = context->saved_data["working"].toTensor();
        auto gradient = context->saved_data["gradient"].toTensor();
        const LogprobInputs inputs =
            logprob_inputs(hidden, working, saved[1], context->saved_data["temperature"].toDouble());
        auto g = outputs[0].defined() ? outputs[0].contiguous() : at::zeros({inputs.rows}, at::kFloat);
        auto h = outputs[1].defined() ? outputs[1].contiguous() : at::Tensor();
        auto dhidden = at::empty_like(hidden);
        logprobs_backward(
            inputs, logprob_rows(saved[2], saved[3], context->saved_data["log_sums"].toTensor()),
            kept_weights(context->saved_data["weights"].toTensor(), context->saved_data["tops"].toTensor()),
            {g.const_data_ptr<float>(), h.defined() ? h.const_data_ptr<float>() : nullptr},
            static_cast<uint16_t*>(dhidden.data_ptr()), gradient.defined() ? gradient.data_ptr<float>() : nullptr);
        return {dhidden, {}, {}, {}, {}, {}};
    }
};

bool has_logprob_kernel(const at::Tensor& hidden, const Weight& weight) {
    auto fits = [](const at::Tensor& x, at::ScalarType type) {
        return x.device().is_cpu() && x.scalar_type() == type && x.is_contiguous();
    };
    return fits(hidden, at::kBFloat16) && fits(weight.working, at::kBFloat16) && hidden.size(1) % 2 == 0 &&
           hidden.size(0) > 0 && (!weight.trained() || fits(weight.gradient, at::kFloat)) && cpu_runs_kernels();
}

std::pair<at::Tensor, at::Tensor> kernel_logprobs(const at::Tensor& hidden, const Weight& weight,
                                                  const at::Tensor& targets, double temperature) {
    const bool differentiable = at::GradMode::is_enabled() && (hidden.requires_grad() || weight.trained());
    const int64_t bytes = hidden.size(0) * weight.working.size(0) * 2;
    auto results = KernelTokenLogprobs::apply(hidden, targets, anchor_for(weight.trained(), hidden), weight,
                                              temperature, differentiable && bytes <= kept_bytes);
    return {results[0], results[1]};
}

}  // namespace

std::pair<at::Tensor, at::Tensor> token_logprobs(const at::Tensor& hidden, const Weight& weight,
                                                 const at::Tensor& targets, double temperature, int64_t chunk) {
    TORCH_CHECK(hidden.dim() == 2 && hidden.size(1) == weight.working.size(1), "token log-probabilities of hidden ",
                hidden.sizes(), " by an output matrix of ", weight.working.sizes());
    TORCH_CHECK(targets.dim() == 1 && targets.size(0) == hidden.size(0), "token log-probabilities of ", hidden.size(0),
                " positions for targets of ", targets.sizes());
    if (targets.numel() > 0) {
        // The row kernels index by target, unchecked.
        auto [least, most] = at::aminmax(targets);
        for (int64_t target : {least.item<int64_t>(), most.item<int64_t>()}) {
            TORCH_CHECK(target >= 0 && target < weight.working.size(0), "token log-probability of target ", target,
                        " in a vocabulary of ", weight.working.size(0));
        }
    }
    TORCH_CHECK(temperature > 0 && chunk > 0, "token log-probabilities at temperature ", temperature, " in chunks of ",
                chunk);
    if (has_logprob_kernel(hidden.contiguous(), weight)) {
        return kernel_logprobs(hidden.contiguous(), weight, targets.contiguous(), temperature);
    }
    auto results = TokenLogprobs::apply(hidden.contiguous(), targets.contiguous(), weight, temperature, chunk);
    return {results[0], results[1]};
}

}  // namespace rubrics
