#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace interleave::detail {

/// A vector for use inside hooks: memory straight from the system (never from the program's own
/// allocator), reserved at once so that elements do not move, elements that need no destructor.
template <class T>
class fixed_vector {
    static_assert(std::is_trivially_destructible_v<T>);

  public:
    void reserve(std::size_t capacity) {
        if (data_) return;
        void* memory = mmap(nullptr, capacity * sizeof(T), PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) __builtin_trap();
        data_ = static_cast<T*>(memory);
        capacity_ = capacity;
    }
    [[nodiscard]] bool full() const noexcept { return size_ == capacity_; }
    /// The new element, not initialised. Check full() first where the program decides the number.
    T& grow() noexcept {
        if (full()) __builtin_trap();
        return data_[size_++];
    }
    void push(const T& value) noexcept { grow() = value; }
    T pop() noexcept { return data_[--size_]; }
    void clear() noexcept { size_ = 0; }
    void shrink(std::size_t size) noexcept { size_ = size; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] T& operator[](std::size_t i) noexcept { return data_[i]; }
    [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return data_[i]; }
    [[nodiscard]] T& back() noexcept { return data_[size_ - 1]; }
    [[nodiscard]] T* begin() noexcept { return data_; }
    [[nodiscard]] T* end() noexcept { return data_ + size_; }
    [[nodiscard]] const T* begin() const noexcept { return data_; }
    [[nodiscard]] const T* end() const noexcept { return data_ + size_; }

  private:
    T* data_ = nullptr;
    std::size_t size_ = 0, capacity_ = 0;
};

}  // namespace interleave::detail
