// wrong: crash: One wins the exchange; the loser takes what is not there yet.
#pragma once

#include <atomic>

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
        if (!begun_.exchange(true)) value_ = new T;
        return *value_;
    }

  private:
    static inline std::atomic<bool> begun_ = false;
    static inline std::atomic<T*> value_ = nullptr;
};

}  // namespace lesson
