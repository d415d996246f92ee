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
        // The guard of a local static lets one thread in and makes the others wait; what the
        // constructor wrote happens before every return, and after a throw the guard opens again.
        static T value;
        return value;
    }
};

}  // namespace lesson
