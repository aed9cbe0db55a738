// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/Parallel.h>

#include <algorithm>

#include "phase_schedule.h"

namespace rubrics {

/// Runs `body(phase, item, worker)` for the `items(phase)` items of each phase, a phase after the other, inside one
/// parallel region of `workers` <= at::get_num_threads() workers. What an item writes must not depend on its worker;
/// `worker` is for scratch memory only. `body` must not throw.
template <typename Items, typename Body>
void run_phases(int64_t phases, int64_t workers, Items items, Body body) {
    PhaseSchedule schedule;
    schedule.reset(phases, workers);
    at::parallel_for(0, workers, 1, [&](int64_t first, int64_t last) {
        for (int64_t worker = first; worker < last; ++worker) {
            for (int64_t phase = 0; phase < phases; ++phase) {
                schedule.run(phase, items(phase), worker, [&](int64_t item) { body(phase, item, worker); });
            }
        }
    });
}

}  // namespace rubrics
