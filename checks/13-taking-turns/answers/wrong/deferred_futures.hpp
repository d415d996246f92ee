// wrong: no-overlap: deferred tasks run one after another inside get(), on the calling thread.
#pragma once

#include <functional>
#include <future>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    std::vector<std::future<long>> partials;
    for (int worker = 0; worker < threads; ++worker) {
        partials.push_back(std::async(std::launch::deferred, [&items, &work, threads, worker] {
            long partial = 0;
            for (long item = worker; item < items; item += threads) partial += work(item);
            return partial;
        }));
    }
    long total = 0;
    for (auto& partial : partials) total += partial.get();
    return total;
}

}  // namespace lesson
