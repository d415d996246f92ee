// wrong: imbalance: each thread takes half of what is left, so that the first does half of it all.
#pragma once

#include <functional>
#include <future>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    std::vector<std::future<long>> partials;
    long first = 0;
    for (int worker = 0; worker < threads; ++worker) {
        const long last = worker + 1 == threads ? items : first + (items - first) / 2;
        partials.push_back(std::async(std::launch::async, [&work, first, last] {
            long partial = 0;
            for (long item = first; item < last; ++item) partial += work(item);
            return partial;
        }));
        first = last;
    }
    long total = 0;
    for (auto& partial : partials) total += partial.get();
    return total;
}

}  // namespace lesson
