// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "support.h"

namespace rubrics {

/// The Euclidean norm over all gradients, summed in double in a fixed order.
double gradient_norm(const rubrics_tensor* gradients, int64_t count);

/// One AdamW step (Loshchilov & Hutter 2019, as torch.optim.AdamW computes it) with the gradients scaled first; writes
/// the working copy in the same pass.
void adamw(const rubrics_adamw_parameter* parameters, int64_t count, const rubrics_adamw_options& options);

}  // namespace rubrics
