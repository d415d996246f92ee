// wrong: wrong-result: When the attempt fails, each of those who waited makes a T without asking
// the others.
#pragma once

#include <condition_variable>
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
        std::unique_lock lock(mutex_);
        if (state_ == state::being_made) {
            changed_.wait(lock, [] { return state_ != state::being_made; });
        } else if (state_ == state::none) {
            state_ = state::being_made;
        }
        if (state_ == state::made) return *value_;
        lock.unlock();
        T* made = nullptr;
        try {
            made = new T;
        } catch (...) {
            lock.lock();
            if (state_ == state::being_made) state_ = state::none;
            changed_.notify_all();
            throw;
        }
        lock.lock();
        value_ = made;
        state_ = state::made;
        changed_.notify_all();
        return *value_;
    }

  private:
    enum class state { none, being_made, made };

    static inline std::mutex mutex_;
    static inline std::condition_variable changed_;
    static inline state state_ = state::none;  // guarded by mutex_
    static inline T* value_ = nullptr;         // guarded by mutex_
};

}  // namespace lesson
