// wrong: race: Every thread pushes its own result, and nothing orders the pushes.
#pragma once

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
    std::vector<std::jthread> threads;
    for (task& work : tasks) {
        threads.emplace_back([&results, work = std::move(work)] {
            std::packaged_task<std::string()> kept(work);
            auto result = kept.get_future();
            kept();
            results.push_back(std::move(result));
        });
    }
    for (auto& thread : threads) thread.join();
    return results;
}

}  // namespace lesson
