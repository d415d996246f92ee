#pragma once

#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace lesson {

/// The sum of work(0), work(1), ... work(items - 1), worked out by `threads` threads.
///
/// `items` is at least 0 and `threads` at least 1; the calling thread may be one of them. The items
/// are shared out evenly, each is worked on once, and no thread outlives the call. `work` is called
/// by several threads at the same time and must not throw. Any thread may call this.
inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    std::mutex mutex;
    long total = 0;  // guarded by mutex
    {
        std::vector<std::jthread> workers;
        workers.reserve(static_cast<std::size_t>(threads));
        for (int worker = 0; worker < threads; ++worker) {
            workers.emplace_back([&, worker] {
                const long first = items * worker / threads;
                const long last = items * (worker + 1) / threads;
                long partial = 0;
                for (long item = first; item < last; ++item) partial += work(item);
                std::lock_guard lock(mutex);
                total += partial;
            });
        }
    }  // joins the workers
    return total;
}

}  // namespace lesson
