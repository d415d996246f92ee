// Lesson 01 as somebody without a suite would try it: one file, no framework. Compiled against the
// same answer that `interleave check` judges.
#include <cstdio>
#include <thread>
#include <vector>

#include "counter.hpp"

int main() {
    lesson::counter counter;
    std::vector<std::thread> threads;
    for (int i = 0; i < 10; ++i) {
        threads.emplace_back([&counter] {
            for (int k = 0; k < 100'000; ++k) counter.increment();
        });
    }
    for (auto& each : threads) each.join();
    std::printf("%ld\n", counter.value());
    return counter.value() == 1'000'000 ? 0 : 1;
}
