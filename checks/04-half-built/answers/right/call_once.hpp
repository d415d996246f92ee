// right: std::call_once makes it, and opens again after an exception.
#pragma once

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
        std::call_once(once_, [] { value_ = std::make_unique<T>(); });
        return *value_;
    }

  private:
    static inline std::once_flag once_;
    static inline std::unique_ptr<T> value_;  // written within once_, read after it
};

}  // namespace lesson
