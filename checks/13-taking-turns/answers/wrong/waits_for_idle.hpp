// wrong: hang: a thread without items leaves without reporting, and the caller waits for its
// report.
#pragma once

#include <atomic>
#include <functional>
#include <latch>
#include <thread>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    std::latch done(threads);
    std::atomic<long> total = 0;
    std::vector<std::jthread> workers;
    for (int worker = 0; worker < threads; ++worker) {
        workers.emplace_back([&, worker] {
            if (worker >= items) return;
            long partial = 0;
            for (long item = worker; item < items; item += threads) partial += work(item);
            total += partial;
            done.count_down();
        });
    }
    done.wait();
    return total;
}

}  // namespace lesson
