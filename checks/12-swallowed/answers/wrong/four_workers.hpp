// wrong: no-overlap: At most four threads take the tasks from a list.
#pragma once

#include <algorithm>
#include <atomic>
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
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < std::min<std::size_t>(4, all.size()); ++i) {
        workers.emplace_back([&] {
            for (std::size_t mine = next++; mine < all.size(); mine = next++) all[mine]();
        });
    }
    workers.clear();
    return results;
}

}  // namespace lesson
