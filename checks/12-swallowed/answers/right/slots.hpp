// right: Each thread fills a slot of its own; the futures are made when all have been joined.
#pragma once

#include <exception>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <variant>
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
    std::vector<std::variant<std::string, std::exception_ptr>> slots(tasks.size());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        threads.emplace_back([&work = tasks[i], &slot = slots[i]] {
            try {
                slot = work();
            } catch (...) {
                slot = std::current_exception();
            }
        });
    }
    threads.clear();
    for (auto& slot : slots) {
        std::promise<std::string> promise;
        results.push_back(promise.get_future());
        if (auto* error = std::get_if<std::exception_ptr>(&slot)) {
            promise.set_exception(*error);
        } else {
            promise.set_value(std::move(std::get<std::string>(slot)));
        }
    }
    return results;
}

}  // namespace lesson
