// wrong: no-overlap: the lock that every call of `parallel_sum` holds all along makes two callers
// take turns.
#pragma once

#include <functional>
#include <mutex>
#include <numeric>
#include <thread>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    static std::mutex mutex;
    std::lock_guard lock(mutex);
    std::vector<long> partials(static_cast<std::size_t>(threads));
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < threads; ++worker) {
            workers.emplace_back([&, worker] {
                const long last = items * (worker + 1) / threads;
                long partial = 0;
                for (long item = items * worker / threads; item < last; ++item) {
                    partial += work(item);
                }
                partials[static_cast<std::size_t>(worker)] = partial;
            });
        }
    }  // joins the workers
    return std::accumulate(partials.begin(), partials.end(), 0L);
}

}  // namespace lesson
