// right: Threads on their own, whose promises are kept when they have ended.
#pragma once

#include <exception>
#include <functional>
#include <future>
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
    for (task& work : tasks) {
        std::promise<std::string> promise;
        results.push_back(promise.get_future());
        std::thread([work = std::move(work), promise = std::move(promise)]() mutable {
            try {
                promise.set_value_at_thread_exit(work());
            } catch (...) {
                promise.set_exception_at_thread_exit(std::current_exception());
            }
        }).detach();
    }
    for (const auto& each : results) each.wait();
    return results;
}

}  // namespace lesson
