// program MODE: behaves as the mode says. The tests of the runner run it.

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <barrier>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <latch>
#include <map>
#include <string>
#include <vector>

#include "answer.hpp"
#include "support/events.hpp"

namespace {

using namespace std::chrono_literals;

// ---- stuck for ever

int abba() {
    stuck::account left;
    stuck::account right;
    std::latch both(2);
    const auto meet = [&] { both.arrive_and_wait(); };
    std::jthread one([&] { stuck::transfer(left, right, meet); });
    std::jthread two([&] { stuck::transfer(right, left, meet); });
    return 0;
}

int self_lock() {
    std::mutex mutex;
    stuck::lock_twice(mutex);
    return 0;
}

int lost_wakeup() {
    stuck::sleeper sleeper;
    std::jthread waiter([&] { sleeper.wait_for_ever(); });
    return 0;
}

int predicate() {
    stuck::sleeper sleeper;
    std::jthread waiter([&] { sleeper.wait_with_predicate(); });
    return 0;
}

int unset_promise() {
    std::promise<int> promise;
    auto future = promise.get_future();
    return future.get();
}

int semaphore() {
    std::counting_semaphore<4> none(0);
    none.acquire();
    return 0;
}

int atomic_wait() {
    std::atomic<int> value{0};
    value.wait(0);
    return 0;
}

int shared_lock() {
    std::shared_mutex mutex;
    std::unique_lock writer(mutex);
    std::jthread reader([&] { std::shared_lock lock(mutex); });
    reader.join();
    return 0;
}

int sleeping_too_long() {
    std::jthread waiter([] { std::this_thread::sleep_for(1h); });
    return 0;
}

/// A thread that takes no signal from its first instruction on.
template <class Body>
std::jthread without_signals(Body body) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::jthread made(body);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return made;
}

/// Like ThreadSanitizer's.
std::jthread helper_thread() {
    return without_signals([] {
        while (true) std::this_thread::sleep_for(20ms);
    });
}

int self_lock_with_helper() {
    const std::jthread helper = helper_thread();
    return self_lock();
}

/// The helper is mostly awake, as on a busy machine, where it waits for a processor.
int self_lock_with_busy_helper() {
    const std::jthread helper = without_signals([] {
        while (true) {
            const auto begin = std::chrono::steady_clock::now();
            while (std::chrono::steady_clock::now() < begin + 60ms) {
            }
            std::this_thread::sleep_for(20ms);
        }
    });
    return self_lock();
}

int endless() {
    const std::atomic<bool> stop{false};
    std::jthread one([&] { stuck::spin(stop); });
    std::jthread two([&] { stuck::spin(stop); });
    return 0;
}

// ---- only looks stuck

/// On a busy machine a thread can be off the processor for long before it has taken its own signal
/// mask, and again after it has given it up.
int slow_to_begin() {
    std::jthread newborn = without_signals([] {
        const auto begin = std::chrono::steady_clock::now();
        while (std::chrono::steady_clock::now() < begin + 300ms) {
        }
    });
    newborn.join();
    return 0;
}

int slow_to_begin_beside_helper() {
    [[maybe_unused]] const std::jthread helper = helper_thread();
    _exit(slow_to_begin());  // the helper goes on for ever
}

int timed_wait() {
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    std::jthread other([] { std::this_thread::sleep_for(200ms); });
    other.join();
    never.wait_for(lock, 200ms);
    return 0;
}

int held_while_sleeping() {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::jthread other([&] { std::lock_guard inner(mutex); });
    std::this_thread::sleep_for(300ms);
    lock.unlock();
    return 0;
}

int pipe_from_child() {
    int ends[2];
    if (pipe(ends) != 0) return 1;
    const pid_t child = fork();
    if (child == 0) {
        std::this_thread::sleep_for(300ms);
        _exit(write(ends[1], "x", 1) == 1 ? 0 : 1);
    }
    char byte = 0;
    const bool got = read(ends[0], &byte, 1) == 1;
    int status = 0;
    waitpid(child, &status, 0);
    return got && status == 0 ? 0 : 1;
}

int wait_for_child() {
    const pid_t child = fork();
    if (child == 0) {
        std::this_thread::sleep_for(300ms);
        _exit(0);
    }
    int status = 0;
    return waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
}

std::atomic<int> alarmed{0};

int woken_by_alarm() {
    signal(SIGALRM, [](int) {
        alarmed.store(1);
        alarmed.notify_all();
    });
    alarm(1);
    alarmed.wait(0);
    return 0;
}

int heavy_locking() {
    std::mutex mutex;
    std::condition_variable turn;
    std::barrier meet(4);
    int whose = 0;
    long sum = 0;
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int me = 0; me < 4; ++me) {
        threads.emplace_back([&, me] {
            for (int i = 0; i < 50; ++i) {
                std::unique_lock lock(mutex);
                turn.wait(lock, [&] { return whose == me; });
                ++sum;
                whose = (whose + 1) % 4;
                turn.notify_all();
                lock.unlock();
                if (i % 10 == 0) meet.arrive_and_wait();
            }
        });
    }
    threads.clear();
    return sum == 200 ? 0 : 1;
}

// ---- ends badly

int crash() {
    const int* volatile nowhere = nullptr;
    return stuck::read_through(nowhere);
}

int crash_in_thread() {
    std::jthread thread([] { crash(); });
    return 0;
}

int uncaught() {
    std::jthread thread([] { stuck::throw_unseen(); });
    return 0;
}

/// Calls it on four threads that set off together.
void on_four_threads(void (*work)()) {
    std::latch start(4);
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            start.arrive_and_wait();
            work();
        });
    }
}

int crash_in_four_threads() {
    on_four_threads([] { crash(); });
    return 0;
}

int uncaught_in_four_threads() {
    on_four_threads([] { stuck::throw_unseen(); });
    return 0;
}

int unjoined() {
    stuck::forget_to_join();
    return 0;
}

// ---- a burden

int runaways() {
    for (int i = 0; i < 50; ++i) {
        if (fork() == 0) {
            setsid();
            if (fork() != 0) _exit(0);
            while (true) pause();
        }
    }
    while (waitpid(-1, nullptr, 0) > 0) {
    }
    std::printf("%d", getpgrp());
    return 0;
}

int flood() {
    std::string line(99, 'x');
    line += '\n';
    std::fputs("the first line\n", stdout);
    for (int i = 0; i < 1'000'000; ++i) std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputs("the last line\n", stdout);
    return 0;
}

int memory() {
    std::vector<char*> blocks;
    while (true) {
        blocks.push_back(static_cast<char*>(std::malloc(16 << 20)));
        std::memset(blocks.back(), 1, 16 << 20);
    }
}

int busy_children() {
    for (int i = 0; i < 2; ++i) {
        if (fork() == 0) {
            const std::atomic<bool> stop{false};
            stuck::spin(stop);
        }
    }
    while (waitpid(-1, nullptr, 0) > 0) {
    }
    return 0;
}

int events() {
    interleave::events::write_line(R"({"event":"case","name":"one"})");
    interleave::events::write_line(R"({"event":"end","status":0})");
    return 3;
}

int descriptors() {
    for (int fd = 0; fd < 1024; ++fd) {
        if (fcntl(fd, F_GETFD) != -1) std::printf("%d ", fd);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::map<std::string, int (*)()> modes{
        {"abba", abba},
        {"self-lock", self_lock},
        {"lost-wakeup", lost_wakeup},
        {"predicate", predicate},
        {"unset-promise", unset_promise},
        {"semaphore", semaphore},
        {"atomic-wait", atomic_wait},
        {"shared-lock", shared_lock},
        {"sleeping-too-long", sleeping_too_long},
        {"self-lock-with-helper", self_lock_with_helper},
        {"self-lock-with-busy-helper", self_lock_with_busy_helper},
        {"endless", endless},
        {"timed-wait", timed_wait},
        {"slow-to-begin", slow_to_begin},
        {"slow-to-begin-beside-helper", slow_to_begin_beside_helper},
        {"held-while-sleeping", held_while_sleeping},
        {"pipe-from-child", pipe_from_child},
        {"wait-for-child", wait_for_child},
        {"woken-by-alarm", woken_by_alarm},
        {"heavy-locking", heavy_locking},
        {"crash", crash},
        {"crash-in-thread", crash_in_thread},
        {"crash-in-four-threads", crash_in_four_threads},
        {"uncaught", uncaught},
        {"uncaught-in-four-threads", uncaught_in_four_threads},
        {"unjoined", unjoined},
        {"runaways", runaways},
        {"flood", flood},
        {"memory", memory},
        {"busy-children", busy_children},
        {"events", events},
        {"descriptors", descriptors},
    };
    const auto mode = modes.find(argc > 1 ? argv[1] : "");
    if (mode == modes.end()) {
        std::fputs("There is no such mode.\n", stderr);
        return 2;
    }
    return mode->second();
}
