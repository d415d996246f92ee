#pragma once

#include <atomic>

#include "in_parallel.hpp"
#include "interleave/explore.hpp"

/// Store buffering: one side stores to x and looks at y, the other stores to y and looks at x.
struct store_buffering {
    std::atomic<int> x{0}, y{0};
    int seen_x = -1, seen_y = -1;  ///< -1: nobody looked

    bool neither_is_seen() const { return seen_x == 0 && seen_y == 0; }
};

inline void seq_cst_fence() {
    std::atomic_thread_fence(std::memory_order_seq_cst);
}

/// The first side has a seq_cst fence between; the second is what the others do, each on a thread.
template <class... Others>
void against_a_fence(const Others&... others) {
    store_buffering both;
    in_parallel(
        [&] {
            both.x.store(1, std::memory_order_relaxed);
            seq_cst_fence();
            both.seen_y = both.y.load(std::memory_order_relaxed);
        },
        [&] { others(both); }...);
    EXPECT(!both.neither_is_seen());
}
