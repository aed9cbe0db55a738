// SPDX-License-Identifier: Apache-2.0
//
// Log-probabilities of tokens under a large output matrix, forward and backward, for a CPU with AVX-512 BF16: a slice
// of the vocabulary at a time, with fp32 logits that never leave the caches.
#pragma once

#include <cstdint>

namespace rubrics {

/// Hidden states [row, width] by an output matrix [vocabulary, width], both bf16 and contiguous.
struct LogprobInputs {
    int64_t rows, width, vocabulary;
    const uint16_t *hidden, *output;
    const int64_t* targets;
    float inverse_temperature;

    /// Rows are read as pairs of numbers.
    bool has_kernel() const { return width % 2 == 0; }
    /// Slices of the vocabulary that are worked on together.
    int64_t slices() const;
};

/// One number a row: the target's log-probability, the entropy, and log Σ exp(logit / temperature).
struct LogprobRows {
    float *logprobs, *entropy, *log_sums;
};

/// exp((logit − the slice's largest) / temperature) [row, vocabulary] in bf16, and those largest logits over the
/// temperature [slice, row]. Both may be null: the backward pass then computes the logits again.
struct KeptWeights {
    uint16_t* weights;
    float* tops;
};

void logprobs_forward(const LogprobInputs& inputs, const LogprobRows& out, const KeptWeights& kept);

/// The gradients of the log-probabilities and entropies, [row]; `entropy` may be null.
struct LogprobGradients {
    const float *logprobs, *entropy;
};

/// `hidden_gradient` [row, width] is overwritten, `output_gradient` [vocabulary, width] added to; the latter may be
/// null. Kept weights serve only where there is no gradient of the entropy.
void logprobs_backward(const LogprobInputs& inputs, const LogprobRows& results, const KeptWeights& kept,
                       const LogprobGradients& gradients, uint16_t* hidden_gradient, float* output_gradient);

}  // namespace rubrics
