// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <type_traits>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace rubrics {

/// Zero-filled memory on a cache-line boundary, or on huge pages when it is large: weights are
/// streamed once a token, and 4 KiB pages would cost a TLB miss for every 64 lines of them.
template <typename Element>
class AlignedBuffer {
    static_assert(std::is_trivially_copyable<Element>::value, "elements are raw numbers");

public:
    AlignedBuffer() = default;

    explicit AlignedBuffer(int64_t count) : count_(count) {
        if (count <= 0) return;
        const size_t bytes = static_cast<size_t>(count) * sizeof(Element);
        const size_t alignment = bytes >= huge_page ? huge_page : 64;
        // calloc leaves large memory untouched until it is written; aligned_alloc and memset do not.
        base_ = std::calloc(1, bytes + alignment);
        if (base_ == nullptr) throw std::bad_alloc();
        const uintptr_t address = (reinterpret_cast<uintptr_t>(base_) + alignment - 1) / alignment * alignment;
        data_ = reinterpret_cast<Element*>(address);
#if defined(__linux__) && defined(MADV_HUGEPAGE)
        if (alignment == huge_page) madvise(data_, bytes, MADV_HUGEPAGE);
#endif
    }

    AlignedBuffer(AlignedBuffer&& other) noexcept
        : base_(std::exchange(other.base_, nullptr)),
          data_(std::exchange(other.data_, nullptr)),
          count_(std::exchange(other.count_, 0)) {}

    AlignedBuffer& operator=(AlignedBuffer&& other) noexcept {
        std::swap(base_, other.base_);
        std::swap(data_, other.data_);
        std::swap(count_, other.count_);
        return *this;
    }

    AlignedBuffer(const AlignedBuffer&) = delete;
    AlignedBuffer& operator=(const AlignedBuffer&) = delete;
    ~AlignedBuffer() { std::free(base_); }

    Element* data() { return data_; }
    const Element* data() const { return data_; }
    Element& operator[](int64_t index) { return data_[index]; }
    const Element& operator[](int64_t index) const { return data_[index]; }
    int64_t size() const { return count_; }

private:
    static constexpr size_t huge_page = size_t{2} << 20;
    void* base_ = nullptr;
    Element* data_ = nullptr;
    int64_t count_ = 0;
};

}  // namespace rubrics
