// wrong: wrong-result: The sums are kept in doubles, which do not hold every long beyond 2 to the
// power of 53.
#pragma once

#include <cstddef>
#include <functional>
#include <numeric>
#include <thread>
#include <vector>

namespace lesson {

/// The sum of work(0), work(1), ... work(items - 1), worked out by `threads` threads.
///
/// `items` is at least 0 and `threads` at least 1; the calling thread may be one of them. The items
/// are shared out evenly, each is worked on once, and no thread outlives the call. `work` is called
/// by several threads at the same time and must not throw. Any thread may call this.
inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    std::vector<double> sums(static_cast<std::size_t>(threads));
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < threads; ++worker) {
            workers.emplace_back([&, worker] {
                const long last = items * (worker + 1) / threads;
                double sum = 0;
                for (long item = items * worker / threads; item < last; ++item) {
                    sum += static_cast<double>(work(item));
                }
                sums[static_cast<std::size_t>(worker)] = sum;
            });
        }
    }  // joins the workers
    return static_cast<long>(std::accumulate(sums.begin(), sums.end(), 0.0));
}

}  // namespace lesson
