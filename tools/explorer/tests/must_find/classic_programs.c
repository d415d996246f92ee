/* The mistakes that collections of concurrency bugs are made of, most with more threads than two.
 */

#undef NDEBUG /* assert() must stay in every build */
#include "../classic_programs.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

enum { most_threads = 101 };

static pthread_t threads[most_threads];
static int started = 0;

static void start(void* (*job)(void*), long argument) {
    assert(started < most_threads);
    assert(pthread_create(&threads[started++], NULL, job, (void*)argument) == 0);
}

static void join_all(void) {
    for (int i = 0; i < started; i++) pthread_join(threads[i], NULL);
}

static pthread_mutex_t lock_a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t lock_b = PTHREAD_MUTEX_INITIALIZER;

/* Two fields that belong together are written without a lock. */

static int width = 0, height = 0;

static void* set_both(void* unused) {
    (void)unused;
    width = 4;
    height = 3;
    return NULL;
}

static void* check_both(void* unused) {
    (void)unused;
    assert((width == 0 && height == 0) || (width == 4 && height == 3));
    return NULL;
}

static void setters_and_a_checker(int setters) {
    for (int i = 0; i < setters; i++) start(set_both, 0);
    start(check_both, 0);
    join_all();
}

void c_four_setters_and_a_checker(void) {
    setters_and_a_checker(4);
}

void c_a_hundred_setters_and_a_checker(void) {
    setters_and_a_checker(100);
}

/* The second stage of a write has a lock of its own. */

static int raw = 0, derived = 0;

static void* write_in_two_stages(void* unused) {
    (void)unused;
    pthread_mutex_lock(&lock_a);
    raw = 7;
    pthread_mutex_unlock(&lock_a);
    pthread_mutex_lock(&lock_b);
    derived = 8;
    pthread_mutex_unlock(&lock_b);
    return NULL;
}

static void* read_in_two_stages(void* unused) {
    (void)unused;
    pthread_mutex_lock(&lock_a);
    const int first = raw;
    pthread_mutex_unlock(&lock_a);
    pthread_mutex_lock(&lock_b);
    const int second = derived;
    pthread_mutex_unlock(&lock_b);
    assert(first == 0 || second == first + 1);
    return NULL;
}

void c_a_write_in_two_stages_is_seen_half(void) {
    start(write_in_two_stages, 0);
    start(read_in_two_stages, 0);
    join_all();
}

void c_nine_readers_see_a_write_half(void) {
    for (int i = 0; i < 9; i++) start(read_in_two_stages, 0);
    start(write_in_two_stages, 0);
    join_all();
}

/* One of many takes another lock. */

static int total = 0;

static void* add_under(void* wrong) {
    pthread_mutex_t* const mine = wrong ? &lock_b : &lock_a;
    pthread_mutex_lock(mine);
    const int before = total;
    total = before + 1;
    assert(total == before + 1);
    pthread_mutex_unlock(mine);
    return NULL;
}

void c_one_of_eight_takes_the_wrong_lock(void) {
    for (int i = 0; i < 8; i++) start(add_under, i == 5);
    join_all();
    assert(total == 8);
}

/* Eight philosophers, each with the left fork first. */

enum { seats = 8 };
static pthread_mutex_t forks[seats];

static void* dine(void* seat) {
    const long left = (long)seat;
    pthread_mutex_lock(&forks[left]);
    pthread_mutex_lock(&forks[(left + 1) % seats]);
    pthread_mutex_unlock(&forks[(left + 1) % seats]);
    pthread_mutex_unlock(&forks[left]);
    return NULL;
}

void c_eight_philosophers_take_the_left_fork(void) {
    for (int i = 0; i < seats; i++) pthread_mutex_init(&forks[i], NULL);
    for (int i = 0; i < seats; i++) start(dine, i);
    join_all();
}

/* Each adds what its neighbour had, whoever was first. */

enum { stations = 4 };
static int ring[stations] = {1, 0, 0, 0};

static void* pass_the_token(void* station) {
    const long here = (long)station, before = (here + stations - 1) % stations;
    pthread_mutex_lock(&lock_a);
    ring[here] = ring[before] + 1;
    pthread_mutex_unlock(&lock_a);
    return NULL;
}

void c_a_token_goes_round_in_any_order(void) {
    for (int i = 0; i < stations; i++) start(pass_the_token, i);
    join_all();
    bool in_order = true;
    for (int i = 1; i < stations; i++) in_order = in_order && ring[i] == ring[i - 1] + 1;
    assert(in_order);
}

/* What is made at the first use is made twice. */

static atomic_int made = 0;
static _Atomic(int*) instance = NULL;

static void* use_instance(void* unused) {
    (void)unused;
    int* mine = atomic_load(&instance);
    if (mine == NULL) {
        mine = malloc(sizeof *mine);
        *mine = 5;
        atomic_fetch_add(&made, 1);
        atomic_store(&instance, mine);
    }
    assert(*mine == 5);
    return NULL;
}

void c_the_first_use_comes_twice(void) {
    start(use_instance, 0);
    start(use_instance, 0);
    join_all();
    assert(made == 1);
}

/* Money leaves one account and has not yet reached the other. */

static int accounts[2] = {100, 100};

static void change_account(int which, int amount) {
    pthread_mutex_lock(&lock_a);
    accounts[which] += amount;
    pthread_mutex_unlock(&lock_a);
}

static void* transfer(void* from) {
    const int source = (int)(long)from;
    change_account(source, -30);
    change_account(1 - source, 30);
    return NULL;
}

static void* audit(void* unused) {
    (void)unused;
    pthread_mutex_lock(&lock_a);
    assert(accounts[0] + accounts[1] == 200);
    pthread_mutex_unlock(&lock_a);
    return NULL;
}

void c_an_audit_comes_between_two_bookings(void) {
    for (int i = 0; i < 3; i++) start(transfer, i % 2);
    start(audit, 0);
    join_all();
}

/* A stack of indices, compared without a version: A, B, A. */

enum { nodes = 3, nothing = -1 };
static atomic_int next_of[nodes] = {1, 2, nothing};
static atomic_int top = 0;
static atomic_int owners[nodes];

static int pop(void) {
    for (;;) {
        int first = atomic_load(&top);
        if (first == nothing) return nothing;
        const int second = atomic_load(&next_of[first]);
        if (atomic_compare_exchange_strong(&top, &first, second)) return first;
    }
}

static void push(int node) {
    int first = atomic_load(&top);
    do atomic_store(&next_of[node], first);
    while (!atomic_compare_exchange_strong(&top, &first, node));
}

static void* take_and_give_back(void* unused) {
    (void)unused;
    for (int round = 0; round < 2; round++) {
        const int mine = pop();
        if (mine == nothing) continue;
        assert(atomic_fetch_add(&owners[mine], 1) == 0);
        atomic_fetch_sub(&owners[mine], 1);
        push(mine);
    }
    return NULL;
}

void c_a_stack_of_indices_takes_an_old_top_for_the_new(void) {
    for (int i = 0; i < 3; i++) start(take_and_give_back, 0);
    join_all();
}

/* The owner and a thief take the last task both. */

static atomic_int head = 0, tail = 0;
static atomic_int done[2];

static void* steal(void* unused) {
    (void)unused;
    int first = atomic_load(&head);
    if (first < atomic_load(&tail) && atomic_compare_exchange_strong(&head, &first, first + 1))
        assert(atomic_fetch_add(&done[first], 1) == 0);
    return NULL;
}

static void* own(void* unused) {
    (void)unused;
    atomic_store(&tail, 2);
    for (int i = 0; i < 2; i++) {
        const int last = atomic_load(&tail) - 1;
        if (atomic_load(&head) > last) break;
        atomic_store(&tail, last); /* too late: a thief has looked at the old one */
        assert(atomic_fetch_add(&done[last], 1) == 0);
    }
    return NULL;
}

void c_a_task_is_stolen_and_kept(void) {
    start(own, 0);
    start(steal, 0);
    start(steal, 0);
    join_all();
}

/* A ring buffer that looks outside the lock whether there is something. */

enum { slots = 2 };
static int buffer[slots];
static atomic_int filled = 0;
static int read_at = 0, write_at = 0;

static void* fill(void* number) {
    while (atomic_load(&filled) == slots) sched_yield();
    pthread_mutex_lock(&lock_a);
    buffer[write_at++ % slots] = (int)(long)number;
    const int now = atomic_fetch_add(&filled, 1) + 1;
    assert(now <= slots);
    pthread_mutex_unlock(&lock_a);
    return NULL;
}

static void* drain(void* unused) {
    (void)unused;
    for (int i = 0; i < 2; i++) {
        while (atomic_load(&filled) == 0) sched_yield();
        pthread_mutex_lock(&lock_a);
        assert(buffer[read_at++ % slots] != 0);
        buffer[(read_at - 1) % slots] = 0;
        atomic_fetch_sub(&filled, 1);
        pthread_mutex_unlock(&lock_a);
    }
    return NULL;
}

void c_a_ring_buffer_overflows(void) {
    for (int i = 1; i <= 4; i++) start(fill, i);
    start(drain, 0);
    join_all();
}

/* An element is counted before it is there. */

static int elements[8];
static atomic_int length = 0;

static void* append(void* number) {
    const int place = atomic_fetch_add(&length, 1);
    pthread_mutex_lock(&lock_a);
    elements[place] = (int)(long)number;
    pthread_mutex_unlock(&lock_a);
    return NULL;
}

static void* read_last(void* unused) {
    (void)unused;
    const int count = atomic_load(&length);
    if (count == 0) return NULL;
    pthread_mutex_lock(&lock_a);
    assert(elements[count - 1] != 0);
    pthread_mutex_unlock(&lock_a);
    return NULL;
}

void c_a_queue_counts_before_it_stores(void) {
    for (int i = 1; i <= 4; i++) start(append, i);
    start(read_last, 0);
    join_all();
}

/* A read lock is given back before the write lock is taken. */

static pthread_rwlock_t rooms = PTHREAD_RWLOCK_INITIALIZER;
static int free_rooms = 1;

static void* book(void* unused) {
    (void)unused;
    pthread_rwlock_rdlock(&rooms);
    const bool possible = free_rooms > 0;
    pthread_rwlock_unlock(&rooms);
    if (!possible) return NULL;
    pthread_rwlock_wrlock(&rooms);
    free_rooms--;
    assert(free_rooms >= 0);
    pthread_rwlock_unlock(&rooms);
    return NULL;
}

void c_a_read_lock_is_exchanged_for_a_write_lock(void) {
    for (int i = 0; i < 5; i++) start(book, 0);
    join_all();
}
