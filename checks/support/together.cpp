#include "support/together.hpp"

#include <latch>
#include <thread>
#include <vector>

namespace interleave {

void run_together(int threads, function_ref<void(int)> body) {
    std::latch start(threads);
    std::vector<std::jthread> running;
    running.reserve(static_cast<std::size_t>(threads));
    for (int i = 0; i < threads; ++i) {
        running.emplace_back([&start, body, i] {
            start.arrive_and_wait();
            body(i);
        });
    }
}

}  // namespace interleave
