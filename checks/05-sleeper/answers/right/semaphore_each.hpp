// right: Whoever sleeps has a semaphore in a list, which is released when it happens.
#pragma once

#include <list>
#include <mutex>
#include <semaphore>

namespace lesson {

/// Something that happens, and that threads can sleep until. At first it has not happened. Any
/// thread may call any member; the event outlives every call.
class event {
  public:
    /// Says that it has happened, and wakes whoever waits for that. Twice is the same as once.
    void set() {
        std::lock_guard lock(mutex_);
        happened_ = true;
        for (sleeper* one : asleep_) one->wake.release();
        asleep_.clear();
    }

    /// Sleeps until it has happened; returns at once when it has happened already.
    void wait() {
        std::unique_lock lock(mutex_);
        until_happened(lock);
    }

    /// As wait(), and in the same step makes it not have happened: of the threads that take, each
    /// set() lets one go.
    void take() {
        std::unique_lock lock(mutex_);
        until_happened(lock);
        happened_ = false;
    }

  private:
    struct sleeper {
        std::binary_semaphore wake{0};
    };
    void until_happened(std::unique_lock<std::mutex>& lock) {
        while (!happened_) {
            sleeper self;
            asleep_.push_back(&self);
            lock.unlock();
            self.wake.acquire();
            lock.lock();
        }
    }
    std::mutex mutex_;
    std::list<sleeper*> asleep_;
    bool happened_ = false;
};

}  // namespace lesson
