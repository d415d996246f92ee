// wrong: race: the threads are detached and a sleep stands for the join.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    const auto partials = std::make_shared<std::vector<long>>(static_cast<std::size_t>(threads));
    for (int worker = 0; worker < threads; ++worker) {
        std::thread([partials, items, threads, worker, work] {
            long& partial = (*partials)[static_cast<std::size_t>(worker)];
            for (long item = worker; item < items; item += threads) partial += work(item);
        }).detach();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return std::accumulate(partials->begin(), partials->end(), 0L);
}

}  // namespace lesson
