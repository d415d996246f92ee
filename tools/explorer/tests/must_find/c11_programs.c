/* The classic mistakes with <threads.h>. */

#undef NDEBUG /* assert() must stay in every build */
#include "../c11_programs.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <threads.h>

/* Starts two threads and joins them. */
static void run_both(thrd_start_t first, thrd_start_t second, void *argument) {
    thrd_t a, b;
    assert(thrd_create(&a, first, argument) == thrd_success);
    assert(thrd_create(&b, second, argument) == thrd_success);
    thrd_join(a, NULL);
    thrd_join(b, NULL);
}

static int hits = 0;

static int hit(void *unused) {
    (void)unused;
    hits++;
    return 0;
}

void c11_two_threads_increment_a_global(void) {
    run_both(hit, hit, NULL);
    assert(hits == 2);
}

struct account_pair {
    mtx_t first, second;
};

static int lock_forwards(void *shared) {
    struct account_pair *both = shared;
    mtx_lock(&both->first);
    mtx_lock(&both->second);
    mtx_unlock(&both->second);
    mtx_unlock(&both->first);
    return 0;
}

static int lock_backwards(void *shared) {
    struct account_pair *both = shared;
    mtx_lock(&both->second);
    mtx_lock(&both->first);
    mtx_unlock(&both->first);
    mtx_unlock(&both->second);
    return 0;
}

void c11_two_threads_lock_in_opposite_orders(void) {
    struct account_pair both;
    mtx_init(&both.first, mtx_plain);
    mtx_init(&both.second, mtx_plain);
    run_both(lock_forwards, lock_backwards, &both);
}

static int lock_twice(void *shared) {
    mtx_t *guard = shared;
    mtx_lock(guard);
    mtx_lock(guard);
    mtx_unlock(guard);
    mtx_unlock(guard);
    return 0;
}

void c11_a_mutex_is_locked_twice(void) {
    mtx_t guard;
    mtx_init(&guard, mtx_plain);
    lock_twice(&guard);
}

struct bell {
    mtx_t guard;
    cnd_t rung;
};

static int wait_for_the_bell(void *shared) {
    struct bell *bell = shared;
    mtx_lock(&bell->guard);
    cnd_wait(&bell->rung, &bell->guard);
    mtx_unlock(&bell->guard);
    return 0;
}

static int ring(void *shared) {
    struct bell *bell = shared;
    cnd_signal(&bell->rung);
    return 0;
}

void c11_a_signal_comes_before_the_wait(void) {
    struct bell bell;
    mtx_init(&bell.guard, mtx_plain);
    cnd_init(&bell.rung);
    run_both(wait_for_the_bell, ring, &bell);
}

static int answer = 0;

static int find_the_answer(void *unused) {
    (void)unused;
    answer = 42;
    return 0;
}

void c11_a_thread_is_not_asked_for_its_result(void) {
    thrd_t worker;
    thrd_create(&worker, find_the_answer, NULL);
    thrd_detach(worker);
    assert(answer == 42);
}

static bool prepared = false;
static int preparations = 0;

static int prepare(void *unused) {
    (void)unused;
    if (!prepared) {
        preparations++;
        prepared = true;
    }
    return 0;
}

void c11_a_flag_stands_for_call_once(void) {
    run_both(prepare, prepare, NULL);
    assert(preparations == 1);
}
