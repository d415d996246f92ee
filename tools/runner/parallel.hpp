#pragma once
#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace interleave {

/// Calls `body(item)` for every item, on `jobs` threads, in the order of the items as threads come
/// free. After `stop`, or after a call has thrown, no further call begins; the first exception is
/// rethrown when all have ended.
template <class Items, class Body>
void for_each_in_parallel(const Items& items, int jobs, const std::stop_token& stop, Body body) {
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::exception_ptr failure;  // guarded by mutex
    const auto work = [&] {
        try {
            for (auto i = next++; i < items.size() && !stop.stop_requested(); i = next++) {
                body(items[i]);
            }
        } catch (...) {
            next = items.size();
            std::lock_guard lock(mutex);
            if (!failure) failure = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < std::max(1, jobs); ++i) threads.emplace_back(work);
    }
    if (failure) std::rethrow_exception(failure);
}

}  // namespace interleave
