// right: Detached threads count down a relaxed atomic behind a release fence; the caller waits on
// it, with an acquire fence after.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace lesson {

/// Fetches one page: returns its text, or throws why there is none.
using task = std::function<std::string()>;

/// Runs every task once, all at the same time, each on a thread of its own (one of them may be the
/// caller's), and returns when the last has ended. The futures are ready, in the order of the
/// tasks: get() returns what that task returned, or throws the very exception that it threw, of
/// whatever type. No task's end affects another's. Any thread may call.
inline std::vector<std::future<std::string>> run_all(std::vector<task> tasks) {
    std::vector<std::future<std::string>> results;
    const auto running = std::make_shared<std::atomic<int>>(static_cast<int>(tasks.size()));
    for (task& work : tasks) {
        std::packaged_task<std::string()> kept(std::move(work));
        results.push_back(kept.get_future());
        std::thread([running, kept = std::move(kept)]() mutable {
            kept();
            kept = {};
            std::atomic_thread_fence(std::memory_order_release);
            if (running->fetch_sub(1, std::memory_order_relaxed) == 1) running->notify_all();
        }).detach();
    }
    for (int left; (left = running->load(std::memory_order_relaxed)) != 0;) {
        running->wait(left, std::memory_order_relaxed);
    }
    // Every decrement is a read-modify-write, so the zero carries on the release of each thread.
    std::atomic_thread_fence(std::memory_order_acquire);
    return results;
}

}  // namespace lesson
