// right: Each thread keeps its promise and releases a semaphore, acquired once for every task.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

namespace lesson {

/// Fetches one page: returns its text, or throws why there is none.
using task = std::function<std::string()>;

inline std::vector<std::future<std::string>> run_all(std::vector<task> tasks) {
    std::vector<std::promise<std::string>> promises(tasks.size());
    std::vector<std::future<std::string>> results;
    for (auto& promise : promises) results.push_back(promise.get_future());
    std::counting_semaphore<1024> ended(0);
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        threads.emplace_back([&, i] {
            try {
                promises[i].set_value(tasks[i]());
            } catch (...) {
                promises[i].set_exception(std::current_exception());
            }
            ended.release();
        });
    }
    for (std::size_t i = 0; i < tasks.size(); ++i) ended.acquire();
    return results;
}

}  // namespace lesson
