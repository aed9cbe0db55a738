// SPDX-License-Identifier: Apache-2.0

#include "fused_ops.h"

#include <torch/csrc/autograd/custom_function.h>

#include <vector>

#include "gradient_buffers.h"

namespace rubrics {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

namespace {

struct Embedding : Function<Embedding> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor&, const at::Tensor& ids,
                              const Weight& weight) {
        context->saved_data["ids"] = ids;
        context->saved_data["gradient"] = weight.gradient;
        return at::embedding(weight.working, ids);
    }

    static variable_list backward(AutogradContext* context, variable_list outputs) {
        auto gradient = context->saved_data["gradient"].toTensor();
        auto ids = context->saved_data["ids"].toTensor().reshape({-1});
        gradient.index_add_(0, ids, flat(outputs[0]).to(at::kFloat));
        return {{}, {}, {}};
    }
};

// MARK: RMSNorm

template <typename T>
RUBRICS_INLINE void rms_rows(const T* x, const float* weight, T* y, float* rstd, int64_t rows, int64_t width,
                             float epsilon) {
    for (int64_t row = 0; row < rows; ++row, x += width, y += width) {
        float squares = 0;
#pragma omp simd reduction(+ : squares)
        for (int64_t i = 0; i < width; ++i) squares += load(x[i]) * load(x[i]);
        float scale = 1.0f / std::sqrt(squares / static_cast<float>(width) + epsilon);
        rstd[row] = scale;
#pragma omp simd
        for (int64_t i = 0; i < width; ++i) store(y[i], load(x[i]) * scale * weight[i]);
    }
}

RUBRICS_ROW_KERNEL void rms_forward(const float* x, const float* w, float* y, float* rstd, int64_t rows, int64_t width,
                                    float epsilon) {
    rms_rows(x, w, y, rstd, rows, width, epsilon);
}
RUBRICS_ROW_KERNEL void rms_forward(const uint16_t* x, const float* w, uint16_t* y, float* rstd, int64_t rows,
                                    int64_t width, float epsilon) {
    rms_rows(x, w, y, rstd, rows, width, epsilon);
}

template <typename T>
RUBRICS_INLINE void rms_backward_rows(const T* x, const T* dy, const float* weight, const float* rstd, T* dx,
                                      float* dweight, int64_t rows, int64_t width) {
    for (int64_t row = 0; row < rows; ++row, x += width, dy += width, dx += width) {
        float scale = rstd[row];
        float projection = 0;
#pragma omp simd reduction(+ : projection)
        for (int64_t i = 0; i < width; ++i) projection += load(dy[i]) * weight[i] * load(x[i]);
        projection *= scale * scale / static_cast<float>(width);
#pragma omp simd
        for (int64_t i = 0; i < width; ++i) {
            dweight[i] += load(dy[i]) * load(x[i]) * scale;
            store(dx[i], scale * (load(dy[i]) * weight[i] - load(x[i]) * projection));
        }
    }
}

RUBRICS_ROW_KERNEL void rms_backward(const float* x, const float* dy, const float* w, const float* rstd, float* dx,
                                     float* dw, int64_t rows, int64_t width) {
    rms_backward_rows(x, dy, w, rstd, dx, dw, rows, width);
}
RUBRICS_ROW_KERNEL void rms_backward(const uint16_t* x, const uint16_t* dy, const float* w, const float* rstd,
                                     uint16_t* dx, float* dw, int64_t rows, int64_t width) {
    rms_backward_rows(x, dy, w, rstd, dx, dw, rows, width);
}

/// Splits `rows` in one fixed piece a thread: `body(piece, begin, end)`. The pieces do not depend on timing.
template <typename Body>
void for_pieces(int64_t rows, Body body) {
    const int64_t pieces = std::min<int64_t>(at::get_num_threads(), std::max<int64_t>(rows, 1));
    at::parallel_for(0, pieces, 1, [&](int64_t first, int64_t last) {
        for (int64_t piece = first; piece < last; ++piece) {
            body(piece, rows * piece / pieces, rows * (piece + 1) / pieces);
        }
    });
}

struct RMSNorm : Function<RMSNorm> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& input, const at::Tensor&,
                              const Weight& weight, double epsilon) {
        auto x = input.contiguous();
        auto rows = flat(x);
        at::Tensor y, rstd;
        if (has_row_kernel(x)) {
            y = at::empty_like(x);
            rstd = at::empty({rows.size(0)}, at::kFloat);
            with_rows(x, [&](auto* data) {
                for_pieces(rows.size(0), [&](int64_t, int64_t begin, int64_t end) {
                    int64_t width = x.size(-1);
                    rms_forward(data + begin * width, weight.working.const_data_ptr<float>(),
                                static_cast<decltype(data)>(y.data_ptr()) + begin * width,
                                rstd.data_ptr<float>() + begin, end - begin, width, static_cast<float>(epsilon));
                });
            });
        } else {
            auto wide = rows.to(at::kFloat);
            rstd = at::rsqrt(wide.square().mean(-1) + epsilon);
            y = (wide * rstd.unsqueeze(-1) * weight.working).to(x.scalar_type()).reshape_as(x);
        }
        context->save_for_backward({x, rstd});
        context->saved_data["weight"] = weight.working;
        context->saved_data["gradient"] = weight.gradient;
        return y;
    }

    static variable_list backward(AutogradContext* context, variable_list outputs) {
        auto saved = context->get_saved_variables();
        auto x = saved[0], rstd = saved[1];
        auto weight = context->saved_data["weight"].toTensor();
        auto gradient = context->saved_data["gradient"].toTensor();
        auto dy = outputs[0].to(x.scalar_type()).contiguous();
        return {
            has_row_kernel(x) ? row_kernel(x, dy, weight, rstd, gradient) : composite(x, dy, weight, rstd, gradient),
            {},
            {},
            {}};
    }

    static at::Tensor row_kernel(const at::Tensor& x, const at::Tensor& dy, const at::Tensor& weight,
                                 const at::Tensor& rstd, const at::Tensor& gradient) {
        const int64_t width = x.size(-1), rows = rstd.size(0);
        auto dx = at::empty_like(x);
        auto partial = at::zeros({at::get_num_threads(), width}, at::kFloat);
        with_rows(x, [&](auto* data) {
            using Element = decltype(data);
            for_pieces(rows, [&](int64_t piece, int64_t begin, int64_t end) {
                rms_backward(data + begin * width, static_cast<Element>(dy.data_ptr()) + begin * width,
                             weight.const_data_ptr<float>(), rstd.data_ptr<float>() + begin,
                             static_cast<Element>(dx.data_ptr()) + begin * width,
                             partial.data_ptr<float>() + piece * width, end - begin, width);
            });
        });
        add_to(gradient, partial.sum(0));
        return dx;
    }

    static at::Tensor composite(const at::Tensor& x, const at::Tensor& dy, const at::Tensor& weight,
                                const at::Tensor& rstd, const at::Tensor& gradient) {
        auto scale = rstd.unsqueeze(-1);
        auto normal = flat(x).to(at::kFloat) * scale;
        auto wide = flat(dy).to(at::kFloat);
        if (gradient.defined()) add_to(gradient, (wide * normal).sum(0));
        auto weighted = wide * weight;
        auto dx = scale * (weighted - normal * (weighted * normal).mean(-1, true));
        return dx.to(x.scalar_type()).reshape_as(x);
    }
};

// MARK: RoPE

template <typename T>
RUBRICS_INLINE void rope_token(const T* x, int64_t head_stride, const float* cosines, const float* sines, float sign,
                               T* y, int64_t heads, int64_t half) {
    for (int64_t head = 0; head < heads; ++head, x += head_stride, y += 2 * half) {
#pragma omp simd
        for (int64_t i = 0; i < half; ++i) {
            float a = load(x[i]), b = load(x[i + half]), c = cosines[i], s = sign * sines[i];
            store(y[i], a * c - b * s);
            store(y[i + half], b * c + a * s);
        }
    }
}

RUBRICS_ROW_KERNEL void rope_row(const float* x, int64_t stride, const float* c, const float* s, float sign, float* y,
                                 int64_t heads, int64_t half) {
    rope_token(x, stride, c, s, sign, y, heads, half);
}
RUBRICS_ROW_KERNEL void rope_row(const uint16_t* x, int64_t stride, const float* c, const float* s, float sign,
                                 uint16_t* y, int64_t heads, int64_t half) {
    rope_token(x, stride, c, s, sign, y, heads, half);
}

at::Tensor rotate(const at::Tensor& input, const at::Tensor& cosines, const at::Tensor& sines, float sign) {
    const int64_t heads = input.size(1), half = input.size(2) / 2;
    if (!has_row_kernel(input)) {
        auto a = input.narrow(-1, 0, half).to(at::kFloat), b = input.narrow(-1, half, half).to(at::kFloat);
        auto c = cosines.unsqueeze(1), s = sines.unsqueeze(1) * sign;
        return at::cat({a * c - b * s, b * c + a * s}, -1).to(input.scalar_type());
    }
    auto x = input.stride(-1) == 1 ? input : input.contiguous();
    auto y = at::empty(x.sizes(), x.options());
    with_rows(x, [&](auto* data) {
        for_pieces(x.size(0), [&](int64_t, int64_t begin, int64_t end) {
            for (int64_t token = begin; token < end; ++token) {
                rope_row(data + token * x.stride(0), x.stride(1), cosines.const_data_ptr<float>() + token * half,
                         sines.const_data_ptr<float>() + token * half, sign,
                         static_cast<decltype(data)>(y.data_ptr()) + token * heads * 2 * half, heads, half);
            }
        });
    });
    return y;
}

struct RoPE : Function<RoPE> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& cosines,
                              const at::Tensor& sines) {
        context->saved_data["cosines"] = cosines;
        context->saved_data["sines"] = sines;
        return rotate(x, cosines, sines, 1.0f);
    }

    static variable_list backward(AutogradContext* context, variable_list outputs) {
        return {rotate(outputs[0], context->saved_data["cosines"].toTensor(), context->saved_data["sines"].toTensor(),
                       -1.0f),
                {},
                {}};
    }
};

// MARK: SwiGLU

template <typename T>
RUBRICS_INLINE void swiglu_one(const T* gate_up, T* y, int64_t n) {
#pragma omp simd
    for (int64_t i = 0; i < n; ++i) {
        float gate = load(gate_up[i]);
        store(y[i], gate * sigmoid(gate) * load(gate_up[n + i]));
    }
}

template <typename T>
RUBRICS_INLINE void swiglu_backward_one(const T* gate_up, const T* dy, T* dx, int64_t n) {
#pragma omp simd
    for (int64_t i = 0; i < n; ++i) {
        float gate = load(gate_up[i]), up = load(gate_up[n + i]), d = load(dy[i]);
        float s = sigmoid(gate);
        store(dx[i], d * up * s * (1.0f + gate * (1.0f - s)));
        store(dx[n + i], d * gate * s);
    }
}

RUBRICS_ROW_KERNEL void swiglu_row(const float* x, float* y, int64_t n) { swiglu_one(x, y, n); }
RUBRICS_ROW_KERNEL void swiglu_row(const uint16_t* x, uint16_t* y, int64_t n) { swiglu_one(x, y, n); }
RUBRICS_ROW_KERNEL void swiglu_backward_row(const float* x, const float* dy, float* dx, int64_t n) {
    swiglu_backward_one(x, dy, dx, n);
}
RUBRICS_ROW_KERNEL void swiglu_backward_row(const uint16_t* x, const uint16_t* dy, uint16_t* dx, int64_t n) {
    swiglu_backward_one(x, dy, dx, n);
}

struct SwiGLU : Function<SwiGLU> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& input) {
        auto x = input.contiguous();
        context->save_for_backward({x});
        const int64_t n = x.size(1) / 2;
        if (!has_row_kernel(x)) return at::silu(x.narrow(1, 0, n)) * x.narrow(1, n, n);
        auto y = at::empty({x.size(0), n}, x.options());
        with_rows(x, [&](auto* data) {
            for_pieces(x.size(0), [&](int64_t, int64_t begin, int64_t end) {
                for (int64_t row = begin; row < end; ++row) {
                    swiglu_row(data + row * 2 * n, static_cast<decltype(data)>(y.data_ptr()) + row * n, n);
                }
            });
        });
        return y;
    }

    static variable_list backward(AutogradContext* context, variable_list outputs) {
        auto x = context->get_saved_variables()[0];
        auto dy = outputs[0].to(x.scalar_type()).contiguous();
        const int64_t n = x.size(1) / 2;
        if (!has_row_kernel(x)) {
            auto gate = x.narrow(1, 0, n).to(at::kFloat), up = x.narrow(1, n, n).to(at::kFloat);
            auto s = at::sigmoid(gate), d = dy.to(at::kFloat);
            return {at::cat({d * up * s * (1 + gate * (1 - s)), d * gate * s}, 1).to(x.scalar_type())};
        }
        auto dx = at::empty_like(x);
        with_rows(x, [&](auto* data) {
            using Element = decltype(data);
            for_pieces(x.size(0), [&](int64_t, int64_t begin, int64_t end) {
                for (int64_t row = begin; row < end; ++row) {
                    swiglu_backward_row(data + row * 2 * n, static_cast<Element>(dy.data_ptr()) + row * n,
                                        static_cast<Element>(dx.data_ptr()) + row * 2 * n, n);
                }
            });
        });
        return {dx};
    }
};

}  // namespace

at::Tensor embedding(const at::Tensor& ids, const Weight& weight) {
    if (!weight.trained()) return at::embedding(weight.working, ids);
    return Embedding::apply(anchor_for(true), ids, weight);
}

at::Tensor rms_norm(const at::Tensor& x, const Weight& weight, double epsilon) {
    TORCH_CHECK(x.size(-1) == weight.working.size(0), "rms_norm of ", x.sizes(), " by a weight of ",
                weight.working.sizes());
    return RMSNorm::apply(x, anchor_for(weight.trained(), x), weight, epsilon);
}

at::Tensor rope(const at::Tensor& x, const at::Tensor& cosines, const at::Tensor& sines) {
    TORCH_CHECK(x.dim() == 3 && cosines.size(0) == x.size(0) && 2 * cosines.size(1) == x.size(2), "rope of ", x.sizes(),
                " by tables of ", cosines.sizes());
    return RoPE::apply(x, cosines, sines);
}

at::Tensor swiglu(const at::Tensor& gate_up) {
    TORCH_CHECK(gate_up.dim() == 2 && gate_up.size(1) % 2 == 0, "swiglu of ", gate_up.sizes());
    return SwiGLU::apply(gate_up);
}

}  // namespace rubrics
