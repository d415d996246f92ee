// right: Who has to wait lines up with a condition of its own, and is called by name.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace lesson {

template <class T>
class bounded_queue {
  public:
    explicit bounded_queue(std::size_t capacity) : free_(capacity) {}

    bool push(T item) {
        std::unique_lock lock(mutex_);
        if (closed_) return false;
        if (free_ > 0) {
            --free_;
        } else if (!called(producers_, lock) || closed_) {
            return false;
        }
        ++unfinished_;
        items_.push_back(std::move(item));
        if (!call(consumers_)) ++ready_;
        return true;
    }

    std::optional<T> pop() {
        std::unique_lock lock(mutex_);
        if (ready_ > 0) {
            --ready_;
        } else if (closed_ || !called(consumers_, lock)) {
            return std::nullopt;
        }
        std::optional<T> item = std::move(items_.front());
        items_.pop_front();
        if (!call(producers_)) ++free_;
        return item;
    }

    void task_done() {
        std::lock_guard lock(mutex_);
        if (--unfinished_ == 0) all_done_.notify_all();
    }

    void join() {
        std::unique_lock lock(mutex_);
        all_done_.wait(lock, [this] { return unfinished_ == 0; });
    }

    void close() {
        std::lock_guard lock(mutex_);
        closed_ = true;
        for (auto* line : {&producers_, &consumers_}) {
            while (!line->empty()) dismiss(*line, state::sent_home);
        }
    }

  private:
    enum class state { waits, called, sent_home };
    struct sleeper {
        std::condition_variable woken;
        state now = state::waits;
    };
    using line = std::deque<sleeper*>;

    static bool called(line& waiting, std::unique_lock<std::mutex>& lock) {
        sleeper self;
        waiting.push_back(&self);
        self.woken.wait(lock, [&self] { return self.now != state::waits; });
        return self.now == state::called;
    }

    static bool call(line& waiting) {
        if (waiting.empty()) return false;
        dismiss(waiting, state::called);
        return true;
    }

    static void dismiss(line& waiting, state how) {
        waiting.front()->now = how;
        waiting.front()->woken.notify_one();
        waiting.pop_front();
    }

    std::mutex mutex_;
    std::condition_variable all_done_;
    std::deque<T> items_;
    line producers_;
    line consumers_;
    std::size_t free_;       // places that nobody has been called for
    std::size_t ready_ = 0;  // items that nobody has been called for
    std::size_t unfinished_ = 0;
    bool closed_ = false;
};

}  // namespace lesson
