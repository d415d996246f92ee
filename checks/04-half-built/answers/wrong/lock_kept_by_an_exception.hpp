// wrong: livelock: The flag that serves as the lock is not given back when the constructor throws.
#pragma once

#include <atomic>
#include <memory>
#include <thread>

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
        while (taken_.exchange(true)) std::this_thread::yield();
        if (!value_) value_ = std::make_unique<T>();
        taken_ = false;
        return *value_;
    }

  private:
    static inline std::atomic<bool> taken_ = false;
    static inline std::unique_ptr<T> value_;  // belongs to whoever set taken_
};

}  // namespace lesson
