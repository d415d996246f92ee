// wrong: race: every thread takes the next item from an index that nothing protects.
#pragma once

#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    long next = 0;
    std::mutex mutex;
    long total = 0;
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < threads; ++worker) {
            workers.emplace_back([&] {
                long partial = 0;
                while (next < items) {
                    const long item = next++;
                    partial += work(item);
                }
                std::lock_guard lock(mutex);
                total += partial;
            });
        }
    }
    return total;
}

}  // namespace lesson
