// wrong: too-many-threads: the calling thread works beside as many threads as were asked for.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    std::atomic<long> next = 0;
    std::atomic<long> total = 0;
    const auto help = [&] {
        long partial = 0;
        for (long item = next++; item < items; item = next++) partial += work(item);
        total += partial;
    };
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < threads; ++worker) workers.emplace_back(help);
        help();
    }
    return total;
}

}  // namespace lesson
