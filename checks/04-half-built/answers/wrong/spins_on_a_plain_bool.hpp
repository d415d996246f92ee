// wrong: race: The losers wait, by looking again and again at a plain bool.
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
        if (!begun_.exchange(true)) {
            value_ = std::make_unique<T>();
            made_ = true;
        }
        while (!made_) std::this_thread::yield();
        return *value_;
    }

  private:
    static inline std::atomic<bool> begun_ = false;
    static inline bool made_ = false;
    static inline std::unique_ptr<T> value_;
};

}  // namespace lesson
