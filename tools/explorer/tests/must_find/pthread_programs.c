/* The classic mistakes in plain C. */

#define _GNU_SOURCE
#undef NDEBUG /* assert() must stay in every build */
#include "../pthread_programs.h"

#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Starts two threads and joins them. */
static void run_both(void *(*first)(void *), void *(*second)(void *), void *argument) {
    pthread_t a, b;
    assert(pthread_create(&a, NULL, first, argument) == 0);
    assert(pthread_create(&b, NULL, second, argument) == 0);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
}

static int hits = 0;

static void *hit(void *unused) {
    (void)unused;
    hits++;
    return NULL;
}

void c_two_threads_increment_a_global(void) {
    run_both(hit, hit, NULL);
    assert(hits == 2);
}

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other_guard = PTHREAD_MUTEX_INITIALIZER;
static int value = 0;

static void *add_in_two_steps(void *unused) {
    (void)unused;
    pthread_mutex_lock(&guard);
    int seen = value;
    pthread_mutex_unlock(&guard);
    pthread_mutex_lock(&guard);
    value = seen + 1;
    pthread_mutex_unlock(&guard);
    return NULL;
}

void c_a_global_is_read_and_written_under_two_locks(void) {
    run_both(add_in_two_steps, add_in_two_steps, NULL);
    assert(value == 2);
}

static void *lock_forwards(void *unused) {
    (void)unused;
    pthread_mutex_lock(&guard);
    pthread_mutex_lock(&other_guard);
    pthread_mutex_unlock(&other_guard);
    pthread_mutex_unlock(&guard);
    return NULL;
}

static void *lock_backwards(void *unused) {
    (void)unused;
    pthread_mutex_lock(&other_guard);
    pthread_mutex_lock(&guard);
    pthread_mutex_unlock(&guard);
    pthread_mutex_unlock(&other_guard);
    return NULL;
}

void c_two_threads_lock_in_opposite_orders(void) { run_both(lock_forwards, lock_backwards, NULL); }

void c_a_mutex_is_locked_twice(void) {
    pthread_mutex_lock(&guard);
    pthread_mutex_lock(&guard);
}

static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int items = 0;

static void *wait_for_signal(void *unused) {
    (void)unused;
    pthread_mutex_lock(&guard);
    pthread_cond_wait(&changed, &guard);
    pthread_mutex_unlock(&guard);
    return NULL;
}

static void *signal_once(void *unused) {
    (void)unused;
    pthread_mutex_lock(&guard);
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&guard);
    return NULL;
}

void c_a_signal_comes_before_the_wait(void) { run_both(wait_for_signal, signal_once, NULL); }

static void *take_with_if(void *unused) {
    (void)unused;
    pthread_mutex_lock(&guard);
    if (items == 0) pthread_cond_wait(&changed, &guard);
    items--;
    assert(items >= 0);
    pthread_mutex_unlock(&guard);
    return NULL;
}

static void *put_two(void *unused) {
    (void)unused;
    for (int i = 0; i < 2; i++) {
        pthread_mutex_lock(&guard);
        items++;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&guard);
    }
    return NULL;
}

void c_a_wait_with_if_is_woken_for_another(void) {
    pthread_t taker;
    assert(pthread_create(&taker, NULL, take_with_if, NULL) == 0);
    run_both(take_with_if, put_two, NULL);
    pthread_join(taker, NULL);
}

static bool is_open = false;

static void *wait_for_the_gate(void *unused) {
    (void)unused;
    pthread_mutex_lock(&guard);
    while (!is_open) pthread_cond_wait(&changed, &guard);
    pthread_mutex_unlock(&guard);
    return NULL;
}

void c_one_signal_for_two_waiters(void) {
    pthread_t a, b;
    assert(pthread_create(&a, NULL, wait_for_the_gate, NULL) == 0);
    assert(pthread_create(&b, NULL, wait_for_the_gate, NULL) == 0);
    pthread_mutex_lock(&guard);
    is_open = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&guard);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
}

static void *return_early(void *unused) {
    (void)unused;
    pthread_mutex_lock(&guard);
    if (value++ == 0) return NULL;
    pthread_mutex_unlock(&guard);
    return NULL;
}

void c_a_return_keeps_the_mutex(void) { run_both(return_early, return_early, NULL); }

struct room {
    sem_t door;
    int inside;
};

static void *enter(void *argument) {
    struct room *room = argument;
    sem_wait(&room->door);
    int now = __atomic_add_fetch(&room->inside, 1, __ATOMIC_SEQ_CST);
    assert(now == 1);
    __atomic_sub_fetch(&room->inside, 1, __ATOMIC_SEQ_CST);
    sem_post(&room->door);
    return NULL;
}

void c_a_semaphore_begins_with_two(void) {
    struct room room = {.inside = 0};
    sem_init(&room.door, 0, 2);
    run_both(enter, enter, &room);
    sem_destroy(&room.door);
}

static void *wait_at_the_door(void *argument) {
    struct room *room = argument;
    sem_wait(&room->door);
    return NULL;
}

static void *post_if_first(void *argument) {
    struct room *room = argument;
    if (__atomic_fetch_add(&room->inside, 1, __ATOMIC_SEQ_CST) == 0) sem_post(&room->door);
    return NULL;
}

void c_a_semaphore_is_posted_once_for_two(void) {
    struct room room = {.inside = 0};
    pthread_t third;
    sem_init(&room.door, 0, 0);
    assert(pthread_create(&third, NULL, wait_at_the_door, &room) == 0);
    run_both(post_if_first, wait_at_the_door, &room);
    pthread_join(third, NULL);
    sem_destroy(&room.door);
}

static pthread_rwlock_t shared_guard = PTHREAD_RWLOCK_INITIALIZER;

static void *add_as_reader(void *unused) {
    (void)unused;
    pthread_rwlock_rdlock(&shared_guard);
    value++;
    pthread_rwlock_unlock(&shared_guard);
    return NULL;
}

void c_a_reader_writes_under_the_read_lock(void) {
    run_both(add_as_reader, add_as_reader, NULL);
    assert(value == 2);
}

/* Of this kind, a lock lets no reader pass a writer that waits. */
static pthread_rwlock_t writers_first = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

static void *read_twice(void *unused) {
    (void)unused;
    pthread_rwlock_rdlock(&writers_first);
    pthread_rwlock_rdlock(&writers_first);
    pthread_rwlock_unlock(&writers_first);
    pthread_rwlock_unlock(&writers_first);
    return NULL;
}

static void *write_once(void *unused) {
    (void)unused;
    pthread_rwlock_wrlock(&writers_first);
    value++;
    pthread_rwlock_unlock(&writers_first);
    return NULL;
}

void c_a_reader_enters_twice_around_a_writer(void) {
    run_both(read_twice, write_once, NULL);
}

static pthread_spinlock_t spin;

static void *add_spinning(void *unused) {
    (void)unused;
    pthread_spin_lock(&spin);
    value++;
    pthread_spin_unlock(&spin);
    return NULL;
}

static void *add_carelessly(void *unused) {
    (void)unused;
    value++;
    return NULL;
}

void c_a_spin_lock_is_forgotten_by_one(void) {
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    run_both(add_spinning, add_carelessly, NULL);
    assert(value == 2);
}

static pthread_barrier_t meeting;

static void *meet(void *unused) {
    (void)unused;
    pthread_barrier_wait(&meeting);
    return NULL;
}

void c_a_barrier_waits_for_three(void) {
    pthread_barrier_init(&meeting, NULL, 3);
    run_both(meet, meet, NULL);
    pthread_barrier_destroy(&meeting);
}

static char *message = NULL;

static void *measure(void *unused) {
    (void)unused;
    assert(strlen(message) == 5);
    return NULL;
}

static void *release(void *unused) {
    (void)unused;
    free(message);
    return NULL;
}

void c_a_buffer_is_freed_while_it_is_read(void) {
    message = malloc(6);
    memcpy(message, "hello", 6);
    run_both(measure, release, NULL);
}

void c_a_buffer_is_freed_twice(void) {
    message = malloc(6);
    run_both(release, release, NULL);
}

static int squares[3];

static void *square(void *argument) {
    int i = *(int *)argument;
    if (i >= 0 && i < 3) __atomic_store_n(&squares[i], i * i + 1, __ATOMIC_RELAXED);
    return NULL;
}

void c_an_argument_lives_on_a_loop_variable(void) {
    pthread_t threads[3];
    int i;
    for (i = 0; i < 3; i++) assert(pthread_create(&threads[i], NULL, square, &i) == 0);
    for (int k = 0; k < 3; k++) pthread_join(threads[k], NULL);
    for (int k = 0; k < 3; k++) assert(squares[k] == k * k + 1);
}

static void *produce(void *unused) {
    (void)unused;
    value = 42;
    return NULL;
}

void c_a_result_is_read_without_a_join(void) {
    pthread_t thread;
    assert(pthread_create(&thread, NULL, produce, NULL) == 0);
    assert(value == 42);
    pthread_join(thread, NULL);
}

void c_a_thread_is_joined_that_waits_for_ever(void) {
    pthread_t thread;
    assert(pthread_create(&thread, NULL, wait_for_the_gate, NULL) == 0);
    pthread_join(thread, NULL);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool initialized = false;

static void initialize(void) {
    initialized = true;
    value = 7;
}

static void *use(void *unused) {
    (void)unused;
    if (!initialized) pthread_once(&once, initialize);
    assert(value == 7);
    return NULL;
}

void c_a_once_routine_is_raced_by_a_flag(void) { run_both(use, use, NULL); }

static void *add_unless_last(void *argument) {
    const bool careless = argument != NULL;
    if (!careless) pthread_mutex_lock(&guard);
    value++;
    if (!careless) pthread_mutex_unlock(&guard);
    return NULL;
}

void c_the_fiftieth_of_fifty_threads_forgets_the_lock(void) {
    pthread_t threads[50];
    for (int i = 0; i < 50; i++) {
        assert(pthread_create(&threads[i], NULL, add_unless_last, i == 49 ? &value : NULL) == 0);
    }
    for (int i = 0; i < 50; i++) pthread_join(threads[i], NULL);
    assert(value == 50);
}
