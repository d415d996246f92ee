// right: A flag as the lock: who finds it taken gives way, until it has it.
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
        while (taken_.test_and_set(std::memory_order_acquire))
            std::this_thread::yield();  // with clear
        const guard give_back;
        if (!value_) value_ = std::make_unique<T>();
        return *value_;
    }

  private:
    struct guard {
        ~guard() { taken_.clear(std::memory_order_release); }  // with test_and_set
    };

    static inline std::atomic_flag taken_;
    static inline std::unique_ptr<T> value_;  // belongs to whoever set taken_
};

}  // namespace lesson
