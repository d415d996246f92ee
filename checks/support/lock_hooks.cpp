// Lock functions defined in the executable are found before libc's, also by libstdc++. On a thread
// that nobody watches, they only pass through.

#include "support/lock_hooks.hpp"

#if INTERLEAVE_LOCK_HOOKS
#include <dlfcn.h>
#include <pthread.h>

#include <cerrno>

namespace {

using interleave::lock_observer;

thread_local constinit lock_observer* the_observer = nullptr;

void tell(void (lock_observer::*what)()) {
    lock_observer* const observer = interleave::watch_locks(nullptr);
    if (observer == nullptr) return;
    (observer->*what)();
    interleave::watch_locks(observer);
}

template <class Lock>
using lock_function = int (*)(Lock*);

template <class Lock>
lock_function<Lock> next(const char* name) {
    return reinterpret_cast<lock_function<Lock>>(dlsym(RTLD_NEXT, name));
}

template <class Lock>
int take(Lock* lock, lock_function<Lock> wait, lock_function<Lock> try_once) {
    if (the_observer == nullptr) return wait(lock);
    int result = try_once(lock);
    if (result == EBUSY || result == EAGAIN) {
        tell(&lock_observer::wants);
        result = wait(lock);
    }
    if (result == 0) tell(&lock_observer::taken);
    return result;
}

template <class Lock>
int try_to_take(Lock* lock, lock_function<Lock> try_once) {
    const int result = try_once(lock);
    tell(result == 0 ? &lock_observer::taken : &lock_observer::wants);
    return result;
}

template <class Lock>
int give_back(Lock* lock, lock_function<Lock> unlock) {
    const int result = unlock(lock);
    if (result == 0) tell(&lock_observer::given_back);
    return result;
}

lock_function<pthread_mutex_t> mutex_trylock() {
    static const auto function = next<pthread_mutex_t>("pthread_mutex_trylock");
    return function;
}

lock_function<pthread_rwlock_t> rwlock_tryrdlock() {
    static const auto function = next<pthread_rwlock_t>("pthread_rwlock_tryrdlock");
    return function;
}

lock_function<pthread_rwlock_t> rwlock_trywrlock() {
    static const auto function = next<pthread_rwlock_t>("pthread_rwlock_trywrlock");
    return function;
}

}  // namespace

extern "C" {

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
    static const auto function = next<pthread_mutex_t>("pthread_mutex_lock");
    return take(mutex, function, mutex_trylock());
}

int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
    return try_to_take(mutex, mutex_trylock());
}

int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
    static const auto function = next<pthread_mutex_t>("pthread_mutex_unlock");
    return give_back(mutex, function);
}

int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
    static const auto function = next<pthread_rwlock_t>("pthread_rwlock_rdlock");
    return take(lock, function, rwlock_tryrdlock());
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) noexcept {
    return try_to_take(lock, rwlock_tryrdlock());
}

int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
    static const auto function = next<pthread_rwlock_t>("pthread_rwlock_wrlock");
    return take(lock, function, rwlock_trywrlock());
}

int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) noexcept {
    return try_to_take(lock, rwlock_trywrlock());
}

int pthread_rwlock_unlock(pthread_rwlock_t* lock) noexcept {
    static const auto function = next<pthread_rwlock_t>("pthread_rwlock_unlock");
    return give_back(lock, function);
}

}  // extern "C"

namespace interleave {

lock_observer* watch_locks(lock_observer* observer) noexcept {
    return std::exchange(the_observer, observer);
}

}  // namespace interleave

#else

namespace interleave {

lock_observer* watch_locks(lock_observer*) noexcept {
    return nullptr;
}

}  // namespace interleave

#endif
