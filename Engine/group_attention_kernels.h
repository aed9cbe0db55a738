// SPDX-License-Identifier: Apache-2.0
//
// Attention of one packed group on a CPU with AVX-512 BF16, forward and backward, without libtorch's tensors.
#pragma once

#include <cstdint>
#include <vector>

namespace rubrics {

/// How one packed group lies: `prompt` tokens, then completions of `lengths` tokens; each completion sees the prompt
/// and its own past. `heads / kv_heads` consecutive query heads share a key and value head.
struct GroupSizes {
    int64_t prompt;
    std::vector<int64_t> lengths;
    int64_t heads, kv_heads, d;
    float scale;

    int64_t tokens() const {
        int64_t sum = prompt;
        for (int64_t length : lengths) sum += length;
        return sum;
    }
};

/// A [token, head, d] tensor; strides count elements and the last dimension is contiguous.
template <typename T>
struct HeadRows {
    T* data;
    int64_t token_stride, head_stride;

    T* row(int64_t token, int64_t head) const { return data + token * token_stride + head * head_stride; }
};

/// T is float, or uint16_t for bf16. Writes the attention's result and each query's log Σ exp(score), [token, head].
///
/// Every number depends on the sizes and inputs alone, not on how many threads there are or which one computes it.
template <typename T>
void group_attention_forward(const GroupSizes& sizes, HeadRows<const T> q, HeadRows<const T> k, HeadRows<const T> v,
                             HeadRows<T> out, float* log_sums);

/// Gradients of the three inputs from that of the result; probabilities are computed again from `log_sums`.
template <typename T>
void group_attention_backward(const GroupSizes& sizes, HeadRows<const T> q, HeadRows<const T> k, HeadRows<const T> v,
                              HeadRows<const T> dout, const float* log_sums, HeadRows<T> dq, HeadRows<T> dk,
                              HeadRows<T> dv);

}  // namespace rubrics
