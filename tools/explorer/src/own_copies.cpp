#include <cstddef>

#include "arch.hpp"

extern "C" {

[[gnu::visibility("hidden")]] void* interleave_own_copy(void* to, const void* from,
                                                        std::size_t size) {
    interleave::detail::copy_bytes(to, from, size);
    return to;
}

[[gnu::visibility("hidden")]] void* interleave_own_move(void* to, const void* from,
                                                        std::size_t size) {
    auto* t = static_cast<volatile char*>(to);
    const auto* f = static_cast<const char*>(from);
    if (t <= f || t >= f + size)
        interleave::detail::copy_bytes(to, from, size);
    else
        for (std::size_t i = size; i-- > 0;) t[i] = f[i];
    return to;
}

[[gnu::visibility("hidden")]] void* interleave_own_fill(void* to, int value, std::size_t size) {
    auto* t = static_cast<volatile char*>(to);
    if (value == 0)
        interleave::detail::zero_bytes(to, size);
    else
        for (std::size_t i = 0; i < size; ++i) t[i] = static_cast<char>(value);
    return to;
}
}
