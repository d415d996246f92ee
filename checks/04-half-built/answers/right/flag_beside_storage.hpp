// right: An atomic flag speaks of storage that is there from the beginning.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <new>

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
        if (!made_.load(std::memory_order_acquire)) {  // with the store below
            std::lock_guard lock(mutex_);
            if (!made_.load(std::memory_order_relaxed)) {  // ordered by mutex_
                new (storage_) T;
                made_.store(true, std::memory_order_release);  // with the first load
            }
        }
        return *std::launder(reinterpret_cast<T*>(storage_));
    }

  private:
    static inline std::mutex mutex_;  // held while T is made
    static inline std::atomic<bool> made_ = false;
    alignas(T) static inline std::byte storage_[sizeof(T)];
};

}  // namespace lesson
