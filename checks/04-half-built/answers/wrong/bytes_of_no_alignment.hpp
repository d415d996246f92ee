// wrong: wrong-result: The storage has the size of a T, and not its alignment.
#pragma once

#include <cstddef>
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
        std::lock_guard lock(mutex_);
        if (!made_) {
            new (storage_) T;
            made_ = true;
        }
        return *std::launder(reinterpret_cast<T*>(storage_));
    }

  private:
    static inline std::mutex mutex_;
    static inline bool made_ = false;             // guarded by mutex_
    static inline std::byte storage_[sizeof(T)];  // guarded by mutex_
};

}  // namespace lesson
