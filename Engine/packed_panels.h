// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/ops/empty.h>

#include "panels.h"

#if RUBRICS_X86_KERNELS

namespace rubrics {

/// Memory for panels; nothing is known of it until they are packed.
struct PackedPanels {
    at::Tensor storage;
    Panels panels;

    PackedPanels(int64_t steps, int64_t columns)
        : storage(at::empty({Panels::word_count(steps, columns)}, at::kInt)),
          panels{static_cast<uint32_t*>(storage.data_ptr()), steps, columns, steps} {}

    /// The same memory for a smaller matrix.
    Panels resized(int64_t steps, int64_t columns) const { return {panels.words, steps, columns, steps}; }
};

}  // namespace rubrics

#endif
