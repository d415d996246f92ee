#pragma once

// The system's own functions, for everything outside explore().

#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#define INTERLEAVE_REAL_FUNCTIONS(X)                                                               \
    X(pthread_create)                                                                              \
    X(pthread_join)                                                                                \
    X(pthread_detach)                                                                              \
    X(pthread_exit)                                                                                \
    X(pthread_self)                                                                                \
    X(pthread_cancel)                                                                              \
    X(pthread_kill)                                                                                \
    X(pthread_tryjoin_np)                                                                          \
    X(pthread_timedjoin_np)                                                                        \
    X(pthread_mutex_init)                                                                          \
    X(pthread_mutex_destroy)                                                                       \
    X(pthread_mutex_lock)                                                                          \
    X(pthread_mutex_trylock)                                                                       \
    X(pthread_mutex_timedlock)                                                                     \
    X(pthread_mutex_clocklock) X(pthread_mutex_unlock) X(pthread_cond_init) X(                     \
        pthread_cond_destroy) X(pthread_cond_wait) X(pthread_cond_timedwait)                       \
        X(pthread_cond_clockwait) X(pthread_cond_signal) X(pthread_cond_broadcast) X(              \
            pthread_rwlock_rdlock) X(pthread_rwlock_wrlock) X(pthread_rwlock_tryrdlock)            \
            X(pthread_rwlock_trywrlock) X(pthread_rwlock_timedrdlock) X(                           \
                pthread_rwlock_timedwrlock) X(pthread_rwlock_clockrdlock)                          \
                X(pthread_rwlock_clockwrlock) X(pthread_rwlock_unlock) X(pthread_spin_init) X(     \
                    pthread_spin_lock) X(pthread_spin_trylock) X(pthread_spin_unlock)              \
                    X(pthread_barrier_init) X(pthread_barrier_wait) X(pthread_barrier_destroy) X(  \
                        pthread_once) X(pthread_key_create) X(pthread_key_delete)                  \
                        X(pthread_getspecific) X(pthread_setspecific) X(pthread_setname_np) X(     \
                            pthread_setaffinity_np) X(sem_init) X(sem_destroy) X(sem_wait)         \
                            X(sem_trywait) X(sem_timedwait) X(sem_clockwait) X(sem_post) X(        \
                                sem_getvalue) X(sched_yield) X(nanosleep) X(clock_nanosleep)       \
                                X(usleep) X(sleep) X(clock_gettime) X(gettimeofday) X(time) X(     \
                                    exit) X(_exit) X(_Exit) X(quick_exit) X(abort) X(raise)        \
                                    X(poll) X(select) X(epoll_wait) X(recv) X(recvfrom) X(         \
                                        recvmsg) X(accept) X(accept4) X(wait) X(waitpid) X(waitid) \
                                        X(wait4) X(pause) X(rand) X(random) X(srand) X(srandom) X( \
                                            getrandom) X(clock) X(gettid) X(sigwait) X(fork)       \
                                            X(system) X(read) X(uselocale) X(thrd_create) X(       \
                                                thrd_join) X(thrd_detach) X(thrd_exit)             \
                                                X(thrd_current) X(thrd_sleep) X(thrd_yield) X(     \
                                                    mtx_init) X(mtx_destroy) X(mtx_lock)           \
                                                    X(mtx_trylock) X(mtx_timedlock) X(mtx_unlock)  \
                                                        X(cnd_init) X(cnd_destroy) X(cnd_wait)     \
                                                            X(cnd_timedwait) X(cnd_signal)         \
                                                                X(cnd_broadcast) X(call_once)      \
                                                                    X(tss_create) X(tss_delete)    \
                                                                        X(tss_get) X(tss_set)

namespace interleave::detail {

struct real_functions {
#define X(name) decltype(&::name) name;
    INTERLEAVE_REAL_FUNCTIONS(X)
#undef X
    int (*cxa_guard_acquire)(std::uint64_t*);
    void (*cxa_guard_release)(std::uint64_t*);
    void (*cxa_guard_abort)(std::uint64_t*);
    int (*cxa_thread_atexit)(void (*)(void*), void*, void*);
    int (*cxa_atexit)(void (*)(void*), void*, void*);
    void* (*cxa_allocate_exception)(std::size_t);
    void (*pthread_register_cancel)(__pthread_unwind_buf_t*);
    void (*pthread_unregister_cancel)(__pthread_unwind_buf_t*);
    void (*pthread_unwind_next)(__pthread_unwind_buf_t*);
    void (*assert_fail)(const char*, const char*, unsigned, const char*);
};

const real_functions& real() noexcept;

}  // namespace interleave::detail
