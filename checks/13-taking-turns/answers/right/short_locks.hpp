// right: items are handed out and sums are taken in under a lock, and the work is done outside of
// it.
#pragma once

#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    std::mutex mutex;
    long next = 0;   // guarded by mutex
    long total = 0;  // guarded by mutex
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < threads; ++worker) {
            workers.emplace_back([&] {
                std::unique_lock lock(mutex);
                while (next < items) {
                    const long item = next++;
                    lock.unlock();
                    const long value = work(item);
                    lock.lock();
                    total += value;
                }
            });
        }
    }
    return total;
}

}  // namespace lesson
