// SPDX-License-Identifier: Apache-2.0
// What a PackedDecoder holds: weights and caches (packed_decoder.cpp) and a step (decode_step.cpp).
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "aligned_buffer.h"
#include "decode_attention.h"
#include "packed_decoder.h"
#include "packed_linear.h"
#include "phase_schedule.h"
#include "prefetch_queue.h"

namespace rubrics {

inline constexpr int64_t strip_rows = PackedMatrix::strip_rows;
struct DecoderLayer {
    PackedMatrix qkv, output, gate_up, down;  // gate_up: strips of gate and up in turn
    std::vector<float> attention_norm, ffn_norm, q_norm, k_norm;
    std::vector<float> bias;  // of q, k and v, one after another
    bool is_set = false;
};

struct SharedPrefix {
    int64_t length;
    SequenceCache cache;
};

/// Rows that attend together: a stretch of the step's rows in prefix order.
struct AttentionChunk {
    int64_t first, count;
};

/// What a worker needs for itself in a step.
struct DecodeWorker {
    AttentionScratch attention;
    AlignedBuffer<uint16_t> key, value;
    AlignedBuffer<float> gate_up;  // [max_rows, 96]
    PrefetchQueue caches;          // of the rows that this worker attends for
};

[[noreturn]] inline void refuse(const std::string& message) {
    throw std::invalid_argument("packed decoder: " + message);
}

struct PackedDecoder::State {
    State(const DecoderConfig& config, int64_t max_rows, int64_t max_row_tokens);

    void set_layer(int64_t index, const DecoderLayerWeights& weights);
    void set_head(const uint16_t* embedding, const uint16_t* output, const float* norm);
    void clear_prefixes() { prefixes.clear(); }
    int32_t add_prefix(int64_t length);
    void write_prefix(int32_t index, int64_t layer, const uint16_t* k, const uint16_t* v);
    void step(const DecoderRow* step_rows, int64_t step_count, float* step_logits);

private:
    int64_t group() const { return config.heads / config.kv_heads; }
    int64_t query_width() const { return config.heads * config.head_dim; }
    int64_t kv_width() const { return config.kv_heads * config.head_dim; }
    int64_t qkv_width() const { return query_width() + 2 * kv_width(); }
    int64_t ffn_strips() const { return (config.ffn + strip_rows - 1) / strip_rows; }

    void lay_out_weights();
    void grow_rotations(int64_t positions);
    void check_rows() const;
    void plan_attention(int64_t workers);
    void prepare_workers(int64_t workers);

    void run(int64_t worker);
    void embed(int64_t row);
    void multiply(int64_t phase, int64_t worker, const PackedMatrix& matrix, const ActivationRows& input,
                  const ProductTarget& target, const PackedMatrix* next, int64_t next_strips_an_item);
    void gate(int64_t phase, int64_t worker, const DecoderLayer& layer);
    void attend(int64_t worker, int64_t layer_index, int64_t item);
    void prepare_row(DecodeWorker& scratch, const DecoderLayer& layer, int64_t kv_head, int64_t row,
                     int64_t first_query, const HeadCache& cache);

    const DecoderConfig config;
    const int64_t max_rows, max_row_tokens;
    AlignedBuffer<uint16_t> weights;
    std::vector<DecoderLayer> layers;
    PackedMatrix head;
    AlignedBuffer<uint16_t> embedding;  // empty when the head's weights are the embedding
    std::vector<float> final_norm;

    std::vector<SequenceCache> row_caches;
    std::vector<SharedPrefix> prefixes;
    int64_t longest_prefix = 0;
    std::vector<float> rotations;  // [positions, head_dim]: cosines, then sines

    // The step under way.
    const DecoderRow* rows = nullptr;
    int64_t count = 0;
    float* logits = nullptr;
    std::vector<int64_t> prefix_order;
    std::vector<AttentionChunk> chunks;
    PhaseSchedule schedule;
    std::vector<DecodeWorker> scratches;
    AlignedBuffer<float> residual, qkv;          // [max_rows, width], [max_rows, qkv_width]
    ActivationRows normalized, attended, gated;  // the inputs of matrix products
};

}  // namespace rubrics
