// SPDX-License-Identifier: Apache-2.0

#include <torch/csrc/autograd/custom_function.h>

#include "cpu_target.h"
#include "fused_ops.h"
#include "gradient_buffers.h"
#include "training_products.h"

namespace rubrics {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

const uint16_t* bf16(const at::Tensor& x) { return static_cast<const uint16_t*>(x.const_data_ptr()); }
uint16_t* mutable_bf16(const at::Tensor& x) { return static_cast<uint16_t*>(x.data_ptr()); }

/// Fewer rows are not worth laying a matrix out for.
constexpr int64_t kernel_rows = 32;

LinearSizes linear_sizes(const at::Tensor& x, const at::Tensor& working) {
    return {x.numel() / std::max<int64_t>(x.size(-1), 1), working.size(1), working.size(0)};
}

bool has_linear_kernel(const at::Tensor& x, const at::Tensor& working) {
    auto fits = [](const at::Tensor& t) { return t.device().is_cpu() && t.scalar_type() == at::kBFloat16; };
    if (!fits(x) || !fits(working) || !working.is_contiguous() || x.size(-1) != working.size(1)) return false;
    const LinearSizes sizes = linear_sizes(x, working);
    return sizes.rows >= kernel_rows && sizes.has_kernel() && cpu_runs_kernels();
}

at::Tensor linear_product(const at::Tensor& x, const at::Tensor& working, const at::Tensor& bias) {
    if (!has_linear_kernel(x, working)) {
        return at::linear(x, working, bias.defined() ? bias.to(x.scalar_type()) : at::Tensor());
    }
    auto shape = x.sizes().vec();
    shape.back() = working.size(0);
    auto rows = x.contiguous(), y = at::empty(shape, x.options());
    at::Tensor wide = bias.defined() ? bias.to(at::kFloat).contiguous() : at::Tensor();
    linear_forward(linear_sizes(x, working), bf16(rows), bf16(working),
                   wide.defined() ? wide.const_data_ptr<float>() : nullptr, mutable_bf16(y));
    return y;
}

/// Adds to `gradient` where it is defined, and gives the input's gradient where it is needed.
at::Tensor linear_gradients(const at::Tensor& x, const at::Tensor& dy, const at::Tensor& working,
                            const at::Tensor& gradient, bool needs_x) {
    const bool direct = dy.scalar_type() == at::kBFloat16 && has_linear_kernel(x, working) &&
                        (!gradient.defined() || (gradient.is_contiguous() && gradient.scalar_type() == at::kFloat));
    if (!direct) {
        if (gradient.defined()) add_to(gradient, at::mm(flat(dy).t(), flat(x)));
        return needs_x ? at::matmul(dy, working) : at::Tensor();
    }
    auto rows = x.contiguous(), dense = dy.contiguous();
    auto dx = needs_x ? at::empty(x.sizes(), x.options()) : at::Tensor();
    linear_backward(linear_sizes(x, working), bf16(rows), bf16(working), bf16(dense),
                    needs_x ? mutable_bf16(dx) : nullptr, gradient.defined() ? gradient.data_ptr<float>() : nullptr);
    return dx;
}

struct Linear : Function<Linear> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor&, const Weight& weight,
                              const Weight& bias) {
        context->saved_data["x"] = x;
        context->saved_data["working"] = weight.working;
        context->saved_data["gradient"] = weight.gradient;
        context->saved_data["bias_gradient"] = bias.gradient;
        context->saved_data["needs_x"] = x.requires_grad();
        return linear_product(x, weight.working, bias.working);
    }

    static variable_list backward(AutogradContext* context, variable_list outputs) {
        auto dy = outputs[0];
        auto bias_gradient = context->saved_data["bias_gradient"].toTensor();
        if (bias_gradient.defined()) add_to(bias_gradient, at::sum(flat(dy), {0}, false, at::kFloat));
        auto dx = linear_gradients(context->saved_data["x"].toTensor(), dy, context->saved_data["working"].toTensor(),
                                   context->saved_data["gradient"].toTensor(), context->saved_data["needs_x"].toBool());
        return {dx, {}, {}, {}};
    }
};

}  // namespace

at::Tensor linear(const at::Tensor& x, const Weight& weight, const Weight& bias) {
    return Linear::apply(x, anchor_for(weight.trained(), x), weight, bias);
}

}  // namespace rubrics
