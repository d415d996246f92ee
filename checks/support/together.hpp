#pragma once
#include <latch>
#include <thread>
#include <vector>

namespace interleave {

/// Calls `body(i)` on `threads` threads that set off together, and returns when all have returned.
/// What the calls did is ordered before the return, and nothing else orders them.
template <class Body>
void run_together(int threads, Body body) {
    std::latch start(threads);
    std::vector<std::jthread> running;
    running.reserve(static_cast<std::size_t>(threads));
    for (int i = 0; i < threads; ++i) {
        running.emplace_back([&start, &body, i] {
            start.arrive_and_wait();
            body(i);
        });
    }
}

}  // namespace interleave
