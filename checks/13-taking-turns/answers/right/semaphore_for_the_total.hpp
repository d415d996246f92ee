// right: the work is done outside; a binary semaphore guards the addition of each part.
#pragma once

#include <functional>
#include <semaphore>
#include <thread>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    long total = 0;
    std::binary_semaphore may_add(1);
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < threads; ++worker) {
            workers.emplace_back([&, worker] {
                long part = 0;
                for (long item = worker; item < items; item += threads) part += work(item);
                may_add.acquire();
                total += part;
                may_add.release();
            });
        }
    }
    return total;
}

}  // namespace lesson
