// <threads.h>: the C library's own are pthread's under other names, and reach them by a way of
// their own.

#include <threads.h>

#include <cerrno>
#include <cstdint>

#include "locks.hpp"
#include "real.hpp"
#include "threads.hpp"

using namespace interleave::detail;

namespace {

std::uintptr_t number(const volatile void* address) {
    return reinterpret_cast<std::uintptr_t>(address);
}
std::int64_t nanoseconds(const timespec* t) {
    return t->tv_sec * 1'000'000'000ll + t->tv_nsec;
}

/// What a pthread function returned, as these say it.
int in_c11(int error) {
    switch (error) {
        case 0:
            return thrd_success;
        case EBUSY:
            return thrd_busy;
        case ENOMEM:
            return thrd_nomem;
        case ETIMEDOUT:
            return thrd_timedout;
        default:
            return thrd_error;
    }
}

// In glibc the one type is the other.
pthread_mutex_t* mutex_in(mtx_t* m) {
    static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t));
    return reinterpret_cast<pthread_mutex_t*>(m);
}
int kind_of(mtx_t* m) {
    return mutex_in(m)->__data.__kind;
}

}  // namespace

#define REAL_UNLESS_ACTIVE(call) \
    if (!rt.active) return real().call

extern "C" {

int thrd_create(thrd_t* thread, thrd_start_t start, void* argument) {
    REAL_UNLESS_ACTIVE(thrd_create(thread, start, argument));
    // Its result comes back where a pointer would; join looks at the part that is an int.
    const auto any = reinterpret_cast<void (*)()>(start);
    start_thread(thread, reinterpret_cast<void* (*)(void*)>(any), argument, false,
                 INTERLEAVE_CALLER);
    return thrd_success;
}
int thrd_join(thrd_t thread, int* result) {
    REAL_UNLESS_ACTIVE(thrd_join(thread, result));
    void* returned = nullptr;
    const int error = join_thread(thread, &returned, -1, INTERLEAVE_CALLER);
    if (!error && result) *result = static_cast<int>(number(returned));
    return in_c11(error);
}
int thrd_detach(thrd_t thread) {
    REAL_UNLESS_ACTIVE(thrd_detach(thread));
    return in_c11(pthread_detach(thread));
}
void thrd_exit(int result) {
    if (!rt.active) real().thrd_exit(result);
    pthread_exit(reinterpret_cast<void*>(static_cast<std::intptr_t>(result)));
}
thrd_t thrd_current() {
    return pthread_self();
}
void thrd_yield() {
    sched_yield();
}
int thrd_sleep(const timespec* length, timespec* left) {
    REAL_UNLESS_ACTIVE(thrd_sleep(length, left));
    return nanosleep(length, left);
}

int mtx_init(mtx_t* m, int type) {
    REAL_UNLESS_ACTIVE(mtx_init(m, type));
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(
        &attributes, type & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
    return in_c11(pthread_mutex_init(mutex_in(m), &attributes));
}
void mtx_destroy(mtx_t* m) {
    pthread_mutex_destroy(mutex_in(m));
}
int mtx_lock(mtx_t* m) {
    REAL_UNLESS_ACTIVE(mtx_lock(m));
    return in_c11(lock_mutex(number(m), kind_of(m), -1, INTERLEAVE_CALLER));
}
int mtx_trylock(mtx_t* m) {
    REAL_UNLESS_ACTIVE(mtx_trylock(m));
    return in_c11(try_lock_mutex(number(m), kind_of(m), INTERLEAVE_CALLER));
}
int mtx_timedlock(mtx_t* m, const timespec* until) {
    REAL_UNLESS_ACTIVE(mtx_timedlock(m, until));
    return in_c11(lock_mutex(number(m), kind_of(m), nanoseconds(until), INTERLEAVE_CALLER));
}
int mtx_unlock(mtx_t* m) {
    REAL_UNLESS_ACTIVE(mtx_unlock(m));
    return in_c11(unlock_mutex(number(m), kind_of(m), INTERLEAVE_CALLER));
}

int cnd_init(cnd_t* c) {
    REAL_UNLESS_ACTIVE(cnd_init(c));
    return in_c11(pthread_cond_init(reinterpret_cast<pthread_cond_t*>(c), nullptr));
}
void cnd_destroy(cnd_t* c) {
    pthread_cond_destroy(reinterpret_cast<pthread_cond_t*>(c));
}
int cnd_wait(cnd_t* c, mtx_t* m) {
    REAL_UNLESS_ACTIVE(cnd_wait(c, m));
    return in_c11(wait_condition(number(c), number(m), kind_of(m), -1, INTERLEAVE_CALLER));
}
int cnd_timedwait(cnd_t* c, mtx_t* m, const timespec* until) {
    REAL_UNLESS_ACTIVE(cnd_timedwait(c, m, until));
    return in_c11(
        wait_condition(number(c), number(m), kind_of(m), nanoseconds(until), INTERLEAVE_CALLER));
}
int cnd_signal(cnd_t* c) {
    REAL_UNLESS_ACTIVE(cnd_signal(c));
    return in_c11(notify_condition(number(c), false, INTERLEAVE_CALLER));
}
int cnd_broadcast(cnd_t* c) {
    REAL_UNLESS_ACTIVE(cnd_broadcast(c));
    return in_c11(notify_condition(number(c), true, INTERLEAVE_CALLER));
}

void call_once(once_flag* flag, void (*function)()) {
    pthread_once(reinterpret_cast<pthread_once_t*>(flag), function);
}

int tss_create(tss_t* key, tss_dtor_t destroy) {
    REAL_UNLESS_ACTIVE(tss_create(key, destroy));
    return in_c11(pthread_key_create(key, destroy));
}
void tss_delete(tss_t key) {
    pthread_key_delete(key);
}
void* tss_get(tss_t key) {
    return pthread_getspecific(key);
}
int tss_set(tss_t key, void* value) {
    REAL_UNLESS_ACTIVE(tss_set(key, value));
    return in_c11(pthread_setspecific(key, value));
}
}
