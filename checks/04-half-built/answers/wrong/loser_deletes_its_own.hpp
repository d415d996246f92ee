// wrong: wrong-result: Two are made, and the one that came second is thrown away.
#pragma once

#include <atomic>
#include <memory>

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
        T* value = value_;
        if (value == nullptr) {
            auto mine = std::make_unique<T>();
            if (value_.compare_exchange_strong(value, mine.get())) value = mine.release();
        }
        return *value;
    }

  private:
    static inline std::atomic<T*> value_ = nullptr;
};

}  // namespace lesson
