// right: Each attempt has a promise, and who comes meanwhile waits for its future: a T, or try
// again.
#pragma once

#include <future>
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
        for (;;) {
            std::promise<T*> mine;
            std::shared_future<T*> attempt;
            bool by_me = false;
            {
                std::lock_guard lock(mutex_);
                by_me = !attempt_.valid();
                if (by_me) attempt_ = mine.get_future().share();
                attempt = attempt_;
            }
            if (by_me) return make(mine);
            if (T* made = attempt.get()) return *made;
        }
    }

  private:
    static T& make(std::promise<T*>& mine) {
        T* made = nullptr;
        try {
            made = new T;
        } catch (...) {
            {
                std::lock_guard lock(mutex_);
                attempt_ = {};
            }
            mine.set_value(nullptr);
            throw;
        }
        mine.set_value(made);
        return *made;
    }

    static inline std::mutex mutex_;
    static inline std::shared_future<T*> attempt_;  // guarded by mutex_
};

}  // namespace lesson
