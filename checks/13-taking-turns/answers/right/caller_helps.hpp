// right: the calling thread takes the last share itself and starts one thread fewer.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    std::atomic<long> total = 0;
    const auto add_share = [&](int worker) {
        const long first = items * worker / threads;
        const long last = items * (worker + 1) / threads;
        long partial = 0;
        for (long item = first; item < last; ++item) partial += work(item);
        total.fetch_add(partial, std::memory_order_relaxed);  // ordered by the join
    };
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker + 1 < threads; ++worker)
            workers.emplace_back(add_share, worker);
        add_share(threads - 1);
    }
    return total.load(std::memory_order_relaxed);
}

}  // namespace lesson
