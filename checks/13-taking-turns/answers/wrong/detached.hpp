// wrong: unjoined-thread: the caller waits for the sums and not for the threads that made them.
#pragma once

#include <atomic>
#include <functional>
#include <latch>
#include <thread>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    std::latch done(threads);
    std::atomic<long> total = 0;
    for (int worker = 0; worker < threads; ++worker) {
        std::thread([&done, &total, &work, items, threads, worker] {
            long partial = 0;
            for (long item = worker; item < items; item += threads) partial += work(item);
            total += partial;
            done.count_down();
        }).detach();
    }
    done.wait();
    return total;
}

}  // namespace lesson
