// wrong: uncaught-exception: Throws a copy of what it caught, and the copy is only what the handler
// names.
#pragma once

#include <memory>
#include <mutex>
#include <stdexcept>

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
        try {
            if (!value_) value_ = std::make_unique<T>();
        } catch (const std::runtime_error& error) {
            throw error;
        }
        return *value_;
    }

  private:
    static inline std::mutex mutex_;
    static inline std::unique_ptr<T> value_;  // guarded by mutex_
};

}  // namespace lesson
