// wrong: wrong-result: the total is static, so that a second sum begins where the first one ended.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    static std::atomic<long> total = 0;
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < threads; ++worker) {
            workers.emplace_back([&, worker] {
                long partial = 0;
                for (long item = worker; item < items; item += threads) partial += work(item);
                total += partial;
            });
        }
    }
    return total;
}

}  // namespace lesson
