// wrong: lost-exception: One variable for the error: every failed task gets the one kept there.
#pragma once

#include <exception>
#include <functional>
#include <future>
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
    std::vector<std::future<std::string>> results;
    std::vector<std::jthread> threads;
    std::mutex mutex;
    std::exception_ptr error;  // guarded by mutex
    std::vector<std::string> values(tasks.size());
    std::vector<char> failed(tasks.size());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        threads.emplace_back([&, i] {
            try {
                values[i] = tasks[i]();
            } catch (...) {
                failed[i] = true;
                std::lock_guard lock(mutex);
                if (!error) error = std::current_exception();
            }
        });
    }
    for (auto& thread : threads) thread.join();
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        std::promise<std::string> promise;
        results.push_back(promise.get_future());
        if (failed[i]) {
            promise.set_exception(error);
        } else {
            promise.set_value(std::move(values[i]));
        }
    }
    return results;
}

}  // namespace lesson
