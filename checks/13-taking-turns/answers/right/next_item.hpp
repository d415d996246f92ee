// right: the threads take the next item from an atomic index, so that a slow item holds up nobody.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    std::atomic<long> next = 0;
    std::atomic<long> total = 0;
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < threads; ++worker) {
            workers.emplace_back([&] {
                long partial = 0;
                for (long item = next++; item < items; item = next++) partial += work(item);
                total += partial;
            });
        }
    }
    return total;
}

}  // namespace lesson
