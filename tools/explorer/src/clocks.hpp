#pragma once

#include "runtime.hpp"

namespace interleave::detail {

/// A vector clock has rt.stride entries, one for each thread; entry 0 of a thread never ran.
/// New ones are zero and live until the end of the execution.
std::uint32_t* new_clock();
void clocks_restart() noexcept;

/// rt.stride is a multiple of it; loops of a fixed length become vector instructions.
constexpr std::uint32_t clock_step = 8;

/// Does this for every step of a clock. There is one at least, and seldom a second one.
template <class F>
[[gnu::always_inline]] inline void for_each_step(F step) noexcept {
    step(0);
    const std::uint32_t stride = rt.stride;
#pragma GCC unroll 1
    for (std::uint32_t i = clock_step; i < stride; i += clock_step) step(i);
}

inline void join_clock(std::uint32_t* __restrict into,
                       const std::uint32_t* __restrict from) noexcept {
    for_each_step([=](std::uint32_t i) {
        for (std::uint32_t k = i; k < i + clock_step; ++k)
            into[k] = from[k] > into[k] ? from[k] : into[k];
    });
}
inline void copy_clock(std::uint32_t* __restrict into,
                       const std::uint32_t* __restrict from) noexcept {
    for_each_step([=](std::uint32_t i) {
        for (std::uint32_t k = i; k < i + clock_step; ++k) into[k] = from[k];
    });
}
inline void zero_clock(std::uint32_t* clock) noexcept {
    for_each_step([=](std::uint32_t i) {
        for (std::uint32_t k = i; k < i + clock_step; ++k) clock[k] = 0;
    });
}
/// Starts a new epoch of the thread, after it has released something.
inline void tick(fiber& f) noexcept {
    f.clock[f.id] = static_cast<std::uint32_t>(++f.epoch);
}

}  // namespace interleave::detail
