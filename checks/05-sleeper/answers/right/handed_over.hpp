// right: Each time is handed to the taker that has slept longest; without one it is kept.
#pragma once

#include <condition_variable>
#include <list>
#include <mutex>

namespace lesson {

/// Something that happens, and that threads can sleep until. At first it has not happened. Any
/// thread may call any member; the event outlives every call.
class event {
  public:
    /// Says that it has happened, and wakes whoever waits for that. Twice is the same as once.
    void set() {
        std::lock_guard lock(mutex_);
        ++generation_;
        changed_.notify_all();
        if (takers_.empty()) {
            kept_ = true;
        } else {
            taker* first = takers_.front();
            takers_.pop_front();
            first->has_it = true;
            first->woken.notify_one();
        }
    }

    /// Sleeps until it has happened; returns at once when it has happened already.
    void wait() {
        std::unique_lock lock(mutex_);
        if (kept_) return;
        changed_.wait(lock, [this, before = generation_] { return generation_ != before; });
    }

    /// As wait(), and in the same step makes it not have happened: of the threads that take, each
    /// set() lets one go.
    void take() {
        std::unique_lock lock(mutex_);
        if (kept_) {
            kept_ = false;
            return;
        }
        taker self;
        takers_.push_back(&self);
        self.woken.wait(lock, [&] { return self.has_it; });
    }

  private:
    struct taker {
        std::condition_variable woken;
        bool has_it = false;
    };
    std::mutex mutex_;
    std::condition_variable changed_;
    std::list<taker*> takers_;
    unsigned long generation_ = 0;
    bool kept_ = false;
};

}  // namespace lesson
