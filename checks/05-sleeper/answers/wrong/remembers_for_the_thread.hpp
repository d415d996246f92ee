// wrong: wrong-result: Each thread remembers that it has seen it happen, also when another has
// taken it since.
#pragma once

#include <condition_variable>
#include <mutex>

namespace lesson {

/// Something that happens, and that threads can sleep until. At first it has not happened. Any
/// thread may call any member; the event outlives every call.
class event {
  public:
    /// Says that it has happened, and wakes whoever waits for that. Twice is the same as once.
    void set() {
        std::lock_guard lock(mutex_);
        happened_ = true;
        changed_.notify_all();
    }

    /// Sleeps until it has happened; returns at once when it has happened already.
    void wait() {
        if (seen() == this) return;
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return happened_; });
        seen() = this;
    }

    /// As wait(), and in the same step makes it not have happened: of the threads that take, each
    /// set() lets one go.
    void take() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return happened_; });
        happened_ = false;
        seen() = nullptr;
    }

  private:
    static const event*& seen() {
        static thread_local const event* last = nullptr;
        return last;
    }
    std::mutex mutex_;
    std::condition_variable changed_;
    bool happened_ = false;
};

}  // namespace lesson
