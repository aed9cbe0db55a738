// SPDX-License-Identifier: Apache-2.0
//
// Operations that training spends its time in, forward and backward.

#pragma once

#include "support.h"

namespace rubrics {

/// x [..., in] times the transpose of `weight` [out, in], plus `bias` [out] where it is defined.
at::Tensor linear(const at::Tensor& x, const Weight& weight, const Weight& bias);

/// The rows of `weight` [vocabulary, width] that `ids` name.
at::Tensor embedding(const at::Tensor& ids, const Weight& weight);

/// x / rms(x) * weight over the last dimension; `weight` is fp32.
at::Tensor rms_norm(const at::Tensor& x, const Weight& weight, double epsilon);

/// Rotates the halves of each head (as Hugging Face lays them out): x [token, head, d], tables fp32 [token, d / 2].
at::Tensor rope(const at::Tensor& x, const at::Tensor& cosines, const at::Tensor& sines);

/// silu(gate) * up for x [token, 2 * n] = [gate | up].
at::Tensor swiglu(const at::Tensor& gate_up);

/// Attention of one packed group: each completion sees the prompt and itself. q [token, head, d], k and v
/// [token, kv head, d]; the result is [token, head * d].
at::Tensor group_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t prompt,
                           at::IntArrayRef completions);

/// Log-probability of each target and the distribution's entropy, both fp32 [token], of
/// log_softmax(hidden · weightᵀ / temperature). With the kernels of logprob_kernels.h, by slices of the vocabulary;
/// else in chunks of tokens, and then no [token, vocabulary] matrix is kept.
std::pair<at::Tensor, at::Tensor> token_logprobs(const at::Tensor& hidden, const Weight& weight,
                                                 const at::Tensor& targets, double temperature, int64_t chunk);

}  // namespace rubrics
