// wrong: wrong-result: the partial sums are kept in an int and overflow.
#pragma once

#include <functional>
#include <future>
#include <vector>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    std::vector<std::future<int>> partials;
    for (int worker = 0; worker < threads; ++worker) {
        partials.push_back(std::async(std::launch::async, [&items, &work, threads, worker] {
            unsigned partial = 0;
            for (long item = worker; item < items; item += threads) {
                partial += static_cast<unsigned>(work(item));
            }
            return static_cast<int>(partial);
        }));
    }
    long total = 0;
    for (auto& partial : partials) total += partial.get();
    return total;
}

}  // namespace lesson
