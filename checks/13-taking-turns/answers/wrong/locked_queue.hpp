// wrong: no-overlap: the lock that hands out the items is still held while the item is worked on.
#pragma once

#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    std::mutex mutex;
    long next = 0;
    long total = 0;
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < threads; ++worker) {
            workers.emplace_back([&] {
                for (;;) {
                    std::lock_guard lock(mutex);
                    if (next == items) return;
                    total += work(next++);
                }
            });
        }
    }
    return total;
}

}  // namespace lesson
