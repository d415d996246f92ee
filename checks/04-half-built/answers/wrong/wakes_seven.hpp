// wrong: deadlock: Those who wait are told seven times, and there may be more of them.
#pragma once

#include <mutex>
#include <semaphore>

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
        for (;;) {
            {
                std::lock_guard lock(mutex_);
                if (value_ != nullptr) return *value_;
                if (!building_) {
                    building_ = true;
                    break;
                }
            }
            finished_.acquire();
        }
        T* made = nullptr;
        try {
            made = new T;
        } catch (...) {
            finish(nullptr);
            throw;
        }
        finish(made);
        return *made;
    }

  private:
    static void finish(T* made) {
        {
            std::lock_guard lock(mutex_);
            value_ = made;
            building_ = false;
        }
        finished_.release(7);
    }

    static inline std::mutex mutex_;
    static inline std::counting_semaphore<> finished_{0};
    static inline bool building_ = false;  // guarded by mutex_
    static inline T* value_ = nullptr;     // guarded by mutex_
};

}  // namespace lesson
