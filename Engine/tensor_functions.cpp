// SPDX-License-Identifier: Apache-2.0
//
// The table's functions over single tensors: making, reading, arithmetic, shapes, autograd.

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/generated/variable_factories.h>

#include "table_functions.h"

namespace rubrics {
namespace {

// MARK: Making, reading, releasing

void release(rubrics_tensor tensor) { delete tensor; }

rubrics_tensor from_bytes(const void *bytes, rubrics_dtype dtype, const int64_t *shape, int64_t rank,
                          rubrics_device device) {
    return make([&] {
        auto tensor = at::empty(dims_of(shape, rank), scalar_type(dtype));
        if (tensor.numel()) std::memcpy(tensor.data_ptr(), bytes, tensor.nbytes());
        return tensor.to(device_of(device));
    });
}

rubrics_tensor full(const int64_t *shape, int64_t rank, double value, rubrics_dtype dtype, rubrics_device device) {
    return make([&] {
        return at::full(dims_of(shape, rank), value, at::TensorOptions(scalar_type(dtype)).device(device_of(device)));
    });
}

int64_t tensor_rank(rubrics_tensor tensor) { return unwrap(tensor).dim(); }

void tensor_shape(rubrics_tensor tensor, int64_t *out) {
    auto sizes = unwrap(tensor).sizes();
    std::copy(sizes.begin(), sizes.end(), out);
}

int32_t tensor_dtype(rubrics_tensor tensor) { return dtype_code(unwrap(tensor).scalar_type()); }

rubrics_device tensor_device(rubrics_tensor tensor) {
    auto device = unwrap(tensor).device();
    return {device.is_cuda() ? 1 : 0, device.is_cuda() ? device.index() : 0};
}

int32_t copy_out(rubrics_tensor tensor, void *bytes, int64_t count) {
    return run([&] {
        auto host = unwrap(tensor).detach().to(at::kCPU).contiguous();
        TORCH_CHECK(static_cast<int64_t>(host.nbytes()) == count, "reading ", count, " bytes from a tensor of ",
                    host.nbytes());
        if (count) std::memcpy(bytes, host.data_ptr(), static_cast<size_t>(count));
    });
}

int32_t copy_in(rubrics_tensor tensor, const void *bytes, int64_t count) {
    return run([&] {
        auto target = unwrap(tensor).detach();
        TORCH_CHECK(static_cast<int64_t>(target.nbytes()) == count, "writing ", count, " bytes to a tensor of ",
                    target.nbytes());
        auto host = at::empty(target.sizes(), target.scalar_type());
        bool direct = target.device().is_cpu() && target.is_contiguous();
        if (count) std::memcpy(direct ? target.data_ptr() : host.data_ptr(), bytes, static_cast<size_t>(count));
        if (!direct) target.copy_(host);
    });
}

int32_t assign(rubrics_tensor target, rubrics_tensor source) {
    return run([&] {
        at::NoGradGuard no_gradients;
        TORCH_CHECK(unwrap(target).sizes() == unwrap(source).sizes(), "assigning ", unwrap(source).sizes(), " to ",
                    unwrap(target).sizes());
        unwrap(target).copy_(unwrap(source));
    });
}

int32_t zero(rubrics_tensor tensor) {
    return run([&] {
        at::NoGradGuard no_gradients;
        unwrap(tensor).zero_();
    });
}

rubrics_tensor to(rubrics_tensor tensor, rubrics_dtype dtype, rubrics_device device) {
    return make([&] { return unwrap(tensor).to(device_of(device), scalar_type(dtype)); });
}

// MARK: Elementwise, reductions, shapes

at::Tensor apply_unary(rubrics_unary op, const at::Tensor &a) {
    switch (op) {
        case RUBRICS_NEG: return -a;
        case RUBRICS_EXP: return a.exp();
        case RUBRICS_LOG: return a.log();
        case RUBRICS_SQRT: return a.sqrt();
        case RUBRICS_RSQRT: return a.rsqrt();
        case RUBRICS_SIGMOID: return a.sigmoid();
        case RUBRICS_SILU: return at::silu(a);
        case RUBRICS_TANH: return a.tanh();
        case RUBRICS_ABS: return a.abs();
        case RUBRICS_NOT: return a.logical_not();
        case RUBRICS_ISFINITE: return at::isfinite(a);
        case RUBRICS_CLONE: return a.clone();
        case RUBRICS_DETACH: return a.detach();
        case RUBRICS_CONTIGUOUS: return a.contiguous();
    }
    TORCH_CHECK(false, "unknown operation ", op);
}

template <typename B>
at::Tensor apply_binary(rubrics_binary op, const at::Tensor &a, const B &b) {
    switch (op) {
        case RUBRICS_ADD: return a + b;
        case RUBRICS_SUB: return a - b;
        case RUBRICS_MUL: return a * b;
        case RUBRICS_DIV: return a / b;
        case RUBRICS_EQ: return a.eq(b);
        case RUBRICS_LT: return a.lt(b);
        case RUBRICS_LE: return a.le(b);
        case RUBRICS_GT: return a.gt(b);
        case RUBRICS_GE: return a.ge(b);
        case RUBRICS_MATMUL:
        case RUBRICS_MINIMUM:
        case RUBRICS_MAXIMUM: break;
    }
    if constexpr (std::is_same_v<B, at::Tensor>) {
        if (op == RUBRICS_MATMUL) return at::matmul(a, b);
        if (op == RUBRICS_MINIMUM) return at::minimum(a, b);
        if (op == RUBRICS_MAXIMUM) return at::maximum(a, b);
    }
    TORCH_CHECK(false, "operation ", op, " has no such form");
}

at::Tensor apply_reduction(rubrics_reduction op, const at::Tensor &a, at::IntArrayRef dims, bool keep) {
    auto axis = [&] {
        TORCH_CHECK(dims.size() == 1, "this reduction takes one dimension, got ", dims);
        return dims[0];
    };
    switch (op) {
        case RUBRICS_SUM: return dims.empty() ? a.sum() : a.sum(dims, keep);
        case RUBRICS_MEAN: return dims.empty() ? a.mean() : a.mean(dims, keep);
        case RUBRICS_AMAX: return at::amax(a, dims, keep);
        case RUBRICS_AMIN: return at::amin(a, dims, keep);
        case RUBRICS_ARGMAX: return at::argmax(a, axis(), keep);
        case RUBRICS_SOFTMAX: return at::softmax(a, axis());
        case RUBRICS_LOG_SOFTMAX: return at::log_softmax(a, axis());
        case RUBRICS_CUMSUM: return at::cumsum(a, axis());
    }
    TORCH_CHECK(false, "unknown reduction ", op);
}

rubrics_tensor unary(rubrics_unary op, rubrics_tensor a) {
    return make([&] { return apply_unary(op, unwrap(a)); });
}

rubrics_tensor binary(rubrics_binary op, rubrics_tensor a, rubrics_tensor b) {
    return make([&] { return apply_binary(op, unwrap(a), unwrap(b)); });
}

rubrics_tensor binary_scalar(rubrics_binary op, rubrics_tensor a, double b) {
    return make([&] { return apply_binary(op, unwrap(a), at::Scalar(b)); });
}

rubrics_tensor clamp(rubrics_tensor a, double low, double high) {
    return make([&] { return at::clamp(unwrap(a), low, high); });
}

rubrics_tensor where(rubrics_tensor condition, rubrics_tensor a, rubrics_tensor b) {
    return make([&] { return at::where(unwrap(condition), unwrap(a), unwrap(b)); });
}

rubrics_tensor reduce(rubrics_reduction op, rubrics_tensor a, const int64_t *dims, int64_t count, int32_t keep) {
    return make([&] { return apply_reduction(op, unwrap(a), dims_of(dims, count), keep != 0); });
}

rubrics_tensor reshape(rubrics_tensor a, const int64_t *shape, int64_t rank) {
    return make([&] { return unwrap(a).reshape(dims_of(shape, rank)); });
}

rubrics_tensor expand(rubrics_tensor a, const int64_t *shape, int64_t rank) {
    return make([&] { return unwrap(a).expand(dims_of(shape, rank)); });
}

rubrics_tensor transpose(rubrics_tensor a, int64_t dim0, int64_t dim1) {
    return make([&] { return unwrap(a).transpose(dim0, dim1); });
}

rubrics_tensor slice(rubrics_tensor a, int64_t dim, int64_t start, int64_t end, int64_t step) {
    return make([&] { return unwrap(a).slice(dim, start, end, step); });
}

rubrics_tensor index_select(rubrics_tensor a, int64_t dim, rubrics_tensor indices) {
    return make([&] { return unwrap(a).index_select(dim, unwrap(indices)); });
}

rubrics_tensor gather(rubrics_tensor a, int64_t dim, rubrics_tensor indices) {
    return make([&] { return unwrap(a).gather(dim, unwrap(indices)); });
}

rubrics_tensor concatenate(const rubrics_tensor *parts, int64_t count, int64_t dim) {
    return make([&] {
        std::vector<at::Tensor> tensors;
        for (int64_t i = 0; i < count; ++i) tensors.push_back(unwrap(parts[i]));
        return at::cat(tensors, dim);
    });
}

// MARK: Autograd

int32_t set_requires_grad(rubrics_tensor tensor, int32_t enabled) {
    return run([&] { unwrap(tensor).set_requires_grad(enabled != 0); });
}

int32_t requires_grad(rubrics_tensor tensor) { return unwrap(tensor).requires_grad() ? 1 : 0; }

rubrics_tensor gradient(rubrics_tensor tensor) {
    return make([&] {
        TORCH_CHECK(unwrap(tensor).grad().defined(), "the tensor has no gradient: call backward first");
        return unwrap(tensor).grad();
    });
}

int32_t backward(rubrics_tensor loss) {
    return run([&] { unwrap(loss).backward(); });
}

}  // namespace

void add_tensor_functions(rubrics_engine &table) {
    table.release = release;
    table.from_bytes = from_bytes;
    table.full = full;
    table.rank = tensor_rank;
    table.shape = tensor_shape;
    table.dtype = tensor_dtype;
    table.device = tensor_device;
    table.copy_out = copy_out;
    table.copy_in = copy_in;
    table.assign = assign;
    table.zero = zero;
    table.to = to;
    table.unary = unary;
    table.binary = binary;
    table.binary_scalar = binary_scalar;
    table.clamp = clamp;
    table.where = where;
    table.reduce = reduce;
    table.reshape = reshape;
    table.expand = expand;
    table.transpose = transpose;
    table.slice = slice;
    table.index_select = index_select;
    table.gather = gather;
    table.concatenate = concatenate;
    table.set_requires_grad = set_requires_grad;
    table.requires_grad = requires_grad;
    table.gradient = gradient;
    table.backward = backward;
}

}  // namespace rubrics
