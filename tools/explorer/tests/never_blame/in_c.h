#pragma once

/* What the correct programs in C share. */

#include <assert.h>
#include <pthread.h>
#include <time.h>

typedef void *routine(void *);

/* Starts `count` threads, the i-th with &arguments[i], and joins them. */
static inline void run_all(int count, routine *work, int *arguments) {
    pthread_t threads[8];
    for (int i = 0; i < count; i++) {
        assert(pthread_create(&threads[i], NULL, work, &arguments[i]) == 0);
    }
    for (int i = 0; i < count; i++) assert(pthread_join(threads[i], NULL) == 0);
}

static int numbers[8] = {0, 1, 2, 3, 4, 5, 6, 7};

/* An absolute time so many milliseconds from now. */
static inline struct timespec from_now(clockid_t clock, long milliseconds) {
    struct timespec t;
    clock_gettime(clock, &t);
    t.tv_nsec += milliseconds * 1000000L;
    t.tv_sec += t.tv_nsec / 1000000000L;
    t.tv_nsec %= 1000000000L;
    return t;
}
