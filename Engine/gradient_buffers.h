// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support.h"

namespace rubrics {

// Weight gradients are added to their fp32 buffers inside the backward pass: autograd's own accumulation would widen
// each bf16 product to a second fp32 matrix first. The buffers ride along as saved data, not as graph inputs.

/// An input that is never read and makes a graph node appear where `needed`, even when no activation below (`input`)
/// requires a gradient.
inline at::Tensor anchor_for(bool needed, const at::Tensor& input = {}) {
    needed = needed && !(input.defined() && input.requires_grad());
    return at::empty({0}, at::kFloat).requires_grad_(needed && at::GradMode::is_enabled());
}

inline at::Tensor flat(const at::Tensor& x) { return x.reshape({-1, x.size(-1)}); }

inline void add_to(at::Tensor buffer, const at::Tensor& update) {
    if (buffer.defined()) buffer.add_(update);
}

}  // namespace rubrics
