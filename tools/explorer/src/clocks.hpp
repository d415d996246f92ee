#pragma once

#include "runtime.hpp"

namespace interleave::detail {

/// A vector clock has rt.stride entries, one for each thread; entry 0 of a thread never ran.
/// New ones are zero and live until the end of the execution.
std::uint32_t* new_clock();
void clocks_restart() noexcept;

inline void join_clock(std::uint32_t* into, const std::uint32_t* from) noexcept {
    for (int i = 0; i < rt.count; ++i)
        if (from[i] > into[i]) into[i] = from[i];
}
inline void copy_clock(std::uint32_t* into, const std::uint32_t* from) noexcept {
    for (std::uint32_t i = 0; i < rt.stride; ++i) into[i] = from[i];
}
inline void zero_clock(std::uint32_t* clock) noexcept {
    for (std::uint32_t i = 0; i < rt.stride; ++i) clock[i] = 0;
}
/// Starts a new epoch of the thread, after it has released something.
inline void tick(fiber& f) noexcept {
    ++f.clock[f.id];
}

}  // namespace interleave::detail
