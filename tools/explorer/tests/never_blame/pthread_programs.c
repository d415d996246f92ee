/* Correct programs in plain C: threads, mutexes, conditions, keys, once, cleanup. With
   pthread_synchronizers.c, the whole of <pthread.h> and <semaphore.h> that people use. */

#define _GNU_SOURCE
#undef NDEBUG /* assert() must stay in every build */
#include "../pthread_programs.h"
#include "in_c.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

struct counter {
    pthread_mutex_t guard;
    int value;
};
static struct counter shared;

static void *add_five(void *unused) {
    (void)unused;
    for (int i = 0; i < 5; i++) {
        pthread_mutex_lock(&shared.guard);
        shared.value++;
        pthread_mutex_unlock(&shared.guard);
    }
    return NULL;
}

void c_counts_under_a_mutex(void) {
    pthread_mutex_init(&shared.guard, NULL);
    shared.value = 0;
    run_all(3, add_five, numbers);
    assert(shared.value == 15);
    assert(pthread_mutex_destroy(&shared.guard) == 0);
}

static pthread_mutex_t static_guard = PTHREAD_MUTEX_INITIALIZER;
static int static_value;

static void *add_one(void *unused) {
    (void)unused;
    pthread_mutex_lock(&static_guard);
    static_value++;
    pthread_mutex_unlock(&static_guard);
    return NULL;
}

void c_counts_under_a_static_mutex(void) {
    static_value = 0;
    run_all(3, add_one, numbers);
    assert(static_value == 3);
}

static void *add_nested(void *unused) {
    (void)unused;
    assert(pthread_mutex_lock(&shared.guard) == 0);
    assert(pthread_mutex_lock(&shared.guard) == 0);
    assert(pthread_mutex_trylock(&shared.guard) == 0);
    shared.value++;
    for (int i = 0; i < 3; i++) assert(pthread_mutex_unlock(&shared.guard) == 0);
    return NULL;
}

static void init_mutex(pthread_mutex_t *mutex, int type) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    pthread_mutex_init(mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

void c_counts_under_a_recursive_mutex(void) {
    init_mutex(&shared.guard, PTHREAD_MUTEX_RECURSIVE);
    shared.value = 0;
    run_all(2, add_nested, numbers);
    assert(shared.value == 2);
    pthread_mutex_destroy(&shared.guard);
}

static void *ask_an_error_checking_mutex(void *unused) {
    (void)unused;
    assert(pthread_mutex_unlock(&shared.guard) == EPERM);
    assert(pthread_mutex_lock(&shared.guard) == 0);
    assert(pthread_mutex_lock(&shared.guard) == EDEADLK);
    shared.value++;
    assert(pthread_mutex_unlock(&shared.guard) == 0);
    return NULL;
}

void c_an_error_checking_mutex_says_what_is_wrong(void) {
    init_mutex(&shared.guard, PTHREAD_MUTEX_ERRORCHECK);
    shared.value = 0;
    run_all(2, ask_an_error_checking_mutex, numbers);
    assert(shared.value == 2);
    pthread_mutex_destroy(&shared.guard);
}

static void *try_to_add(void *unused) {
    (void)unused;
    while (pthread_mutex_trylock(&static_guard) == EBUSY) sched_yield();
    static_value++;
    pthread_mutex_unlock(&static_guard);
    return NULL;
}

void c_tries_a_lock_until_it_has_it(void) {
    static_value = 0;
    run_all(2, try_to_add, numbers);
    assert(static_value == 2);
}

static int given_up;

static void *add_within_a_millisecond(void *unused) {
    (void)unused;
    const struct timespec until = from_now(CLOCK_REALTIME, 1);
    const int error = pthread_mutex_timedlock(&static_guard, &until);
    if (error == 0) {
        static_value++;
        pthread_mutex_unlock(&static_guard);
    } else {
        assert(error == ETIMEDOUT);
        __atomic_add_fetch(&given_up, 1, __ATOMIC_SEQ_CST);
    }
    return NULL;
}

void c_waits_for_a_lock_with_a_time_limit(void) {
    static_value = given_up = 0;
    run_all(2, add_within_a_millisecond, numbers);
    assert(static_value + given_up == 2);
}

static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
static struct {
    int slots[2];
    int first, count, sum;
} buffer;

static void *produce_three(void *unused) {
    (void)unused;
    for (int i = 1; i <= 3; i++) {
        pthread_mutex_lock(&static_guard);
        while (buffer.count == 2) pthread_cond_wait(&not_full, &static_guard);
        buffer.slots[(buffer.first + buffer.count++) % 2] = i;
        pthread_cond_signal(&not_empty);
        pthread_mutex_unlock(&static_guard);
    }
    return NULL;
}

static void *consume_three(void *unused) {
    (void)unused;
    for (int i = 1; i <= 3; i++) {
        pthread_mutex_lock(&static_guard);
        while (buffer.count == 0) pthread_cond_wait(&not_empty, &static_guard);
        buffer.sum += buffer.slots[buffer.first];
        buffer.first = (buffer.first + 1) % 2;
        buffer.count--;
        pthread_cond_signal(&not_full);
        pthread_mutex_unlock(&static_guard);
    }
    return NULL;
}

static void *produce_or_consume(void *argument) {
    return *(int *)argument % 2 == 0 ? produce_three(NULL) : consume_three(NULL);
}

void c_a_bounded_buffer(void) {
    buffer.first = buffer.count = buffer.sum = 0;
    run_all(4, produce_or_consume, numbers);
    assert(buffer.sum == 12 && buffer.count == 0);
}

void c_waits_for_a_condition_with_a_time_limit(void) {
    pthread_condattr_t attributes;
    pthread_cond_t never;
    pthread_condattr_init(&attributes);
    assert(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    pthread_cond_init(&never, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_lock(&static_guard);
    const struct timespec until = from_now(CLOCK_MONOTONIC, 2);
    int error = 0;
    while (error == 0) error = pthread_cond_timedwait(&never, &static_guard, &until);
    assert(error == ETIMEDOUT);
    pthread_mutex_unlock(&static_guard);
    pthread_cond_destroy(&never);
}

static bool is_open;
static int passed;

static void *pass_or_open(void *argument) {
    pthread_mutex_lock(&static_guard);
    if (*(int *)argument == 3) {
        is_open = true;
        pthread_cond_broadcast(&not_empty);
    } else {
        while (!is_open) pthread_cond_wait(&not_empty, &static_guard);
        passed++;
    }
    pthread_mutex_unlock(&static_guard);
    return NULL;
}

void c_broadcasts_to_three(void) {
    is_open = false;
    passed = 0;
    run_all(4, pass_or_open, numbers);
    assert(passed == 3);
}

void c_creates_and_joins_a_hundred_threads(void) {
    pthread_t threads[100];
    static_value = 0;
    for (int i = 0; i < 100; i++) assert(pthread_create(&threads[i], NULL, add_one, NULL) == 0);
    for (int i = 0; i < 100; i++) pthread_join(threads[i], NULL);
    assert(static_value == 100);
}

static void *square(void *argument) {
    const intptr_t n = (intptr_t)argument;
    if (n == 3) pthread_exit((void *)(n * n));
    return (void *)(n * n);
}

void c_results_come_back_through_join(void) {
    pthread_t threads[3];
    intptr_t sum = 0;
    for (intptr_t i = 0; i < 3; i++) pthread_create(&threads[i], NULL, square, (void *)(i + 1));
    for (int i = 0; i < 3; i++) {
        void *result = NULL;
        pthread_join(threads[i], &result);
        sum += (intptr_t)result;
    }
    assert(sum == 14);
}

static void *finish_alone(void *unused) {
    (void)unused;
    pthread_mutex_lock(&static_guard);
    is_open = true;
    pthread_cond_signal(&not_empty);
    pthread_mutex_unlock(&static_guard);
    return NULL;
}

void c_a_detached_thread_is_awaited(void) {
    pthread_t thread;
    pthread_attr_t attributes;
    is_open = false;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    assert(pthread_create(&thread, &attributes, finish_alone, NULL) == 0);
    pthread_attr_destroy(&attributes);
    pthread_mutex_lock(&static_guard);
    while (!is_open) pthread_cond_wait(&not_empty, &static_guard);
    pthread_mutex_unlock(&static_guard);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static int destroyed;

static void destroy_value(void *value) {
    free(value);
    __atomic_add_fetch(&destroyed, 1, __ATOMIC_SEQ_CST);
}

static void make_key(void) { assert(pthread_key_create(&key, destroy_value) == 0); }

static void *use_the_key(void *argument) {
    pthread_once(&once, make_key);
    assert(pthread_getspecific(key) == NULL);
    int *const mine = malloc(sizeof *mine);
    *mine = *(int *)argument;
    pthread_setspecific(key, mine);
    sched_yield();
    assert(*(int *)pthread_getspecific(key) == *(int *)argument);
    return NULL;
}

void c_once_and_keys(void) {
    destroyed = 0;
    run_all(3, use_the_key, numbers);
    assert(destroyed == 3);
}

static int atomic_sum;

static void *add_atomically(void *argument) {
    __atomic_fetch_add(&atomic_sum, *(int *)argument, __ATOMIC_RELAXED);
    __sync_fetch_and_add(&atomic_sum, 1);
    return NULL;
}

void c_counts_with_builtin_atomics(void) {
    atomic_sum = 0;
    run_all(3, add_atomically, numbers);
    assert(atomic_sum == 0 + 1 + 2 + 3);
}

static void unlock_the_guard(void *unused) {
    (void)unused;
    pthread_mutex_unlock(&static_guard);
}

static void *exit_under_the_lock(void *unused) {
    (void)unused;
    pthread_mutex_lock(&static_guard);
    pthread_cleanup_push(unlock_the_guard, NULL);
    static_value++;
    pthread_exit(NULL);
    pthread_cleanup_pop(1);
    return NULL;
}

void c_a_cleanup_handler_runs_at_exit(void) {
    static_value = 0;
    run_all(2, exit_under_the_lock, numbers);
    assert(static_value == 2);
}

static pthread_mutex_t forks[5] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                   PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                   PTHREAD_MUTEX_INITIALIZER};

static void *dine(void *argument) {
    const int i = *(int *)argument;
    const int next = (i + 1) % 5;
    pthread_mutex_t *const lower = &forks[i < next ? i : next];
    pthread_mutex_t *const upper = &forks[i < next ? next : i];
    pthread_mutex_lock(lower);
    pthread_mutex_lock(upper);
    __atomic_add_fetch(&atomic_sum, 1, __ATOMIC_RELAXED);
    pthread_mutex_unlock(upper);
    pthread_mutex_unlock(lower);
    return NULL;
}

void c_philosophers_in_order(void) {
    atomic_sum = 0;
    run_all(5, dine, numbers);
    assert(atomic_sum == 5);
}
