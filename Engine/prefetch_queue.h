// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace rubrics {

/// Memory that the next attention reads, handed out piece by piece to kernels that have bandwidth
/// to spare: products of many rows compute so long on a strip of weights that memory idles.
class PrefetchQueue {
public:
    void clear() {
        regions_.clear();
        begin(0);
    }

    /// `bytes` at `start` for layer 0, and as many `layer_bytes` further for each layer after it.
    void add(const void* start, int64_t bytes, int64_t layer_bytes) {
        regions_.push_back({static_cast<const char*>(start), bytes, layer_bytes});
    }

    /// From now on, hand out the regions of `layer`.
    void begin(int64_t layer) {
        layer_ = layer;
        region_ = 0;
        offset_ = 0;
    }

    /// Where the next piece of `bytes` starts, or null when everything has been handed out.
    const char* take(int64_t bytes) {
        if (region_ == regions_.size()) return nullptr;
        const Region& region = regions_[region_];
        const char* piece = region.start + layer_ * region.layer_bytes + offset_;
        offset_ += bytes;
        if (offset_ >= region.bytes) {
            ++region_;
            offset_ = 0;
        }
        return piece;
    }

private:
    struct Region {
        const char* start;
        int64_t bytes, layer_bytes;
    };

    std::vector<Region> regions_;
    size_t region_ = 0;
    int64_t layer_ = 0, offset_ = 0;
};

}  // namespace rubrics
