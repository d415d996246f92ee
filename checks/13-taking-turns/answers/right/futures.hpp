// right: the sums travel back in futures.
#pragma once

#include <algorithm>
#include <functional>
#include <future>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    const long share = (items + threads - 1) / threads;
    std::vector<std::future<long>> partials;
    for (long first = 0; first < items; first += share) {
        const long last = std::min(first + share, items);
        partials.push_back(std::async(std::launch::async, [&work, first, last] {
            long partial = 0;
            for (long item = first; item < last; ++item) partial += work(item);
            return partial;
        }));
    }
    long total = 0;
    for (auto& partial : partials) total += partial.get();
    return total;
}

}  // namespace lesson
