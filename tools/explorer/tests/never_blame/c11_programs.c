/* <threads.h> as it is meant. */

#undef NDEBUG /* assert() must stay in every build */
#include "../c11_programs.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>

static int negated(void *number) { return -*(int *)number; }

void c11_threads_return_their_results(void) {
    int numbers[3] = {1, 2, 3};
    thrd_t workers[3];
    for (int i = 0; i < 3; ++i) {
        assert(thrd_create(&workers[i], negated, &numbers[i]) == thrd_success);
    }
    for (int i = 0; i < 3; ++i) {
        int result = 0;
        assert(thrd_join(workers[i], &result) == thrd_success);
        assert(result == -numbers[i]);
        assert(!thrd_equal(workers[i], thrd_current()));
    }
}

struct counter {
    mtx_t guard;
    int count;
};

static int count_to_two(void *shared) {
    struct counter *counter = shared;
    for (int i = 0; i < 2; ++i) {
        assert(mtx_lock(&counter->guard) == thrd_success);
        counter->count++;
        assert(mtx_unlock(&counter->guard) == thrd_success);
        thrd_yield();
    }
    return 0;
}

static void count_on_two_threads(int type) {
    struct counter counter = {.count = 0};
    assert(mtx_init(&counter.guard, type) == thrd_success);
    thrd_t a, b;
    thrd_create(&a, count_to_two, &counter);
    thrd_create(&b, count_to_two, &counter);
    thrd_join(a, NULL);
    thrd_join(b, NULL);
    assert(counter.count == 4);
    mtx_destroy(&counter.guard);
}

void c11_two_threads_count_under_a_mutex(void) {
    count_on_two_threads(mtx_plain);
    count_on_two_threads(mtx_timed);
}

void c11_a_recursive_mutex_is_locked_twice(void) {
    mtx_t guard;
    mtx_init(&guard, mtx_plain | mtx_recursive);
    mtx_lock(&guard);
    assert(mtx_trylock(&guard) == thrd_success);
    mtx_unlock(&guard);
    mtx_unlock(&guard);
    count_on_two_threads(mtx_plain | mtx_recursive);
    mtx_destroy(&guard);
}

static int cannot_have_it(void *shared) {
    struct timespec until;
    timespec_get(&until, TIME_UTC);
    until.tv_sec += 1;
    assert(mtx_trylock(shared) == thrd_busy);
    return mtx_timedlock(shared, &until) == thrd_timedout;
}

void c11_a_timed_lock_gives_up(void) {
    mtx_t guard;
    mtx_init(&guard, mtx_timed);
    mtx_lock(&guard);
    thrd_t worker;
    int gave_up = 0;
    thrd_create(&worker, cannot_have_it, &guard);
    thrd_join(worker, &gave_up);
    assert(gave_up);
    mtx_unlock(&guard);
    mtx_destroy(&guard);
}

struct buffer {
    mtx_t guard;
    cnd_t changed;
    int item; /* 0: none */
};

static int put_two(void *shared) {
    struct buffer *buffer = shared;
    for (int i = 1; i <= 2; ++i) {
        mtx_lock(&buffer->guard);
        while (buffer->item != 0) cnd_wait(&buffer->changed, &buffer->guard);
        buffer->item = i;
        cnd_broadcast(&buffer->changed);
        mtx_unlock(&buffer->guard);
    }
    return 0;
}

static int take_two(void *shared) {
    struct buffer *buffer = shared;
    int sum = 0;
    for (int i = 1; i <= 2; ++i) {
        mtx_lock(&buffer->guard);
        while (buffer->item == 0) cnd_wait(&buffer->changed, &buffer->guard);
        sum += buffer->item;
        buffer->item = 0;
        cnd_signal(&buffer->changed);
        mtx_unlock(&buffer->guard);
    }
    return sum;
}

void c11_items_pass_through_a_buffer(void) {
    struct buffer buffer = {.item = 0};
    mtx_init(&buffer.guard, mtx_plain);
    cnd_init(&buffer.changed);
    thrd_t producer, consumer;
    int sum = 0;
    thrd_create(&producer, put_two, &buffer);
    thrd_create(&consumer, take_two, &buffer);
    thrd_join(producer, NULL);
    thrd_join(consumer, &sum);
    assert(sum == 3);
    cnd_destroy(&buffer.changed);
    mtx_destroy(&buffer.guard);
}

static once_flag first_use = ONCE_FLAG_INIT;
static int preparations = 0;

static void prepare(void) { preparations++; }

static int use(void *unused) {
    (void)unused;
    call_once(&first_use, prepare);
    return preparations;
}

void c11_a_function_is_called_once(void) {
    thrd_t a, b;
    int seen_by_a = 0, seen_by_b = 0;
    thrd_create(&a, use, NULL);
    thrd_create(&b, use, NULL);
    thrd_join(a, &seen_by_a);
    thrd_join(b, &seen_by_b);
    assert(seen_by_a == 1 && seen_by_b == 1);
}

static tss_t storage;

static int keep(void *number) {
    int *kept = malloc(sizeof *kept);
    *kept = *(int *)number;
    assert(tss_get(storage) == NULL);
    assert(tss_set(storage, kept) == thrd_success);
    thrd_yield();
    assert(*(int *)tss_get(storage) == *(int *)number);
    return 0; /* its destructor frees it */
}

void c11_each_thread_has_its_storage(void) {
    int numbers[2] = {1, 2};
    thrd_t a, b;
    assert(tss_create(&storage, free) == thrd_success);
    thrd_create(&a, keep, &numbers[0]);
    thrd_create(&b, keep, &numbers[1]);
    thrd_join(a, NULL);
    thrd_join(b, NULL);
    tss_delete(storage);
}

static int leave(void *unused) {
    (void)unused;
    thrd_sleep(&(struct timespec){.tv_sec = 1}, NULL);
    thrd_exit(7);
}

void c11_a_thread_leaves_in_the_middle(void) {
    thrd_t worker;
    int result = 0;
    thrd_create(&worker, leave, NULL);
    thrd_join(worker, &result);
    assert(result == 7);
}
