#include "programs.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "../tests/in_parallel.hpp"
#include "interleave/explore.hpp"

void mutex_counter() {
    std::mutex guard;
    int count = 0;
    on_threads(3, [&](int) {
        for (int i = 0; i < 10; ++i) {
            const std::lock_guard lock(guard);
            ++count;
        }
    });
    EXPECT(count == 30);
}

void atomic_counter() {
    std::atomic<int> count{0};
    on_threads(3, [&](int) {
        for (int i = 0; i < 20; ++i) count.fetch_add(1, std::memory_order_relaxed);
    });
    EXPECT(count == 60);
}

void bounded_queue() {
    std::mutex guard;
    std::condition_variable not_empty, not_full;
    int slots[2] = {};
    int first = 0, count = 0, sum = 0;
    const auto push = [&](int item) {
        std::unique_lock lock(guard);
        while (count == 2) not_full.wait(lock);
        slots[(first + count) % 2] = item;
        ++count;
        not_empty.notify_one();
    };
    const auto pop = [&] {
        std::unique_lock lock(guard);
        while (count == 0) not_empty.wait(lock);
        sum += slots[first];
        first = (first + 1) % 2;
        --count;
        not_full.notify_one();
    };
    on_threads(4, [&](int me) {
        for (int i = 1; i <= 3; ++i) {
            if (me < 2) {
                push(i);
            } else {
                pop();
            }
        }
    });
    EXPECT(sum == 12);
}
