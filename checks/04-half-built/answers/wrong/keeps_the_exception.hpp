// wrong: wrong-result: The exception is kept as the result, and thrown at everybody after.
#pragma once

#include <exception>
#include <memory>
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
        std::call_once(once_, [] {
            try {
                value_ = std::make_unique<T>();
            } catch (...) {
                error_ = std::current_exception();
            }
        });
        if (error_) std::rethrow_exception(error_);
        return *value_;
    }

  private:
    static inline std::once_flag once_;
    static inline std::unique_ptr<T> value_;
    static inline std::exception_ptr error_;
};

}  // namespace lesson
