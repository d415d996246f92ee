/* Correct: a rwlock, a semaphore, a spin lock, a barrier, a condition variable, 128 threads. */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>

enum { threads_count = 128 };
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_spinlock_t spin;
static pthread_barrier_t meet;
static sem_t places;
static int written, spun, inside, done;

static void* work(void* unused) {
    (void)unused;
    pthread_barrier_wait(&meet);
    pthread_rwlock_wrlock(&table);
    ++written;
    pthread_rwlock_unlock(&table);
    pthread_rwlock_rdlock(&table);
    assert(written > 0);
    pthread_rwlock_unlock(&table);
    pthread_spin_lock(&spin);
    ++spun;
    pthread_spin_unlock(&spin);
    sem_wait(&places);
    assert(__atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST) <= 2);
    __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
    sem_post(&places);
    pthread_mutex_lock(&guard);
    ++done;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&guard);
    return 0;
}

int main(void) {
    pthread_t threads[threads_count];
    pthread_spin_init(&spin, 0);
    pthread_barrier_init(&meet, 0, threads_count);
    sem_init(&places, 0, 2);
    for (int i = 0; i < threads_count; ++i) pthread_create(&threads[i], 0, work, 0);
    pthread_mutex_lock(&guard);
    while (done < threads_count) pthread_cond_wait(&changed, &guard);
    pthread_mutex_unlock(&guard);
    for (int i = 0; i < threads_count; ++i) pthread_join(threads[i], 0);
    assert(written == threads_count && spun == threads_count && done == threads_count);
    return 0;
}
