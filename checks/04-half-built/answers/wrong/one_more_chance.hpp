// wrong: uncaught-exception: A constructor that fails once may be tried again; at the second
// failure it gives up.
#pragma once

#include <exception>
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
        std::lock_guard lock(mutex_);
        if (value_) return *value_;
        try {
            value_ = std::make_unique<T>();
        } catch (...) {
            if (failed_) std::terminate();
            failed_ = true;
            throw;
        }
        return *value_;
    }

  private:
    static inline std::mutex mutex_;
    static inline bool failed_ = false;       // guarded by mutex_
    static inline std::unique_ptr<T> value_;  // guarded by mutex_
};

}  // namespace lesson
