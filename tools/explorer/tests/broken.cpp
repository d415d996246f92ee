#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "scenarios.hpp"

namespace {

using interleave::failure;

template <class Work>
void in_threads(int count, Work work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) threads.emplace_back([&work, i] { work(i); });
    for (auto& t : threads) t.join();
}

struct account {
    std::mutex guard;
    int balance = 100;
    int read() {
        std::lock_guard lock(guard);
        return balance;
    }
    void withdraw(int amount) {
        std::lock_guard lock(guard);
        balance -= amount;
    }
};

enum class defect { if_for_while, one_condition, close_unlocked, close_notifies_one };

struct queue {
    defect bug;
    std::size_t capacity;
    std::mutex guard;
    std::condition_variable not_empty, not_full;
    std::deque<int> items;
    std::atomic<bool> closed{false};

    queue(defect d, std::size_t c) : bug(d), capacity(c) {}
    std::condition_variable& room() { return bug == defect::one_condition ? not_empty : not_full; }
    void push(int v) {
        std::unique_lock lock(guard);
        room().wait(lock, [&] { return items.size() < capacity || closed; });
        items.push_back(v);
        not_empty.notify_one();
    }
    std::optional<int> pop() {
        std::unique_lock lock(guard);
        if (bug == defect::if_for_while) {
            if (items.empty()) not_empty.wait(lock);
            EXPECT(!items.empty());
        } else {
            not_empty.wait(lock, [&] { return !items.empty() || closed; });
        }
        if (items.empty()) return {};
        const int v = items.front();
        items.pop_front();
        room().notify_one();
        return v;
    }
    void close() {
        if (bug == defect::close_unlocked) {
            closed = true;
            not_empty.notify_all();
            return;
        }
        {
            std::lock_guard lock(guard);
            closed = true;
        }
        if (bug == defect::close_notifies_one)
            not_empty.notify_one();
        else
            not_empty.notify_all();
    }
};

void philosophers(int count) {
    std::vector<std::mutex> forks(static_cast<std::size_t>(count));
    in_threads(count, [&](int i) {
        std::lock_guard left(forks[static_cast<std::size_t>(i)]);
        std::lock_guard right(forks[static_cast<std::size_t>((i + 1) % count)]);
    });
}

void publication(std::memory_order store, std::memory_order load) {
    int payload = 0;
    std::atomic<bool> ready{false};
    std::thread producer([&] {
        payload = 42;
        ready.store(true, store);
    });
    std::thread consumer([&] {
        if (ready.load(load)) EXPECT(payload == 42);
    });
    producer.join();
    consumer.join();
}

void store_buffering(std::memory_order store, std::memory_order load) {
    std::atomic<int> x{0}, y{0};
    int first = 0, second = 0;
    std::thread a([&] {
        x.store(1, store);
        first = y.load(load);
    });
    std::thread b([&] {
        y.store(1, store);
        second = x.load(load);
    });
    a.join();
    b.join();
    EXPECT(first == 1 || second == 1);
}

void peterson_acquire_release() {
    std::atomic<int> flag[2]{}, turn{0}, inside{0};
    in_threads(2, [&](int i) {
        flag[i].store(1, std::memory_order_release);
        turn.store(1 - i, std::memory_order_release);
        while (flag[1 - i].load(std::memory_order_acquire) &&
               turn.load(std::memory_order_acquire) == 1 - i)
            std::this_thread::yield();
        EXPECT(inside.fetch_add(1, std::memory_order_relaxed) == 0);
        inside.fetch_sub(1, std::memory_order_relaxed);
        flag[i].store(0, std::memory_order_release);
    });
}

struct config {
    int a = 1, b = 2;
};

struct stack {
    struct node {
        int value;
        node* next;
    };
    std::atomic<node*> head{nullptr};
    void push(int v) {
        auto* n = new node{v, head.load()};
        while (!head.compare_exchange_weak(n->next, n)) {
        }
    }
    bool pop() {
        node* n = head.load();
        while (n && !head.compare_exchange_weak(n, n->next)) {
        }
        delete n;
        return n;
    }
};

int global_counter = 0;

}  // namespace

std::vector<scenario> broken_scenarios() {
    std::vector<scenario> all;
    interleave::options no_races;
    no_races.races = false;
    const auto add = [&](std::string name, std::vector<failure> expected,
                         std::function<void()> body, interleave::options how = {}) {
        all.push_back({std::move(name), std::move(expected), std::move(body), how});
    };
    add("an unprotected counter loses an increment", {failure::wrong_result}, [] {
        int value = 0;
        in_threads(2, [&](int) { ++value; });
        EXPECT(value == 2);
    });
    add(
        "an unprotected counter, races not reported", {failure::wrong_result},
        [] {
            int value = 0;
            in_threads(3, [&](int) {
                for (int k = 0; k < 10; ++k) ++value;
            });
            EXPECT(value == 30);
        },
        no_races);
    add("a race without a consequence", {failure::race}, [] {
        int value = 0;
        in_threads(2, [&](int) { ++value; });
    });
    add("a global counter", {failure::wrong_result}, [] {
        in_threads(2, [&](int) { ++global_counter; });
        EXPECT(global_counter == 2);
    });
    add("check-then-act on an account", {failure::wrong_result}, [] {
        account a;
        in_threads(2, [&](int) {
            if (a.read() >= 80) a.withdraw(80);
        });
        EXPECT(a.balance >= 0);
    });
    add("two locks in opposite order", {failure::deadlock}, [] {
        std::mutex a, b;
        std::thread t([&] {
            std::lock_guard x(a);
            std::lock_guard y(b);
        });
        std::thread u([&] {
            std::lock_guard x(b);
            std::lock_guard y(a);
        });
        t.join();
        u.join();
    });
    add("two locks in opposite order, after 20 others", {failure::deadlock}, [] {
        std::mutex a, b, c;
        int n = 0;
        const auto before = [&] {
            for (int i = 0; i < 20; ++i) {
                std::lock_guard g(c);
                ++n;
            }
        };
        std::thread t([&] {
            before();
            std::lock_guard x(a);
            std::lock_guard y(b);
        });
        std::thread u([&] {
            before();
            std::lock_guard x(b);
            std::lock_guard y(a);
        });
        t.join();
        u.join();
    });
    add("a wake-up is lost", {failure::lost_wakeup}, [] {
        std::mutex m;
        std::condition_variable opened;
        std::atomic<bool> open{false};
        std::thread t([&] {
            std::unique_lock lock(m);
            while (!open) opened.wait(lock);
        });
        open = true;
        opened.notify_one();
        t.join();
    });
    add("if instead of while", {failure::wrong_result, failure::lost_wakeup, failure::deadlock},
        [] {
            queue q(defect::if_for_while, 2);
            std::thread a([&] { q.pop(); }), b([&] { q.pop(); });
            q.push(1);
            q.push(2);
            a.join();
            b.join();
        });
    add("one condition variable and notify_one", {failure::lost_wakeup, failure::deadlock}, [] {
        queue q(defect::one_condition, 1);
        std::vector<std::thread> threads;
        for (int i = 0; i < 2; ++i) {
            threads.emplace_back([&] {
                q.push(1);
                q.push(2);
            });
            threads.emplace_back([&] {
                q.pop();
                q.pop();
            });
        }
        for (auto& t : threads) t.join();
    });
    add("close() without the mutex", {failure::lost_wakeup}, [] {
        queue q(defect::close_unlocked, 2);
        std::thread t([&] {
            while (q.pop()) {
            }
        });
        q.push(1);
        q.close();
        t.join();
    });
    add("close() notifies one of two", {failure::lost_wakeup}, [] {
        queue q(defect::close_notifies_one, 2);
        std::thread t([&] {
            while (q.pop()) {
            }
        }),
            u([&] {
                while (q.pop()) {
                }
            });
        q.push(1);
        q.close();
        t.join();
        u.join();
    });
    add("relaxed publication", {failure::wrong_result, failure::race},
        [] { publication(std::memory_order_relaxed, std::memory_order_relaxed); });
    add("publication, release without acquire", {failure::wrong_result, failure::race},
        [] { publication(std::memory_order_release, std::memory_order_relaxed); });
    add("double-checked locking, plain pointer", {failure::race, failure::wrong_result}, [] {
        config* made = nullptr;
        std::mutex m;
        in_threads(2, [&](int) {
            if (!made) {
                std::lock_guard lock(m);
                if (!made) made = new config;
            }
            EXPECT(made->b == 2);
        });
        delete made;
    });
    add("double-checked locking, relaxed atomic", {failure::race, failure::wrong_result}, [] {
        std::atomic<config*> made{nullptr};
        std::mutex m;
        in_threads(2, [&](int) {
            if (!made.load(std::memory_order_relaxed)) {
                std::lock_guard lock(m);
                if (!made.load(std::memory_order_relaxed))
                    made.store(new config, std::memory_order_relaxed);
            }
            EXPECT(made.load(std::memory_order_relaxed)->b == 2);
        });
        delete made.load();
    });
    add("three philosophers", {failure::deadlock}, [] { philosophers(3); });
    add("five philosophers", {failure::deadlock}, [] { philosophers(5); });
    add("a lock-free stack that frees at once", {failure::use_after_free, failure::double_free},
        [] {
            stack s;
            s.push(1);
            s.push(2);
            in_threads(2, [&](int) { s.pop(); });
            while (s.pop()) {
            }
        });
    add("store buffering, relaxed", {failure::wrong_result},
        [] { store_buffering(std::memory_order_relaxed, std::memory_order_relaxed); });
    add("store buffering, release and acquire", {failure::wrong_result},
        [] { store_buffering(std::memory_order_release, std::memory_order_acquire); });
    add("Peterson's lock with acquire and release", {failure::wrong_result},
        peterson_acquire_release);
    add("sleep used as ordering", {failure::race, failure::wrong_result}, [] {
        int value = 0;
        std::thread t([&] { value = 1; });
        std::this_thread::sleep_for(std::chrono::seconds(1));
        EXPECT(value == 1);
        t.join();
    });
    add("atomic wait without notify", {failure::deadlock, failure::lost_wakeup}, [] {
        std::atomic<bool> ready{false};
        std::thread t([&] { ready.wait(false); });
        ready = true;
        t.join();
    });
    add("a leak", {failure::leak}, [] {
        std::thread t([] {
            auto* lost = new std::mutex;
            lost->lock();
            lost->unlock();
        });
        t.join();
    });
    return all;
}
