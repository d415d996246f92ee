// wrong: race: A release fence that no acquire pairs with.
#pragma once

#include <atomic>
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
        T* value = value_.load(std::memory_order_relaxed);
        if (value == nullptr) {
            std::lock_guard lock(mutex_);
            value = value_.load(std::memory_order_relaxed);
            if (value == nullptr) {
                value = new T;
                std::atomic_thread_fence(std::memory_order_release);
                value_.store(value, std::memory_order_relaxed);
            }
        }
        return *value;
    }

  private:
    static inline std::mutex mutex_;
    static inline std::atomic<T*> value_ = nullptr;
};

}  // namespace lesson
