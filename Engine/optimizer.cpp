// SPDX-License-Identifier: Apache-2.0

#include "optimizer.h"

#include <cmath>
#include <vector>

namespace rubrics {
namespace {

constexpr int64_t kBlock = 1 << 14;

struct Coefficients {
    float decay, beta1, beta2, step_size, root_correction, epsilon, scale;
};

template <typename T>
RUBRICS_INLINE void update(float* p, const float* g, float* m, float* v, T* working, int64_t n, Coefficients c) {
#pragma omp simd
    for (int64_t i = 0; i < n; ++i) {
        float gradient = g[i] * c.scale;
        float first = c.beta1 * m[i] + (1.0f - c.beta1) * gradient;
        float second = c.beta2 * v[i] + (1.0f - c.beta2) * gradient * gradient;
        float value = p[i] * c.decay - c.step_size * first / (std::sqrt(second) * c.root_correction + c.epsilon);
        m[i] = first;
        v[i] = second;
        p[i] = value;
        if (working) store(working[i], value);
    }
}

RUBRICS_ROW_KERNEL void update_block(float* p, const float* g, float* m, float* v, float* working, int64_t n,
                                     Coefficients c) {
    update(p, g, m, v, working, n, c);
}
RUBRICS_ROW_KERNEL void update_block(float* p, const float* g, float* m, float* v, uint16_t* working, int64_t n,
                                     Coefficients c) {
    update(p, g, m, v, working, n, c);
}

RUBRICS_ROW_KERNEL double sum_of_squares(const float* g, int64_t n) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < n; ++i) sum += static_cast<double>(g[i]) * g[i];
    return sum;
}

/// The same arithmetic through libtorch, for devices without a row kernel.
void composite(const rubrics_adamw_parameter& parameter, Coefficients c) {
    auto p = unwrap(parameter.master), m = unwrap(parameter.first_moment), v = unwrap(parameter.second_moment);
    auto g = unwrap(parameter.gradient) * c.scale;
    m.mul_(c.beta1).add_(g, 1.0 - c.beta1);
    v.mul_(c.beta2).addcmul_(g, g, 1.0 - c.beta2);
    p.mul_(c.decay).addcdiv_(m, v.sqrt().mul_(c.root_correction).add_(c.epsilon), -c.step_size);
    if (parameter.working) unwrap(parameter.working).copy_(p);
}

bool on_cpu_in_fp32(const rubrics_adamw_parameter& parameter) {
    for (auto tensor : {parameter.master, parameter.gradient, parameter.first_moment, parameter.second_moment}) {
        const auto& value = unwrap(tensor);
        TORCH_CHECK(value.scalar_type() == at::kFloat && value.is_contiguous() &&
                        value.numel() == unwrap(parameter.master).numel(),
                    "AdamW needs contiguous fp32 tensors of one size, got ", value.scalar_type(), " ", value.sizes());
        if (!value.device().is_cpu()) return false;
    }
    return !parameter.working || has_row_kernel(unwrap(parameter.working));
}

void step_on_cpu(const rubrics_adamw_parameter& parameter, Coefficients c) {
    float* p = unwrap(parameter.master).data_ptr<float>();
    const float* g = unwrap(parameter.gradient).const_data_ptr<float>();
    float* m = unwrap(parameter.first_moment).data_ptr<float>();
    float* v = unwrap(parameter.second_moment).data_ptr<float>();
    const int64_t total = unwrap(parameter.master).numel();
    auto blocks = [&](auto* working) {
        at::parallel_for(0, (total + kBlock - 1) / kBlock, 1, [&](int64_t first, int64_t last) {
            for (int64_t at = first * kBlock; at < std::min(total, last * kBlock); at += kBlock) {
                update_block(p + at, g + at, m + at, v + at, working ? working + at : nullptr,
                             std::min(kBlock, total - at), c);
            }
        });
    };
    if (parameter.working) {
        with_rows(unwrap(parameter.working), blocks);
    } else {
        blocks(static_cast<float*>(nullptr));
    }
}

}  // namespace

double gradient_norm(const rubrics_tensor* gradients, int64_t count) {
    double total = 0;
    for (int64_t i = 0; i < count; ++i) {
        const auto& gradient = unwrap(gradients[i]);
        if (!gradient.device().is_cpu() || gradient.scalar_type() != at::kFloat || !gradient.is_contiguous()) {
            double norm = gradient.to(at::kDouble).norm().item<double>();
            total += norm * norm;
            continue;
        }
        const float* data = gradient.const_data_ptr<float>();
        const int64_t n = gradient.numel(), blocks = (n + kBlock - 1) / kBlock;
        std::vector<double> sums(blocks);
        at::parallel_for(0, blocks, 1, [&](int64_t first, int64_t last) {
            for (int64_t b = first; b < last; ++b) {
                sums[b] = sum_of_squares(data + b * kBlock, std::min(kBlock, n - b * kBlock));
            }
        });
        for (double sum : sums) total += sum;
    }
    return std::sqrt(total);
}

void adamw(const rubrics_adamw_parameter* parameters, int64_t count, const rubrics_adamw_options& options) {
    at::NoGradGuard no_gradients;
    const double correction1 = 1.0 - std::pow(options.beta1, static_cast<double>(options.step));
    const double correction2 = 1.0 - std::pow(options.beta2, static_cast<double>(options.step));
    const Coefficients c{static_cast<float>(1.0 - options.learning_rate * options.weight_decay),
                         static_cast<float>(options.beta1),
                         static_cast<float>(options.beta2),
                         static_cast<float>(options.learning_rate / correction1),
                         static_cast<float>(1.0 / std::sqrt(correction2)),
                         static_cast<float>(options.epsilon),
                         static_cast<float>(options.gradient_scale)};
    for (int64_t i = 0; i < count; ++i) {
        if (on_cpu_in_fp32(parameters[i])) {
            step_on_cpu(parameters[i], c);
        } else {
            composite(parameters[i], c);
        }
    }
}

}  // namespace rubrics
