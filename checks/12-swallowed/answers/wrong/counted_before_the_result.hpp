// wrong: wrong-result: Each thread counts the latch down before it has stored what came of its
// task.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <latch>
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
    auto ended = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(tasks.size()));
    for (task& work : tasks) {
        std::promise<std::string> promise;
        results.push_back(promise.get_future());
        std::thread([work = std::move(work), promise = std::move(promise), ended]() mutable {
            std::string value;
            std::exception_ptr error;
            try {
                value = work();
            } catch (...) {
                error = std::current_exception();
            }
            ended->count_down();
            if (error)
                promise.set_exception(error);
            else
                promise.set_value(std::move(value));
        }).detach();
    }
    ended->wait();
    return results;
}

}  // namespace lesson
