// wrong: no-overlap: Where more than four threads are asked for, four work, because the author's
// machine has four cores.
#pragma once

#include <algorithm>
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
    threads = std::min(threads, 4);
    std::atomic<long> total = 0;
    std::vector<std::jthread> workers;
    for (int worker = 0; worker < threads; ++worker) {
        workers.emplace_back([&, worker] {
            const long last = items * (worker + 1) / threads;
            long sum = 0;
            for (long item = items * worker / threads; item < last; ++item) sum += work(item);
            total += sum;
        });
    }
    workers.clear();
    return total;
}

}  // namespace lesson
