#include <atomic>
#include <barrier>
#include <condition_variable>
#include <future>
#include <latch>
#include <map>
#include <memory>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <sstream>
#include <stop_token>
#include <thread>

#include "scenarios.hpp"

namespace {

template <class Work>
void in_threads(int count, Work work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) threads.emplace_back([&work, i] { work(i); });
    for (auto& t : threads) t.join();
}

int plain_global = 0;
std::vector<int> growing_global;

}  // namespace

std::vector<scenario> correct_scenarios() {
    using namespace std::chrono_literals;
    std::vector<scenario> all;
    const auto add = [&](std::string name, std::function<void()> body) {
        all.push_back({std::move(name), {}, std::move(body), {}});
    };
    add("counter with mutex, 3 by 10", [] {
        std::mutex m;
        int n = 0;
        in_threads(3, [&](int) {
            for (int k = 0; k < 10; ++k) {
                std::lock_guard g(m);
                ++n;
            }
        });
        EXPECT(n == 30);
    });
    add("atomic counter, 3 by 20", [] {
        std::atomic<int> n{0};
        in_threads(3, [&](int) {
            for (int k = 0; k < 20; ++k) n.fetch_add(1, std::memory_order_relaxed);
        });
        EXPECT(n == 60);
    });
    add("bounded queue, 2 producers, 2 consumers", [] {
        std::mutex m;
        std::condition_variable not_empty, not_full;
        std::vector<int> items;
        bool closed = false;
        int got = 0;
        std::vector<std::thread> producers, consumers;
        for (int i = 0; i < 2; ++i)
            producers.emplace_back([&] {
                for (int k = 0; k < 3; ++k) {
                    std::unique_lock lock(m);
                    not_full.wait(lock, [&] { return items.size() < 2; });
                    items.push_back(k);
                    not_empty.notify_one();
                }
            });
        for (int i = 0; i < 2; ++i)
            consumers.emplace_back([&] {
                for (;;) {
                    std::unique_lock lock(m);
                    not_empty.wait(lock, [&] { return !items.empty() || closed; });
                    if (items.empty()) return;
                    items.pop_back();
                    ++got;
                    not_full.notify_one();
                }
            });
        for (auto& t : producers) t.join();
        {
            std::lock_guard lock(m);
            closed = true;
        }
        not_empty.notify_all();
        for (auto& t : consumers) t.join();
        EXPECT(got == 6);
    });
    add("philosophers, 5, ordered", [] {
        std::vector<std::mutex> forks(5);
        in_threads(5, [&](int i) {
            std::size_t a = static_cast<std::size_t>(i), b = (a + 1) % 5;
            if (b < a) std::swap(a, b);
            std::lock_guard x(forks[a]);
            std::lock_guard y(forks[b]);
        });
    });
    add("release/acquire publication", [] {
        int payload = 0;
        std::atomic<bool> ready{false};
        std::thread p([&] {
            payload = 42;
            ready.store(true, std::memory_order_release);
        });
        std::thread c([&] {
            if (ready.load(std::memory_order_acquire)) EXPECT(payload == 42);
        });
        p.join();
        c.join();
    });
    add("store buffering, seq_cst", [] {
        std::atomic<int> x{0}, y{0};
        int a = 0, b = 0;
        std::thread t([&] {
            x = 1;
            a = y;
        }),
            u([&] {
                y = 1;
                b = x;
            });
        t.join();
        u.join();
        EXPECT(a == 1 || b == 1);
    });
    add("store buffering, seq_cst fences", [] {
        std::atomic<int> x{0}, y{0};
        int a = 0, b = 0;
        const auto go = [](std::atomic<int>& mine, std::atomic<int>& other, int& seen) {
            mine.store(1, std::memory_order_relaxed);
            std::atomic_thread_fence(std::memory_order_seq_cst);
            seen = other.load(std::memory_order_relaxed);
        };
        std::thread t([&] { go(x, y, a); }), u([&] { go(y, x, b); });
        t.join();
        u.join();
        EXPECT(a == 1 || b == 1);
    });
    add("Peterson, seq_cst", [] {
        std::atomic<int> flag[2]{}, turn{0};
        int inside = 0;
        in_threads(2, [&](int i) {
            flag[i] = 1;
            turn = 1 - i;
            while (flag[1 - i] && turn == 1 - i) std::this_thread::yield();
            EXPECT(++inside == 1);
            --inside;
            flag[i] = 0;
        });
    });
    add("fence publication", [] {
        int payload = 0;
        std::atomic<int> flag{0};
        std::thread a([&] {
            payload = 1;
            std::atomic_thread_fence(std::memory_order_release);
            flag.store(1, std::memory_order_relaxed);
        });
        std::thread b([&] {
            if (flag.load(std::memory_order_relaxed)) {
                std::atomic_thread_fence(std::memory_order_acquire);
                EXPECT(payload == 1);
            }
        });
        a.join();
        b.join();
    });
    add("release sequence over a read-modify-write", [] {
        int payload = 0;
        std::atomic<int> flag{0};
        std::thread a([&] {
            payload = 1;
            flag.store(1, std::memory_order_release);
        });
        std::thread b([&] {
            int one = 1;
            flag.compare_exchange_strong(one, 2, std::memory_order_relaxed);
        });
        std::thread c([&] {
            if (flag.load(std::memory_order_acquire) == 2) EXPECT(payload == 1);
        });
        a.join();
        b.join();
        c.join();
    });
    add("coherence of one variable, relaxed", [] {
        std::atomic<int> x{0};
        std::thread a([&] {
            for (int i = 1; i < 5; ++i) x.store(i, std::memory_order_relaxed);
        });
        std::thread b([&] {
            int last = 0;
            for (int i = 0; i < 5; ++i) {
                const int now = x.load(std::memory_order_relaxed);
                EXPECT(now >= last);
                last = now;
            }
        });
        a.join();
        b.join();
        EXPECT(x.load(std::memory_order_relaxed) == 4);
    });
    add("jthread, stop_token, condition_variable_any", [] {
        std::mutex m;
        std::condition_variable_any changed;
        int n = 0;
        {
            std::jthread j([&](std::stop_token stop) {
                std::unique_lock lock(m);
                while (changed.wait(lock, stop, [&] { return n > 0; })) --n;
            });
            {
                std::lock_guard lock(m);
                n = 2;
            }
            changed.notify_all();
        }
        EXPECT(n >= 0 && n <= 2);
    });
    add("stop_callback", [] {
        std::stop_source source;
        std::atomic<int> calls{0};
        std::thread t([&] { std::stop_callback c(source.get_token(), [&] { ++calls; }); });
        source.request_stop();
        t.join();
        EXPECT(calls <= 1);
    });
    add("latch, barrier, semaphore", [] {
        std::latch start(2);
        int phase = 0, n = 0;
        std::barrier sync(2, [&]() noexcept { ++phase; });
        std::counting_semaphore<2> one(1);
        in_threads(2, [&](int) {
            start.arrive_and_wait();
            for (int i = 0; i < 2; ++i) sync.arrive_and_wait();
            one.acquire();
            ++n;
            one.release();
        });
        EXPECT(phase == 2 && n == 2);
    });
    add("binary_semaphore as a signal", [] {
        std::binary_semaphore ready(0);
        int value = 0;
        std::thread t([&] {
            ready.acquire();
            EXPECT(value == 1);
        });
        value = 1;
        ready.release();
        t.join();
    });
    add("atomic wait and notify, int", [] {
        std::atomic<int> a{0};
        int d = 0;
        std::thread t([&] {
            a.wait(0);
            EXPECT(d == 7);
        });
        d = 7;
        a.store(1);
        a.notify_one();
        t.join();
    });
    add("atomic wait and notify, bool and flag", [] {
        std::atomic<bool> a{false};
        std::atomic_flag f;
        int d = 0;
        std::thread t([&] {
            a.wait(false);
            EXPECT(d == 7);
            f.test_and_set();
            f.notify_all();
        });
        d = 7;
        a = true;
        a.notify_all();
        f.wait(false);
        t.join();
    });
    add("promise, future, async, packaged_task", [] {
        std::promise<int> p;
        auto f = p.get_future();
        std::thread t([&] { p.set_value(3); });
        auto four = std::async(std::launch::async, [] { return 4; });
        auto throws =
            std::async(std::launch::async, []() -> int { throw std::runtime_error("x"); });
        std::packaged_task<int(int)> task([](int x) { return x + 1; });
        auto two = task.get_future();
        std::thread u(std::move(task), 1);
        int sum = f.get() + four.get() + two.get();
        try {
            throws.get();
        } catch (const std::runtime_error& e) {
            sum += e.what()[0] == 'x';
        }
        t.join();
        u.join();
        EXPECT(sum == 10);
    });
    add("shared_future and wait_for", [] {
        std::promise<int> p;
        auto f = p.get_future().share();
        std::thread t([&] {
            while (f.wait_for(1ms) != std::future_status::ready) {
            }
            EXPECT(f.get() == 1);
        });
        p.set_value(1);
        t.join();
    });
    add("shared_mutex", [] {
        std::shared_mutex m;
        int v = 0;
        std::thread w([&] {
            std::unique_lock lock(m);
            v = 1;
        });
        in_threads(2, [&](int) {
            std::shared_lock lock(m);
            const int x = v;
            EXPECT(x == v);
        });
        w.join();
    });
    add("shared_timed_mutex", [] {
        std::shared_timed_mutex m;
        int v = 0;
        in_threads(2, [&](int) {
            if (m.try_lock_for(1ms)) {
                ++v;
                m.unlock();
            }
            if (m.try_lock_shared_for(1ms)) {
                EXPECT(v >= 0);
                m.unlock_shared();
            }
        });
    });
    add("recursive_mutex", [] {
        std::recursive_mutex m;
        int v = 0;
        in_threads(2, [&](int) {
            std::lock_guard a(m);
            std::lock_guard b(m);
            ++v;
        });
        EXPECT(v == 2);
    });
    add("call_once, retried after an exception", [] {
        std::once_flag flag;
        int n = 0, calls = 0;
        in_threads(2, [&](int) {
            try {
                std::call_once(flag, [&] {
                    if (++calls == 1) throw 1;
                    n = 5;
                });
            } catch (int) {
                std::call_once(flag, [&] { n = 5; });
            }
            EXPECT(n == 5);
        });
    });
    add("function-local static and thread_local", [] {
        in_threads(2, [](int) {
            static std::vector<int> shared(3, 1);
            static thread_local int own = 10;
            static thread_local std::string text = "abc";
            EXPECT(shared.size() == 3);
            EXPECT(++own == 11);
            text += "x";
            EXPECT(text == "abcx");
        });
    });
    add("globals start afresh", [] {
        EXPECT(plain_global++ == 0);
        EXPECT(growing_global.empty());
        growing_global.push_back(1);
        static int local = 5;
        EXPECT(local++ == 5);
    });
    add("timed: try_lock_for, wait_for, sleep", [] {
        std::timed_mutex m;
        std::condition_variable never;
        std::mutex k;
        std::thread t([&] {
            if (m.try_lock_for(1s)) {
                std::this_thread::sleep_for(2s);
                m.unlock();
            }
        });
        {
            std::unique_lock lock(k);
            never.wait_for(lock, 1h, [] { return false; });
        }
        if (m.try_lock_for(5ms)) m.unlock();
        t.join();
    });
    add("try_lock", [] {
        std::mutex m;
        int n = 0;
        in_threads(2, [&](int) {
            if (m.try_lock()) {
                ++n;
                m.unlock();
            }
        });
        EXPECT(n >= 1);
    });
    add("shared_ptr", [] {
        auto p = std::make_shared<int>(1);
        std::weak_ptr<int> w = p;
        std::thread a([q = p] { EXPECT(*q == 1); });
        std::thread b([w] {
            if (auto q = w.lock()) EXPECT(*q == 1);
        });
        p.reset();
        a.join();
        b.join();
        EXPECT(w.expired());
    });
    add("atomic<shared_ptr>", [] {
        std::atomic<std::shared_ptr<int>> p{std::make_shared<int>(1)};
        std::thread a([&] { p.store(std::make_shared<int>(2)); });
        std::thread b([&] {
            auto q = p.load();
            EXPECT(*q == 1 || *q == 2);
        });
        a.join();
        b.join();
    });
    add("scoped_lock of two, both orders", [] {
        std::mutex a, b;
        int n = 0;
        std::thread t([&] {
            std::scoped_lock lock(a, b);
            ++n;
        });
        std::thread u([&] {
            std::scoped_lock lock(b, a);
            ++n;
        });
        t.join();
        u.join();
        EXPECT(n == 2);
    });
    add("spin on an atomic, no yield", [] {
        std::atomic<bool> f{false};
        int d = 0;
        std::thread a([&] {
            while (!f.load(std::memory_order_acquire)) {
            }
            EXPECT(d == 1);
        });
        d = 1;
        f.store(true, std::memory_order_release);
        a.join();
    });
    add("spinlock with atomic_flag", [] {
        std::atomic_flag f;
        int n = 0;
        in_threads(2, [&](int) {
            for (int i = 0; i < 5; ++i) {
                while (f.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
                ++n;
                f.clear(std::memory_order_release);
            }
        });
        EXPECT(n == 10);
    });
    add("virtual functions, strings, unique_ptr, map", [] {
        struct base {
            virtual ~base() = default;
            virtual std::string text() { return "b"; }
        };
        struct derived : base {
            std::string text() override { return "a long string, on the heap, really long"; }
        };
        std::mutex m;
        std::map<int, std::unique_ptr<base>> made;
        in_threads(2, [&](int i) {
            auto d = std::make_unique<derived>();
            std::lock_guard lock(m);
            made[i] = std::move(d);
        });
        EXPECT(made[1]->text().size() > 10);
    });
    add("string streams", [] {
        std::mutex m;
        std::string text;
        in_threads(2, [&](int i) {
            std::ostringstream out;
            out << "thread " << i << ' ' << 3.5;
            std::lock_guard lock(m);
            text += out.str();
        });
        EXPECT(text.size() == 24);
    });
    add("exceptions in threads", [] {
        std::atomic<int> caught{0};
        in_threads(2, [&](int) {
            try {
                throw std::runtime_error("a message");
            } catch (const std::exception&) {
                ++caught;
            }
        });
        EXPECT(caught == 2);
    });
    add("exception_ptr handed over", [] {
        std::exception_ptr error;
        std::thread t([&] {
            try {
                throw std::runtime_error("a rather long message, on the heap");
            } catch (...) {
                error = std::current_exception();
            }
        });
        t.join();
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& e) {
            EXPECT(std::string(e.what()).size() > 10);
        }
    });
    add("16-byte atomics next to small members", [] {
        struct pair {
            int a = 0;
            bool b = false;
            char c = 0;
        } p;
        std::thread t([&] { p.a = 1; }), u([&] { p.b = true; });
        p.c = 'x';
        t.join();
        u.join();
        EXPECT(p.a == 1 && p.b && p.c == 'x');
    });
    add("a stack slot used again by the next thread", [] {
        for (int round = 0; round < 3; ++round) {
            std::atomic<int> n{0};
            std::mutex m;
            in_threads(2, [&](int) {
                std::lock_guard lock(m);
                n.fetch_add(1, std::memory_order_relaxed);
            });
            EXPECT(n.load(std::memory_order_relaxed) == 2);
        }
    });
    return all;
}
