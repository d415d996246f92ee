// wrong: race: the partial sums are added up while the threads that write them still run.
#pragma once

#include <functional>
#include <numeric>
#include <thread>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    std::vector<long> partials(static_cast<std::size_t>(threads));
    std::vector<std::jthread> workers;
    for (int worker = 0; worker < threads; ++worker) {
        workers.emplace_back([&, worker] {
            const long first = items * worker / threads;
            const long last = items * (worker + 1) / threads;
            long& partial = partials[static_cast<std::size_t>(worker)];
            for (long item = first; item < last; ++item) partial += work(item);
        });
    }
    return std::accumulate(partials.begin(), partials.end(), 0L);
}

}  // namespace lesson
