// wrong: no-overlap: each thread is joined before the next one is started.
#pragma once

#include <functional>
#include <numeric>
#include <thread>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    std::vector<long> partials(static_cast<std::size_t>(threads));
    for (int worker = 0; worker < threads; ++worker) {
        std::thread thread([&, worker] {
            long& partial = partials[static_cast<std::size_t>(worker)];
            for (long item = worker; item < items; item += threads) partial += work(item);
        });
        thread.join();
    }
    return std::accumulate(partials.begin(), partials.end(), 0L);
}

}  // namespace lesson
