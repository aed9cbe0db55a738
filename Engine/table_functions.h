// SPDX-License-Identifier: Apache-2.0
//
// The files that fill the engine's table.

#pragma once

#include "support.h"

namespace rubrics {

inline at::Device device_of(rubrics_device device) {
    return device.type == 1 ? at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(device.index)) : at::Device(at::kCPU);
}

inline at::IntArrayRef dims_of(const int64_t *dims, int64_t count) {
    return at::IntArrayRef(dims, static_cast<size_t>(count));
}

void add_tensor_functions(rubrics_engine &table);
void add_model_functions(rubrics_engine &table);

}  // namespace rubrics
