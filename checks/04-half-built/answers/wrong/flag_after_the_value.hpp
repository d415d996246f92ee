// wrong: race: The flag is set last, and still nothing orders the two.
#pragma once

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
        if (!made_) {
            value_ = new T;
            made_ = true;
        }
        return *value_;
    }

  private:
    static inline bool made_ = false;
    static inline T* value_ = nullptr;
};

}  // namespace lesson
