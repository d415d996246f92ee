/* Correct programs in plain C: read-write locks, semaphores, spin locks and barriers. */

#define _GNU_SOURCE
#undef NDEBUG /* assert() must stay in every build */
#include "../pthread_programs.h"
#include "in_c.h"

#include <errno.h>
#include <sched.h>
#include <semaphore.h>

/* The usual kind lets readers pass a writer that waits, the other does not. */
static pthread_rwlock_t readers_pass = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t writers_first = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static pthread_rwlock_t *door;
static int left, right;

static void *read_or_write(void *argument) {
    const struct timespec until = from_now(CLOCK_REALTIME, 1);
    const int me = *(int *)argument;
    if (me == 1) {
        assert(pthread_rwlock_rdlock(door) == 0);
        assert(left == right);
    } else if (me == 2) {
        if (pthread_rwlock_tryrdlock(door) != 0) return NULL;
        assert(left == right);
    } else {
        if (me == 0) assert(pthread_rwlock_wrlock(door) == 0);
        if (me == 3 && pthread_rwlock_timedwrlock(door, &until) != 0) return NULL;
        left++;
        right++;
    }
    assert(pthread_rwlock_unlock(door) == 0);
    return NULL;
}

static void let_in(pthread_rwlock_t *lock, routine *visit) {
    door = lock;
    left = right = 0;
    run_all(4, visit, numbers);
    assert(left == right && (left == 1 || left == 2));
}

void c_readers_and_writers(void) { let_in(&readers_pass, read_or_write); }

void c_writers_go_first(void) { let_in(&writers_first, read_or_write); }

static void *read_twice_or_write(void *argument) {
    if (*(int *)argument == 0) return read_or_write(argument);
    assert(pthread_rwlock_rdlock(door) == 0);
    assert(pthread_rwlock_rdlock(door) == 0); /* a writer waiting or not */
    assert(left == right);
    assert(pthread_rwlock_unlock(door) == 0);
    assert(pthread_rwlock_unlock(door) == 0);
    return NULL;
}

void c_a_reader_enters_twice(void) { let_in(&readers_pass, read_twice_or_write); }

static sem_t turns[2];
static int rally;

static void *hit_the_ball(void *argument) {
    const int me = *(int *)argument;
    for (int i = 0; i < 2; i++) {
        assert(sem_wait(&turns[me]) == 0);
        rally++;
        assert(sem_post(&turns[1 - me]) == 0);
    }
    return NULL;
}

void c_semaphores_pass_a_ball(void) {
    rally = 0;
    sem_init(&turns[0], 0, 1);
    sem_init(&turns[1], 0, 0);
    run_all(2, hit_the_ball, numbers);
    assert(rally == 4);
    sem_destroy(&turns[0]);
    sem_destroy(&turns[1]);
}

static int inside;

static void *enter_with_a_permit(void *argument) {
    const struct timespec until = from_now(CLOCK_REALTIME, 1);
    if (*(int *)argument == 0) {
        while (sem_trywait(&turns[0]) != 0) {
            assert(errno == EAGAIN);
            sched_yield();
        }
    } else if (*(int *)argument == 1) {
        while (sem_wait(&turns[0]) != 0) assert(errno == EINTR);
    } else if (sem_timedwait(&turns[0], &until) != 0) {
        assert(errno == ETIMEDOUT);
        return NULL;
    }
    assert(__atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST) <= 2);
    __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
    sem_post(&turns[0]);
    return NULL;
}

void c_a_semaphore_admits_two(void) {
    int permits = 0;
    inside = 0;
    sem_init(&turns[0], 0, 2);
    run_all(3, enter_with_a_permit, numbers);
    assert(sem_getvalue(&turns[0], &permits) == 0 && permits == 2);
    sem_destroy(&turns[0]);
}

static sem_t gate;
static int passed;

__attribute__((constructor)) static void make_gate(void) { sem_init(&gate, 0, 1); }

static void *pass_the_gate(void *argument) {
    (void)argument;
    assert(sem_wait(&gate) == 0);
    passed++;
    assert(sem_post(&gate) == 0);
    return NULL;
}

void c_a_semaphore_made_before_main_admits_one(void) {
    int permits = 0;
    passed = 0;
    assert(sem_getvalue(&gate, &permits) == 0 && permits == 1);
    run_all(3, pass_the_gate, numbers);
    assert(passed == 3);
    assert(sem_trywait(&gate) == 0 && sem_trywait(&gate) == -1);
}

static pthread_spinlock_t spin;
static int spun;

static void *add_spinning(void *argument) {
    if (*(int *)argument == 0) {
        while (pthread_spin_trylock(&spin) == EBUSY) sched_yield();
    } else {
        assert(pthread_spin_lock(&spin) == 0);
    }
    spun++;
    pthread_spin_unlock(&spin);
    return NULL;
}

void c_counts_under_a_spin_lock(void) {
    spun = 0;
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    run_all(3, add_spinning, numbers);
    assert(spun == 3);
    pthread_spin_destroy(&spin);
}

static pthread_barrier_t early_meeting;
static pthread_barrier_t *meeting;
static int phases[3];
static int serial;

static void *go_through_phases(void *argument) {
    const int me = *(int *)argument;
    for (int phase = 1; phase <= 2; phase++) {
        phases[me] = phase;
        if (pthread_barrier_wait(meeting) == PTHREAD_BARRIER_SERIAL_THREAD) serial++;
        for (int i = 0; i < 3; i++) assert(phases[i] == phase);
        pthread_barrier_wait(meeting);
    }
    return NULL;
}

void c_phases_between_barriers(void) {
    pthread_barrier_t local;
    serial = 0;
    meeting = &local;
    pthread_barrier_init(meeting, NULL, 3);
    run_all(3, go_through_phases, numbers);
    pthread_barrier_destroy(meeting);
    assert(serial == 2);
}

__attribute__((constructor)) static void make_early_meeting(void) {
    pthread_barrier_init(&early_meeting, NULL, 3);
}

void c_phases_between_barriers_made_before_main(void) {
    serial = 0;
    meeting = &early_meeting;
    run_all(3, go_through_phases, numbers);
    assert(serial == 2);
}
