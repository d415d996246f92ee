// Programs for timed_locks.cpp, built with ThreadSanitizer: each is correct and must not be
// reported, but for `two-mutexes`, which races and must be.

#include <semaphore.h>

#include <chrono>
#include <cstdio>
#include <mutex>
#include <shared_mutex>
#include <string_view>
#include <thread>

namespace {

using namespace std::chrono_literals;

/// Adds up on two threads what `guarded` lets them do one after the other.
template <class Guarded>
int add_up(Guarded guarded) {
    long sum = 0;
    const auto add = [&](int thread) {
        for (int i = 0; i < 1'000; ++i) guarded(thread, [&sum] { ++sum; });
    };
    std::thread other(add, 1);
    add(0);
    other.join();
    return sum == 2'000 ? 0 : 1;
}

int timed_mutex() {
    std::timed_mutex mutex;
    return add_up([&](int, auto work) {
        while (!mutex.try_lock_for(1s)) {
        }
        work();
        mutex.unlock();
    });
}

int shared_timed_mutex() {
    std::shared_timed_mutex mutex;
    long seen = 0;
    const int result = add_up([&](int thread, auto work) {
        if (thread == 0) {
            const std::shared_lock lock(mutex, 10s);
            seen += lock.owns_lock() ? 1 : 0;
        }
        const std::unique_lock lock(mutex, 10s);
        if (lock.owns_lock()) work();
    });
    return seen == 1'000 ? result : 1;
}

int semaphore() {
    sem_t permits;
    sem_init(&permits, 0, 1);
    const int result = add_up([&](int, auto work) {
        timespec deadline{};
        clock_gettime(CLOCK_MONOTONIC, &deadline);
        deadline.tv_sec += 10;
        if (sem_clockwait(&permits, CLOCK_MONOTONIC, &deadline) != 0) return;
        work();
        sem_post(&permits);
    });
    sem_destroy(&permits);
    return result;
}

int two_mutexes() {
    std::timed_mutex mutexes[2];
    add_up([&](int thread, auto work) {
        const std::unique_lock lock(mutexes[thread], 10s);
        work();
    });
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    const std::string_view mode = count == 2 ? arguments[1] : "";
    if (mode == "timed-mutex") return timed_mutex();
    if (mode == "shared-timed-mutex") return shared_timed_mutex();
    if (mode == "semaphore") return semaphore();
    if (mode == "two-mutexes") return two_mutexes();
    std::puts("timed-mutex, shared-timed-mutex, semaphore or two-mutexes");
    return 2;
}
