// ThreadSanitizer, of LLVM 14 and of gcc 12, does not see locks taken with a time limit by
// a clock of the caller's choice, which is how std::timed_mutex and std::shared_timed_mutex wait
// for a duration: everything they guard is reported as a race. Defined in the executable, these are
// found before libc's. They wait in the functions that it does see. They are weak, because the
// explorer, linked in place of ThreadSanitizer, brings its own.

#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include "support/thread_sanitizer.hpp"

#if INTERLEAVE_THREAD_SANITIZER && defined(__GLIBC__)
namespace {

constexpr long long second = 1'000'000'000;  // in nanoseconds

long long nanoseconds(const timespec& time) {
    return time.tv_sec * second + time.tv_nsec;
}

/// The same moment by the clock that the other functions wait by.
timespec by_the_calendar(clockid_t clock, const timespec& deadline) {
    if (clock == CLOCK_REALTIME) return deadline;
    timespec now{};
    timespec calendar{};
    clock_gettime(clock, &now);
    clock_gettime(CLOCK_REALTIME, &calendar);
    const long long left = nanoseconds(deadline) - nanoseconds(now);
    const long long when = nanoseconds(calendar) + (left > 0 ? left : 0);
    return {.tv_sec = static_cast<time_t>(when / second), .tv_nsec = when % second};
}

}  // namespace

extern "C" {

[[gnu::weak]] int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock,
                                          const timespec* deadline) noexcept {
    const timespec until = by_the_calendar(clock, *deadline);
    return pthread_mutex_timedlock(mutex, &until);
}

[[gnu::weak]] int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock,
                                             const timespec* deadline) noexcept {
    const timespec until = by_the_calendar(clock, *deadline);
    return pthread_rwlock_timedrdlock(lock, &until);
}

[[gnu::weak]] int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock,
                                             const timespec* deadline) noexcept {
    const timespec until = by_the_calendar(clock, *deadline);
    return pthread_rwlock_timedwrlock(lock, &until);
}

[[gnu::weak]] int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* deadline) {
    const timespec until = by_the_calendar(clock, *deadline);
    return sem_timedwait(semaphore, &until);
}

}  // extern "C"

#endif
