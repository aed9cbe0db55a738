// SPDX-License-Identifier: Apache-2.0

#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "cpu_target.h"
#include "fused_ops.h"
#include "group_attention_kernels.h"

namespace rubrics {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

// MARK: Through libtorch's attention

/// [token, head, d] to the [batch, head, token, d] that libtorch's attention takes.
at::Tensor batched(const at::Tensor& x) { return x.unsqueeze(0).transpose(1, 2); }

/// Positions of every completion's tokens in the packed sequence, each completion padded to the longest with its own
/// first token; [completion * longest].
at::Tensor padded_positions(int64_t prompt, at::IntArrayRef lengths, int64_t longest) {
    std::vector<int64_t> positions;
    positions.reserve(lengths.size() * longest);
    int64_t start = prompt;
    for (int64_t length : lengths) {
        for (int64_t i = 0; i < longest; ++i) positions.push_back(start + (i < length ? i : 0));
        start += length;
    }
    return at::tensor(positions, at::kLong);
}

/// Where each packed completion token stands in the padded layout; [token].
at::Tensor packed_positions(at::IntArrayRef lengths, int64_t longest) {
    std::vector<int64_t> positions;
    for (size_t row = 0; row < lengths.size(); ++row) {
        for (int64_t i = 0; i < lengths[row]; ++i) positions.push_back(static_cast<int64_t>(row) * longest + i);
    }
    return at::tensor(positions, at::kLong);
}

/// 0 where token i of a completion may look (the whole prompt and its own past), -inf elsewhere; [longest, prompt +
/// longest].
at::Tensor completion_mask(int64_t prompt, int64_t longest, const at::Tensor& like) {
    auto mask = at::full({longest, longest}, -std::numeric_limits<float>::infinity(), at::kFloat).triu(1);
    return at::cat({at::zeros({longest, prompt}, at::kFloat), mask}, 1).to(like.options());
}

/// The same through libtorch's own attention, for other devices and CPUs.
at::Tensor composite(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t prompt,
                     at::IntArrayRef lengths) {
    const int64_t heads = q.size(1), kv_heads = k.size(1), d = q.size(2);
    const int64_t rows = static_cast<int64_t>(lengths.size());
    std::vector<at::Tensor> outputs;
    if (prompt > 0) {
        auto seen = at::scaled_dot_product_attention(batched(q.narrow(0, 0, prompt)), batched(k.narrow(0, 0, prompt)),
                                                     batched(v.narrow(0, 0, prompt)), {}, 0.0, true, std::nullopt,
                                                     heads != kv_heads);
        outputs.push_back(seen.transpose(1, 2).reshape({prompt, heads * d}));
    }
    if (rows > 0) {
        const int64_t longest = *std::max_element(lengths.begin(), lengths.end());
        auto padded = padded_positions(prompt, lengths, longest).to(q.device());
        auto spread = [&](const at::Tensor& x, int64_t count) {
            return x.index_select(0, padded).view({rows, longest, count, d}).transpose(1, 2);
        };
        auto with_prompt = [&](const at::Tensor& x) {
            auto shared = batched(x.narrow(0, 0, prompt)).expand({rows, kv_heads, prompt, d});
            return at::cat({shared, spread(x, kv_heads)}, 2);
        };
        auto seen = at::scaled_dot_product_attention(spread(q, heads), with_prompt(k), with_prompt(v),
                                                     completion_mask(prompt, longest, q), 0.0, false, std::nullopt,
                                                     heads != kv_heads);
        auto rectangular = seen.transpose(1, 2).reshape({rows * longest, heads * d});
        bool ragged = rows * longest != q.size(0) - prompt;
        outputs.push_back(ragged ? rectangular.index_select(0, packed_positions(lengths, longest).to(q.device()))
                                 : rectangular);
    }
    return outputs.size() == 1 ? outputs[0] : at::cat(outputs, 0);
}

// MARK: Through the kernels

/// Heads of d neighbouring elements, as the kernels read them.
at::Tensor with_rows_of_d(const at::Tensor& x) { return x.stride(2) == 1 ? x : x.contiguous(); }

template <typename T>
HeadRows<const T> read(const at::Tensor& x) {
    return {static_cast<const T*>(x.const_data_ptr()), x.stride(0), x.stride(1)};
}

template <typename T>
HeadRows<T> write(const at::Tensor& x) {
    return {static_cast<T*>(x.data_ptr()), x.stride(0), x.stride(1)};
}

GroupSizes sizes_of(const at::Tensor& q, const at::Tensor& k, int64_t prompt, at::IntArrayRef lengths) {
    return {prompt, lengths.vec(), q.size(1), k.size(1), q.size(2), 1.0f / std::sqrt(static_cast<float>(q.size(2)))};
}

struct GroupAttention : Function<GroupAttention> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& queries, const at::Tensor& keys,
                              const at::Tensor& values, int64_t prompt, std::vector<int64_t> lengths) {
        auto q = with_rows_of_d(queries), k = with_rows_of_d(keys), v = with_rows_of_d(values);
        auto out = at::empty(q.sizes(), q.options());
        auto log_sums = at::empty({q.size(0), q.size(1)}, q.options().dtype(at::kFloat));
        const GroupSizes sizes = sizes_of(q, k, prompt, lengths);
        with_rows(out, [&](auto* data) {
            using T = std::remove_pointer_t<decltype(data)>;
            group_attention_forward(sizes, read<T>(q), read<T>(k), read<T>(v), write<T>(out),
                                    log_sums.data_ptr<float>());
        });
        context->save_for_backward({q, k, v, log_sums});
        context->saved_data["prompt"] = prompt;
        context->saved_data["lengths"] = std::move(lengths);
        return out.view({q.size(0), q.size(1) * q.size(2)});
    }

    static variable_list backward(AutogradContext* context, variable_list outputs) {
        auto saved = context->get_saved_variables();
        const auto &q = saved[0], &k = saved[1], &v = saved[2], &log_sums = saved[3];
        auto dout = outputs[0].to(q.scalar_type()).contiguous().view(q.sizes());
        auto dq = at::empty(q.sizes(), q.options()), dk = at::empty(k.sizes(), k.options());
        auto dv = at::empty(v.sizes(), v.options());
        const GroupSizes sizes =
            sizes_of(q, k, context->saved_data["prompt"].toInt(), context->saved_data["lengths"].toIntVector());
        with_rows(dq, [&](auto* data) {
            using T = std::remove_pointer_t<decltype(data)>;
            group_attention_backward(sizes, read<T>(q), read<T>(k), read<T>(v), read<T>(dout),
                                     log_sums.const_data_ptr<float>(), write<T>(dq), write<T>(dk), write<T>(dv));
        });
        return {dq, dk, dv, {}, {}};
    }
};

void check(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t prompt, at::IntArrayRef lengths) {
    int64_t total = prompt;
    for (int64_t length : lengths) {
        TORCH_CHECK(length > 0, "group attention over an empty completion");
        total += length;
    }
    TORCH_CHECK(prompt >= 0 && total > 0 && total == q.size(0), "group attention over ", q.size(0),
                " tokens laid out as ", total);
    TORCH_CHECK(q.dim() == 3 && k.dim() == 3 && k.sizes() == v.sizes() && k.size(0) == total &&
                    k.size(2) == q.size(2) && k.size(1) > 0 && q.size(1) % k.size(1) == 0,
                "group attention of queries ", q.sizes(), " over keys ", k.sizes(), " and values ", v.sizes());
    TORCH_CHECK(q.scalar_type() == k.scalar_type() && q.scalar_type() == v.scalar_type(), "group attention of ",
                q.scalar_type(), " queries over ", k.scalar_type(), " keys and ", v.scalar_type(), " values");
}

}  // namespace

at::Tensor group_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t prompt,
                           at::IntArrayRef lengths) {
    check(q, k, v, prompt, lengths);
    if (!has_row_kernel(q) || !cpu_runs_kernels()) return composite(q, k, v, prompt, lengths);
    return GroupAttention::apply(q, k, v, prompt, lengths.vec());
}

}  // namespace rubrics
