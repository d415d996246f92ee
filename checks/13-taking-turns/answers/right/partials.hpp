// right: every thread writes a sum of its own, and they are added up after the join.
#pragma once

#include <functional>
#include <numeric>
#include <thread>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    std::vector<long> partials(static_cast<std::size_t>(threads));
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < threads; ++worker) {
            workers.emplace_back([&, worker] {
                long partial = 0;
                for (long item = worker; item < items; item += threads) partial += work(item);
                partials[static_cast<std::size_t>(worker)] = partial;
            });
        }
    }
    return std::accumulate(partials.begin(), partials.end(), 0L);
}

}  // namespace lesson
