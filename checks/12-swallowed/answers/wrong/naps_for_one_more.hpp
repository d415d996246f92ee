// wrong: livelock: The caller naps until more tasks have ended than there are.
#pragma once

#include <atomic>
#include <chrono>
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
    std::vector<std::future<std::string>> results;
    std::atomic<std::size_t> ended = 0;
    std::vector<std::jthread> threads;
    for (task& work : tasks) {
        std::packaged_task<std::string()> kept(std::move(work));
        results.push_back(kept.get_future());
        threads.emplace_back([&ended, kept = std::move(kept)]() mutable {
            kept();
            ++ended;
        });
    }
    while (ended <= tasks.size()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return results;
}

}  // namespace lesson
