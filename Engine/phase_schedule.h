// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

#include "cpu_target.h"

namespace rubrics {

/// Splits the phases of one decoding step over threads that stay inside one parallel region.
///
/// A step has some 200 phases of a few microseconds; an OpenMP region for each would cost more
/// than the smaller ones. Every worker owns a fixed range of each phase's items, so that it streams
/// one stretch of the weights, and takes what is left of the others' ranges when it is done.
/// A phase ends when its *items* are done, not when a number of threads has arrived, so nothing
/// deadlocks when fewer threads run than were asked for; one thread alone simply does all the work.
/// An item's result must not depend on who computes it; then a step's does not either.
class PhaseSchedule {
public:
    /// Call from one thread, before the workers of a step start.
    void reset(int64_t phases, int64_t workers) {
        if (phases > phases_ || workers != workers_) {
            claimed_.reset(new Counter[static_cast<size_t>(phases * workers)]);
            finished_.reset(new Counter[static_cast<size_t>(phases)]);
            phases_ = phases;
            workers_ = workers;
        }
        for (int64_t i = 0; i < phases_ * workers_; ++i) claimed_[i].value.store(0, std::memory_order_relaxed);
        for (int64_t i = 0; i < phases_; ++i) finished_[i].value.store(0, std::memory_order_relaxed);
    }

    int64_t workers() const { return workers_; }

    /// The first item of a worker's own range.
    int64_t first_item(int64_t worker, int64_t items) const { return worker * items / workers_; }

    /// Runs `body(item)` for items nobody has claimed, then waits until all items are done.
    template <typename Body>
    void run(int64_t phase, int64_t items, int64_t worker, const Body& body) {
        int64_t done = 0;
        for (int64_t offset = 0; offset < workers_; ++offset) {
            const int64_t owner = (worker + offset) % workers_;
            const int64_t first = first_item(owner, items);
            const int64_t count = first_item(owner + 1, items) - first;
            std::atomic<int64_t>& claimed = claimed_[phase * workers_ + owner].value;
            while (claimed.load(std::memory_order_relaxed) < count) {
                const int64_t item = claimed.fetch_add(1, std::memory_order_relaxed);
                if (item >= count) break;
                body(first + item);
                ++done;
            }
        }
        std::atomic<int64_t>& finished = finished_[phase].value;
        if (done > 0) finished.fetch_add(done, std::memory_order_acq_rel);
        for (int64_t spins = 0; finished.load(std::memory_order_acquire) < items; ++spins) {
            // A machine with more runnable threads than cores may have put the last worker aside.
            if (spins < 4096) pause_briefly();
            else std::this_thread::yield();
        }
    }

private:
    struct alignas(64) Counter {
        std::atomic<int64_t> value{0};
    };

    std::unique_ptr<Counter[]> claimed_;
    std::unique_ptr<Counter[]> finished_;
    int64_t phases_ = 0;
    int64_t workers_ = 0;
};

}  // namespace rubrics
