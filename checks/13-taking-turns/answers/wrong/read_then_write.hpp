// wrong: wrong-result: The total is atomic, but is read before the work and written after it, so
// that additions in between are lost.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace lesson {

/// The sum of work(0), work(1), ... work(items - 1), worked out by `threads` threads.
///
/// `items` is at least 0 and `threads` at least 1; the calling thread may be one of them. The items
/// are shared out evenly, each is worked on once, and no thread outlives the call. `work` is called
/// by several threads at the same time and must not throw. Any thread may call this.
inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    std::atomic<long> total = 0;
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < threads; ++worker) {
            workers.emplace_back([&, worker] {
                const long first = items * worker / threads;
                const long last = items * (worker + 1) / threads;
                for (long item = first; item < last; ++item) {
                    const long before = total.load();
                    total.store(before + work(item));
                }
            });
        }
    }  // joins the workers
    return total;
}

}  // namespace lesson
