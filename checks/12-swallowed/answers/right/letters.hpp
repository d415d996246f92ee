// right: The threads send what came of their tasks in letters, and the caller keeps the promises.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <mutex>
#include <queue>
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
    struct letter {
        std::size_t from = 0;
        std::string value;
        std::exception_ptr error;
    };
    std::mutex mutex;
    std::condition_variable came;
    std::queue<letter> box;
    std::vector<std::promise<std::string>> promises(tasks.size());
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        threads.emplace_back([&, i] {
            letter mine{i, {}, nullptr};
            try {
                mine.value = tasks[i]();
            } catch (...) {
                mine.error = std::current_exception();
            }
            std::lock_guard lock(mutex);
            box.push(std::move(mine));
            came.notify_one();
        });
    }
    for (std::size_t got = 0; got < tasks.size(); ++got) {
        std::unique_lock lock(mutex);
        came.wait(lock, [&] { return !box.empty(); });
        letter next = std::move(box.front());
        box.pop();
        lock.unlock();
        if (next.error) {
            promises[next.from].set_exception(next.error);
        } else {
            promises[next.from].set_value(std::move(next.value));
        }
    }
    std::vector<std::future<std::string>> results;
    for (auto& promise : promises) results.push_back(promise.get_future());
    return results;
}

}  // namespace lesson
