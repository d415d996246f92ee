// right: Each thread starts the next, runs its own task, and joins the one it started.
#pragma once

#include <cstddef>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace lesson {

/// Fetches one page: returns its text, or throws why there is none.
using task = std::function<std::string()>;

inline void run_each_from(std::vector<std::packaged_task<std::string()>>& all, std::size_t i) {
    if (i == all.size()) return;
    std::jthread next([&all, i] { run_each_from(all, i + 1); });
    all[i]();
}

/// Runs every task once, all at the same time, each on a thread of its own (one of them may be the
/// caller's), and returns when the last has ended. The futures are ready, in the order of the
/// tasks: get() returns what that task returned, or throws the very exception that it threw, of
/// whatever type. No task's end affects another's. Any thread may call.
inline std::vector<std::future<std::string>> run_all(std::vector<task> tasks) {
    std::vector<std::packaged_task<std::string()>> all;
    std::vector<std::future<std::string>> results;
    for (task& work : tasks) {
        all.emplace_back(std::move(work));
        results.push_back(all.back().get_future());
    }
    std::jthread([&] { run_each_from(all, 0); }).join();
    return results;
}

}  // namespace lesson
