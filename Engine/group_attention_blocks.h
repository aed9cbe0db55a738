// SPDX-License-Identifier: Apache-2.0
//
// How group attention is cut into pieces of work.
#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <vector>

#include "group_attention_kernels.h"
#include "matrix_tiles.h"

#if RUBRICS_X86_KERNELS

namespace rubrics {

/// Consecutive queries of one sequence (the prompt or a completion), and the keys that they see: the first `prefix`
/// tokens of the group and their own sequence's past.
struct QueryBlock {
    int64_t prefix;       // prompt tokens before the sequence: all of them, or none for the prompt itself
    int64_t start;        // the sequence's first token
    int64_t first, last;  // its queries, counted from `start`

    int64_t keys() const { return prefix + last; }
    int64_t key_token(int64_t key) const { return key < prefix ? key : start + key - prefix; }
    int64_t cost() const { return (last - first) * (prefix + (first + last + 1) / 2); }
};

constexpr int64_t block_queries = 128;

inline void append_blocks(std::vector<QueryBlock>& blocks, int64_t prefix, int64_t start, int64_t length) {
    for (int64_t first = 0; first < length; first += block_queries) {
        blocks.push_back({prefix, start, first, std::min(length, first + block_queries)});
    }
}

/// Blocks whose gradients one lane adds up in order: all of a completion together, those of the prompt apart.
inline std::vector<std::vector<QueryBlock>> block_items(const GroupSizes& sizes) {
    std::vector<std::vector<QueryBlock>> items;
    std::vector<QueryBlock> prompt;
    append_blocks(prompt, 0, 0, sizes.prompt);
    for (const QueryBlock& block : prompt) items.push_back({block});
    int64_t start = sizes.prompt;
    for (int64_t length : sizes.lengths) {
        items.emplace_back();
        append_blocks(items.back(), sizes.prompt, start, length);
        start += length;
    }
    return items;
}

/// Runs `body(item, scratch)` for every item, on whichever thread is free, with one scratch a thread.
template <typename MakeScratch, typename Body>
void for_items(int64_t items, MakeScratch make_scratch, Body body) {
    const int64_t workers = std::min<int64_t>(items, at::get_num_threads());
    std::atomic<int64_t> next{0};
    at::parallel_for(0, workers, 1, [&](int64_t, int64_t) {
        auto scratch = make_scratch();
        for (int64_t item = next++; item < items; item = next++) body(item, scratch);
    });
}

/// The sizes that a kernel's buffers have, in words or floats.
template <typename T>
struct Extents {
    int64_t group;    // query heads a kv head
    int64_t width;    // d rounded up to vectors
    int64_t words;    // words of a row of d elements
    int64_t columns;  // stride of a row of scores
    int64_t tokens;   // queries a tile
    int64_t rows;     // tokens * group

    Extents(const GroupSizes& sizes, int64_t keys) {
        group = sizes.heads / sizes.kv_heads;
        width = round_up(sizes.d, 16);
        words = round_up(width / elements_per_word<T>, 16);
        columns = column_stride(keys);
        // Scores and their gradients of one tile share the second-level cache with keys and values.
        const int64_t fitting = std::max<int64_t>(tile_rows, (int64_t{1} << 16) / columns);
        tokens = std::max<int64_t>(1, std::min<int64_t>(8 * tile_rows, fitting) / group);
        rows = round_up(tokens * group, 2);
    }
};

inline int64_t longest_keys(const std::vector<QueryBlock>& blocks) {
    int64_t keys = 0;
    for (const QueryBlock& block : blocks) keys = std::max(keys, block.keys());
    return keys;
}

/// The block's keys or values by key.
template <typename T>
auto key_rows(const QueryBlock& block, HeadRows<const T> x, int64_t kv_head) {
    return [=](int64_t key) { return x.row(block.key_token(key), kv_head); };
}

/// Query rows from `token` and `head` on: all heads of the group for one token, then the next.
template <typename T>
auto query_rows(HeadRows<const T> x, int64_t token, int64_t head, int64_t group) {
    return [=](int64_t row) { return x.row(token + row / group, head + row % group); };
}

/// Items by lane, so that lanes have about equal work. Depends on the sizes alone.
inline std::vector<std::vector<QueryBlock>> lane_blocks(const GroupSizes& sizes) {
    const auto items = block_items(sizes);
    const int64_t wanted = (32 + sizes.kv_heads - 1) / sizes.kv_heads;
    std::vector<std::vector<QueryBlock>> lanes(std::min<int64_t>(wanted, static_cast<int64_t>(items.size())));
    std::vector<int64_t> work(lanes.size());
    for (const auto& item : items) {
        const int64_t lane = std::min_element(work.begin(), work.end()) - work.begin();
        for (const QueryBlock& block : item) {
            lanes[lane].push_back(block);
            work[lane] += block.cost();
        }
    }
    return lanes;
}

}  // namespace rubrics

#endif
