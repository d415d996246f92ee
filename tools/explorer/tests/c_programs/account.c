/* Two withdrawals, each step locked, the pair not: the balance can become negative. */
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static int balance = 100;

static int read_balance(void) {
    pthread_mutex_lock(&guard);
    int seen = balance;
    pthread_mutex_unlock(&guard);
    return seen;
}

static void* withdraw(void* amount) {
    if (read_balance() >= *(int*)amount) {
        pthread_mutex_lock(&guard);
        balance -= *(int*)amount;
        pthread_mutex_unlock(&guard);
    }
    return 0;
}

int main(void) {
    int amount = 80;
    pthread_t threads[2];
    for (int i = 0; i < 2; ++i) pthread_create(&threads[i], 0, withdraw, &amount);
    for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
    assert(balance >= 0);
    return 0;
}
