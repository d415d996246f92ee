#pragma once
#include <utility>

#include "support/thread_sanitizer.hpp"

/// 1 where lock operations can be watched: Linux with glibc, and not under ThreadSanitizer, whose
/// own interceptors are needed there to see races.
#if defined(__linux__) && defined(__GLIBC__) && !INTERLEAVE_THREAD_SANITIZER
#define INTERLEAVE_LOCK_HOOKS 1
#else
#define INTERLEAVE_LOCK_HOOKS 0
#endif

namespace interleave {

/// Is told of the lock operations of the thread it watches, on that thread: of every std::mutex,
/// recursive_mutex and shared_mutex taken or given back without a time limit.
class lock_observer {
  public:
    /// A lock is wanted and held by another; the thread now waits for it, or tries something else.
    virtual void wants() = 0;
    virtual void taken() = 0;
    virtual void given_back() = 0;

  protected:
    ~lock_observer() = default;
};

/// Makes `observer` watch the calling thread; null ends it. Returns the one before. While it is
/// being told of an operation, its own lock operations go unwatched.
lock_observer* watch_locks(lock_observer* observer) noexcept;

}  // namespace interleave
