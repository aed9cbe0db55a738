// SPDX-License-Identifier: Apache-2.0

#include "fused_ops.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace rubrics {
namespace {

/// [token, head, d] to the [batch, head, token, d] that libtorch's attention takes.
at::Tensor batched(const at::Tensor &x) { return x.unsqueeze(0).transpose(1, 2); }

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
at::Tensor completion_mask(int64_t prompt, int64_t longest, const at::Tensor &like) {
    auto mask = at::full({longest, longest}, -std::numeric_limits<float>::infinity(), at::kFloat).triu(1);
    return at::cat({at::zeros({longest, prompt}, at::kFloat), mask}, 1).to(like.options());
}

}  // namespace

at::Tensor group_attention(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v, int64_t prompt,
                           at::IntArrayRef lengths) {
    const int64_t heads = q.size(1), kv_heads = k.size(1), d = q.size(2);
    const int64_t rows = static_cast<int64_t>(lengths.size());
    const int64_t longest = rows ? *std::max_element(lengths.begin(), lengths.end()) : 0;
    int64_t total = prompt;
    for (int64_t length : lengths) {
        TORCH_CHECK(length > 0, "group attention over an empty completion");
        total += length;
    }
    TORCH_CHECK(total == q.size(0), "group attention over ", q.size(0), " tokens laid out as ", total);

    std::vector<at::Tensor> outputs;
    if (prompt > 0) {
        auto seen = at::scaled_dot_product_attention(batched(q.narrow(0, 0, prompt)), batched(k.narrow(0, 0, prompt)),
                                                     batched(v.narrow(0, 0, prompt)), {}, 0.0, true, std::nullopt,
                                                     heads != kv_heads);
        outputs.push_back(seen.transpose(1, 2).reshape({prompt, heads * d}));
    }
    if (rows > 0) {
        auto padded = padded_positions(prompt, lengths, longest).to(q.device());
        auto spread = [&](const at::Tensor &x, int64_t count) {
            return x.index_select(0, padded).view({rows, longest, count, d}).transpose(1, 2);
        };
        auto with_prompt = [&](const at::Tensor &x) {
            auto shared = batched(x.narrow(0, 0, prompt)).expand({rows, kv_heads, prompt, d});
            return at::cat({shared, spread(x, kv_heads)}, 2);
        };
        auto seen = at::scaled_dot_product_attention(spread(q, heads), with_prompt(k), with_prompt(v),
                                                     completion_mask(prompt, longest, q), 0.0, false, std::nullopt,
                                                     heads != kv_heads);
        auto rectangular = seen.transpose(1, 2).reshape({rows * longest, heads * d});
        bool ragged = rows * longest != total - prompt;
        outputs.push_back(ragged ? rectangular.index_select(0, packed_positions(lengths, longest).to(q.device()))
                                 : rectangular);
    }
    return outputs.size() == 1 ? outputs[0] : at::cat(outputs, 0);
}

}  // namespace rubrics
