// wrong: no-overlap: a semaphore lets two threads compute, however many were asked for.
#pragma once

#include <atomic>
#include <functional>
#include <semaphore>
#include <thread>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    std::counting_semaphore<2> turns(2);
    std::atomic<long> total = 0;
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < threads; ++worker) {
            workers.emplace_back([&, worker] {
                for (long item = worker; item < items; item += threads) {
                    turns.acquire();
                    total += work(item);
                    turns.release();
                }
            });
        }
    }
    return total;
}

}  // namespace lesson
