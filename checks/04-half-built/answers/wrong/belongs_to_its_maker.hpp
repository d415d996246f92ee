// wrong: wrong-result: The T is a thread_local of the thread that made it, and goes when that ends.
#pragma once

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
        std::lock_guard lock(mutex_);
        if (value_ == nullptr) {
            thread_local T mine;
            value_ = &mine;
        }
        return *value_;
    }

  private:
    static inline std::mutex mutex_;
    static inline T* value_ = nullptr;  // guarded by mutex_
};

}  // namespace lesson
