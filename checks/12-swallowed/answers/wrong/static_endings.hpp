// wrong: race: What became of the tasks is kept in static vectors, which two callers at the same
// time write both.
#pragma once

#include <cstddef>
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
    static std::vector<std::string> texts;
    static std::vector<std::exception_ptr> errors;
    texts.assign(tasks.size(), "");
    errors.assign(tasks.size(), nullptr);
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        threads.emplace_back([&tasks, i] {
            try {
                texts[i] = tasks[i]();
            } catch (...) {
                errors[i] = std::current_exception();
            }
        });
    }
    threads.clear();
    std::vector<std::future<std::string>> results;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        std::promise<std::string> promise;
        results.push_back(promise.get_future());
        if (errors[i]) {
            promise.set_exception(errors[i]);
        } else {
            promise.set_value(texts[i]);
        }
    }
    return results;
}

}  // namespace lesson
