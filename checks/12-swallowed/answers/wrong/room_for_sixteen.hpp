// wrong: no-overlap: There is room for sixteen promises, however many tasks come.
#pragma once

#include <array>
#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace lesson {

/// Fetches one page: returns its text, or throws why there is none.
using task = std::function<std::string()>;

/// Runs every task once, all at the same time, each on a thread of its own (one of them may be the
/// caller's), and returns when the last has ended. The futures are ready, in the order of the
/// tasks: get() returns what that task returned, or throws the very exception that it threw, of
/// whatever type. No task's end affects another's. Any thread may call.
inline std::vector<std::future<std::string>> run_all(std::vector<task> tasks) {
    std::array<std::promise<std::string>, 16> promises;
    std::vector<std::future<std::string>> results;
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        results.push_back(promises.at(i).get_future());
        threads.emplace_back([&, i] {
            try {
                promises[i].set_value(tasks[i]());
            } catch (...) {
                promises[i].set_exception(std::current_exception());
            }
        });
    }
    threads.clear();
    return results;
}

}  // namespace lesson
