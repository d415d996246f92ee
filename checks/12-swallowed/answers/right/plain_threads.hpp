// right: A vector of packaged tasks that is complete before the first thread starts.
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
    std::vector<std::packaged_task<std::string()>> kept;
    for (task& work : tasks) kept.emplace_back(std::move(work));
    for (auto& one : kept) results.push_back(one.get_future());
    std::vector<std::thread> threads;
    for (auto& one : kept) threads.emplace_back(std::ref(one));
    for (auto& thread : threads) thread.join();
    return results;
}

}  // namespace lesson
