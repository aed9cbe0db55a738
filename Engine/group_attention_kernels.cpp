// SPDX-License-Identifier: Apache-2.0
#include "group_attention_kernels.h"

#include <stdexcept>

#include "aligned_buffer.h"
#include "attention_tiles.h"
#include "group_attention_blocks.h"

namespace rubrics {

#if RUBRICS_X86_KERNELS

namespace {

// MARK: Forward

template <typename T>
struct ForwardScratch {
    AlignedBuffer<uint32_t> keys, values, queries, weights;
    AlignedBuffer<float> scores, outputs, scales;

    ForwardScratch(const Extents<T>& e, int64_t longest)
        : keys(e.words * e.columns),
          values(longest * e.width),
          queries(e.rows * e.words),
          weights(e.rows * e.columns),
          scores(e.rows * e.columns),
          outputs(e.rows * e.width),
          scales(e.rows) {}
};

template <typename T>
struct Forward {
    const GroupSizes& sizes;
    const Extents<T>& e;
    HeadRows<const T> q, k, v;
    HeadRows<T> out;
    float* log_sums;

    void block(const QueryBlock& block, int64_t kv_head, ForwardScratch<T>& s) const {
        const int64_t keys = block.keys();
        pack_columns<T>(key_rows(block, k, kv_head), keys, sizes.d, s.keys.data(), e.columns);
        pack_steps<T>(key_rows(block, v, kv_head), keys, sizes.d, s.values.data(), e.width);
        for (int64_t first = block.first; first < block.last; first += e.tokens) {
            tile(block, first, std::min(e.tokens, block.last - first), kv_head * e.group, s);
        }
    }

    void tile(const QueryBlock& block, int64_t first, int64_t count, int64_t head, ForwardScratch<T>& s) const {
        const int64_t rows = count * e.group, keys = block.prefix + first + count;
        constexpr int64_t pair = elements_per_word<T>;
        pack_rows<T>(query_rows(q, block.start + first, head, e.group), rows, sizes.d, s.queries.data(), e.words);
        multiply<T>({s.queries.data(), e.words, 1}, {s.keys.data(), e.columns}, rows, keys, e.width / pair,
                    {s.scores.data(), e.columns, false});
        for (int64_t row = 0; row < rows; ++row) {
            const int64_t token = first + row / e.group;
            const RowWeights found = weigh_row(s.scores.data() + row * e.columns, block.prefix + token + 1, keys,
                                               sizes.scale, reinterpret_cast<T*>(s.weights.data()) + row * e.columns);
            s.scales[row] = 1.0f / found.sum;
            log_sums[(block.start + token) * sizes.heads + head + row % e.group] = found.log_sum;
        }
        multiply<T>({s.weights.data(), e.columns / pair, 1}, {s.values.data(), e.width}, rows, sizes.d,
                    (keys + pair - 1) / pair, {s.outputs.data(), e.width, false});
        for (int64_t row = 0; row < rows; ++row) {
            store_row(s.outputs.data() + row * e.width, s.scales[row], sizes.d,
                      out.row(block.start + first + row / e.group, head + row % e.group));
        }
    }
};

// MARK: Backward

template <typename T>
struct BackwardScratch {
    AlignedBuffer<uint32_t> key_columns, key_steps, value_columns;
    AlignedBuffer<uint32_t> query_rows, query_steps, gradient_rows, gradient_steps;
    AlignedBuffer<float> scores, score_gradients, query_gradients;
    AlignedBuffer<uint32_t> weight_steps, score_gradient_steps, score_gradient_rows;

    BackwardScratch(const Extents<T>& e, int64_t longest)
        : key_columns(e.words * e.columns),
          key_steps(longest * e.width),
          value_columns(e.words * e.columns),
          query_rows(e.rows * e.words),
          query_steps(e.rows * e.width),
          gradient_rows(e.rows * e.words),
          gradient_steps(e.rows * e.width),
          scores(e.rows * e.columns),
          score_gradients(e.rows * e.columns),
          query_gradients(e.rows * e.width) {
        if (sizeof(T) == 4) return;
        weight_steps = AlignedBuffer<uint32_t>(e.rows / 2 * e.columns);
        score_gradient_steps = AlignedBuffer<uint32_t>(e.rows / 2 * e.columns);
        score_gradient_rows = AlignedBuffer<uint32_t>(e.rows * e.columns / 2);
    }
};

/// The probabilities of a tile and the gradients of its scores, as the products after them read these.
struct TileFactors {
    const uint32_t *weight_steps, *score_gradient_steps, *score_gradient_rows;
};

template <typename T>
TileFactors tile_factors(int64_t rows, int64_t keys, int64_t columns, BackwardScratch<T>& s) {
    if constexpr (sizeof(T) == 4) {
        auto* gradients = reinterpret_cast<const uint32_t*>(s.score_gradients.data());
        return {reinterpret_cast<const uint32_t*>(s.scores.data()), gradients, gradients};
    } else {
        for (int64_t row = 0; row < rows; row += 2) {
            const float* p = s.scores.data() + row * columns;
            const float* ds = s.score_gradients.data() + row * columns;
            const bool two = row + 1 < rows;
            interleave_rows(p, two ? p + columns : nullptr, keys, s.weight_steps.data() + row / 2 * columns);
            interleave_rows(ds, two ? ds + columns : nullptr, keys, s.score_gradient_steps.data() + row / 2 * columns);
        }
        for (int64_t row = 0; row < rows; ++row) {
            narrow_row(s.score_gradients.data() + row * columns, keys,
                       reinterpret_cast<T*>(s.score_gradient_rows.data()) + row * columns);
        }
        return {s.weight_steps.data(), s.score_gradient_steps.data(), s.score_gradient_rows.data()};
    }
}

template <typename T>
struct Backward {
    const GroupSizes& sizes;
    const Extents<T>& e;
    HeadRows<const T> q, k, v, dout;
    const float* log_sums;
    HeadRows<T> dq, dk, dv;

    /// Adds to the gradients of the block's keys and values, [key, width] each, without the scores' scale.
    void block(const QueryBlock& block, int64_t kv_head, float* keys_out, float* values_out,
               BackwardScratch<T>& s) const {
        const auto keys = key_rows(block, k, kv_head), values = key_rows(block, v, kv_head);
        pack_columns<T>(keys, block.keys(), sizes.d, s.key_columns.data(), e.columns);
        pack_steps<T>(keys, block.keys(), sizes.d, s.key_steps.data(), e.width);
        pack_columns<T>(values, block.keys(), sizes.d, s.value_columns.data(), e.columns);
        for (int64_t first = block.first; first < block.last; first += e.tokens) {
            tile(block, first, std::min(e.tokens, block.last - first), kv_head * e.group, keys_out, values_out, s);
        }
    }

    void tile(const QueryBlock& block, int64_t first, int64_t count, int64_t head, float* keys_out, float* values_out,
              BackwardScratch<T>& s) const {
        const int64_t rows = count * e.group, keys = block.prefix + first + count;
        constexpr int64_t pair = elements_per_word<T>;
        const auto queries = query_rows(q, block.start + first, head, e.group);
        pack_rows<T>(queries, rows, sizes.d, s.query_rows.data(), e.words);
        pack_steps<T>(queries, rows, sizes.d, s.query_steps.data(), e.width);
        const auto gradients = query_rows(dout, block.start + first, head, e.group);
        pack_rows<T>(gradients, rows, sizes.d, s.gradient_rows.data(), e.words);
        pack_steps<T>(gradients, rows, sizes.d, s.gradient_steps.data(), e.width);

        multiply<T>({s.query_rows.data(), e.words, 1}, {s.key_columns.data(), e.columns}, rows, keys, e.width / pair,
                    {s.scores.data(), e.columns, false});
        multiply<T>({s.gradient_rows.data(), e.words, 1}, {s.value_columns.data(), e.columns}, rows, keys,
                    e.width / pair, {s.score_gradients.data(), e.columns, false});
        for (int64_t row = 0; row < rows; ++row) {
            const int64_t token = first + row / e.group;
            differentiate_row(s.scores.data() + row * e.columns, s.score_gradients.data() + row * e.columns,
                              block.prefix + token + 1, keys, sizes.scale,
                              log_sums[(block.start + token) * sizes.heads + head + row % e.group]);
        }
        const TileFactors found = tile_factors(rows, keys, e.columns, s);
        const int64_t row_steps = (rows + pair - 1) / pair;
        multiply<T>({found.weight_steps, 1, e.columns}, {s.gradient_steps.data(), e.width}, keys, sizes.d, row_steps,
                    {values_out, e.width, true});
        multiply<T>({found.score_gradient_steps, 1, e.columns}, {s.query_steps.data(), e.width}, keys, sizes.d,
                    row_steps, {keys_out, e.width, true});
        multiply<T>({found.score_gradient_rows, e.columns / pair, 1}, {s.key_steps.data(), e.width}, rows, sizes.d,
                    (keys + pair - 1) / pair, {s.query_gradients.data(), e.width, false});
        for (int64_t row = 0; row < rows; ++row) {
            store_row(s.query_gradients.data() + row * e.width, sizes.scale, sizes.d,
                      dq.row(block.start + first + row / e.group, head + row % e.group));
        }
    }
};

/// What one lane adds up for one kv head, [key, width]: the prompt's part over all its blocks, then the part of the
/// completion at hand, zero between completions.
struct LaneGradients {
    float *keys, *values;
};

template <typename T>
void finish_completion(const Backward<T>& pass, const QueryBlock& block, int64_t kv_head, LaneGradients lane) {
    float* keys = lane.keys + block.prefix * pass.e.width;
    float* values = lane.values + block.prefix * pass.e.width;
    for (int64_t token = 0; token < block.last; ++token) {
        const int64_t place = token * pass.e.width;
        store_row(keys + place, pass.sizes.scale, pass.sizes.d, pass.dk.row(block.start + token, kv_head));
        store_row(values + place, 1.0f, pass.sizes.d, pass.dv.row(block.start + token, kv_head));
    }
    std::fill_n(keys, block.last * pass.e.width, 0.0f);
    std::fill_n(values, block.last * pass.e.width, 0.0f);
}

}  // namespace

template <typename T>
void group_attention_forward(const GroupSizes& sizes, HeadRows<const T> q, HeadRows<const T> k, HeadRows<const T> v,
                             HeadRows<T> out, float* log_sums) {
    std::vector<QueryBlock> blocks;
    for (const auto& item : block_items(sizes)) blocks.insert(blocks.end(), item.begin(), item.end());
    const int64_t longest = longest_keys(blocks);
    const Extents<T> extents(sizes, longest);
    const Forward<T> pass{sizes, extents, q, k, v, out, log_sums};
    for_items(
        static_cast<int64_t>(blocks.size()) * sizes.kv_heads, [&] { return ForwardScratch<T>(extents, longest); },
        [&](int64_t item, ForwardScratch<T>& scratch) {
            pass.block(blocks[item / sizes.kv_heads], item % sizes.kv_heads, scratch);
        });
}

template <typename T>
void group_attention_backward(const GroupSizes& sizes, HeadRows<const T> q, HeadRows<const T> k, HeadRows<const T> v,
                              HeadRows<const T> dout, const float* log_sums, HeadRows<T> dq, HeadRows<T> dk,
                              HeadRows<T> dv) {
    const auto lanes = lane_blocks(sizes);
    int64_t longest = 0;
    for (const auto& blocks : lanes) longest = std::max(longest, longest_keys(blocks));
    const Extents<T> extents(sizes, longest);
    const Backward<T> pass{sizes, extents, q, k, v, dout, log_sums, dq, dk, dv};
    const int64_t count = static_cast<int64_t>(lanes.size()), part = longest * extents.width;
    AlignedBuffer<float> sums(count * sizes.kv_heads * 2 * part);
    auto gradients = [&](int64_t lane, int64_t kv_head) {
        float* start = sums.data() + (lane * sizes.kv_heads + kv_head) * 2 * part;
        return LaneGradients{start, start + part};
    };
    for_items(
        count * sizes.kv_heads, [&] { return BackwardScratch<T>(extents, longest); },
        [&](int64_t item, BackwardScratch<T>& scratch) {
            const int64_t lane = item / sizes.kv_heads, kv_head = item % sizes.kv_heads;
            const LaneGradients into = gradients(lane, kv_head);
            for (size_t i = 0; i < lanes[lane].size(); ++i) {
                const QueryBlock& block = lanes[lane][i];
                pass.block(block, kv_head, into.keys, into.values, scratch);
                const bool ends = i + 1 == lanes[lane].size() || lanes[lane][i + 1].start != block.start;
                if (block.start >= sizes.prompt && ends) finish_completion(pass, block, kv_head, into);
            }
        });
    at::parallel_for(0, sizes.prompt * sizes.kv_heads, 64, [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row) {
            const int64_t token = row / sizes.kv_heads, kv_head = row % sizes.kv_heads;
            const int64_t place = token * extents.width;
            const LaneGradients total = gradients(0, kv_head);
            for (int64_t lane = 1; lane < count; ++lane) {
                const LaneGradients more = gradients(lane, kv_head);
                for (int64_t i = 0; i < extents.width; ++i) {
                    total.keys[place + i] += more.keys[place + i];
                    total.values[place + i] += more.values[place + i];
                }
            }
            store_row(total.keys + place, sizes.scale, sizes.d, dk.row(token, kv_head));
            store_row(total.values + place, 1.0f, sizes.d, dv.row(token, kv_head));
        }
    });
}

#else

template <typename T>
void group_attention_forward(const GroupSizes&, HeadRows<const T>, HeadRows<const T>, HeadRows<const T>, HeadRows<T>,
                             float*) {
    throw std::runtime_error("this attention needs a CPU with AVX-512 BF16");
}

template <typename T>
void group_attention_backward(const GroupSizes&, HeadRows<const T>, HeadRows<const T>, HeadRows<const T>,
                              HeadRows<const T>, const float*, HeadRows<T>, HeadRows<T>, HeadRows<T>) {
    throw std::runtime_error("this attention needs a CPU with AVX-512 BF16");
}

#endif

#define RUBRICS_INSTANTIATE(T)                                                                                         \
    template void group_attention_forward(const GroupSizes&, HeadRows<const T>, HeadRows<const T>, HeadRows<const T>,  \
                                          HeadRows<T>, float*);                                                        \
    template void group_attention_backward(const GroupSizes&, HeadRows<const T>, HeadRows<const T>, HeadRows<const T>, \
                                           HeadRows<const T>, const float*, HeadRows<T>, HeadRows<T>, HeadRows<T>);
RUBRICS_INSTANTIATE(float)
RUBRICS_INSTANTIATE(uint16_t)
#undef RUBRICS_INSTANTIATE

}  // namespace rubrics
