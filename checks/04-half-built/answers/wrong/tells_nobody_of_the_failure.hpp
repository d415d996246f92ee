// wrong: lost-wakeup: Who waits for an attempt that fails is never told.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

namespace lesson {

/// The one T of the program, made when it is first asked for. Every T has a singleton of its own.
template <class T>
class singleton {
  public:
    /// The finished T, the same one for all who ask. The first call makes it with T's default
    /// constructor, which may ask for singletons of other types; whoever asks meanwhile waits. No
    /// second T is ever made. An exception of the constructor leaves the call that made the
    /// attempt, and the next call makes another. Any thread.
    static T& instance() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [] { return !building_; });
        if (value_) return *value_;
        building_ = true;
        lock.unlock();
        std::unique_ptr<T> built;
        try {
            built = std::make_unique<T>();
        } catch (...) {
            lock.lock();
            building_ = false;
            throw;
        }
        lock.lock();
        value_ = std::move(built);
        building_ = false;
        changed_.notify_all();
        return *value_;
    }

  private:
    static inline std::mutex mutex_;
    static inline std::condition_variable changed_;
    static inline bool building_ = false;     // guarded by mutex_
    static inline std::unique_ptr<T> value_;  // guarded by mutex_
};

}  // namespace lesson
