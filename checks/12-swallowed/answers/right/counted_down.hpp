// right: Detached threads count themselves off under a lock, and the caller waits for zero.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace lesson {

/// Fetches one page: returns its text, or throws why there is none.
using task = std::function<std::string()>;

class countdown {
  public:
    void add() {
        const std::lock_guard lock(mutex_);
        ++count_;
    }
    void remove() {
        const std::lock_guard lock(mutex_);
        if (--count_ == 0) zero_.notify_all();
    }
    void wait() {
        std::unique_lock lock(mutex_);
        zero_.wait(lock, [this] { return count_ == 0; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable zero_;
    std::size_t count_ = 0;  // guarded by mutex_
};

/// Runs every task once, all at the same time, each on a thread of its own (one of them may be the
/// caller's), and returns when the last has ended. The futures are ready, in the order of the
/// tasks: get() returns what that task returned, or throws the very exception that it threw, of
/// whatever type. No task's end affects another's. Any thread may call.
inline std::vector<std::future<std::string>> run_all(std::vector<task> tasks) {
    std::vector<std::future<std::string>> results;
    const auto under_way = std::make_shared<countdown>();
    for (task& work : tasks) {
        std::packaged_task<std::string()> kept(std::move(work));
        results.push_back(kept.get_future());
        under_way->add();
        try {
            std::thread([under_way, kept = std::move(kept)]() mutable {
                kept();
                kept = {};
                under_way->remove();
            }).detach();
        } catch (...) {
            under_way->remove();
            under_way->wait();
            throw;
        }
    }
    under_way->wait();
    return results;
}

}  // namespace lesson
