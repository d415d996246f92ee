// wrong: wrong-result: It returns as soon as one task has failed, while others may still run.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
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
    struct state {
        std::mutex mutex;
        std::condition_variable changed;
        std::size_t running = 0;  // guarded by mutex
        bool failed = false;      // guarded by mutex
    };
    const auto all = std::make_shared<state>();
    all->running = tasks.size();
    std::vector<std::future<std::string>> results;
    for (task& work : tasks) {
        std::promise<std::string> promise;
        results.push_back(promise.get_future());
        std::thread([all, work = std::move(work), promise = std::move(promise)]() mutable {
            bool failed = false;
            try {
                promise.set_value(work());
            } catch (...) {
                promise.set_exception(std::current_exception());
                failed = true;
            }
            const std::lock_guard lock(all->mutex);
            --all->running;
            all->failed = all->failed || failed;
            all->changed.notify_all();
        }).detach();
    }
    std::unique_lock lock(all->mutex);
    all->changed.wait(lock, [&all] { return all->running == 0 || all->failed; });
    return results;
}

}  // namespace lesson
