// wrong: race: The flag is atomic, and relaxed: it may be seen before what it speaks of.
#pragma once

#include <atomic>
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
        if (!made_.load(std::memory_order_relaxed)) {
            std::lock_guard lock(mutex_);
            if (!made_.load(std::memory_order_relaxed)) {
                value_ = std::make_unique<T>();
                made_.store(true, std::memory_order_relaxed);
            }
        }
        return *value_;
    }

  private:
    static inline std::mutex mutex_;
    static inline std::atomic<bool> made_ = false;
    static inline std::unique_ptr<T> value_;
};

}  // namespace lesson
