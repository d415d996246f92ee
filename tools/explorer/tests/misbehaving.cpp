#include <unistd.h>

#include <atomic>
#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "scenarios.hpp"

namespace {
using interleave::failure;
// What an optimizer must not see through.
volatile int opaque_zero = 0, opaque_seven = 7;
int recurse(int depth) {
    volatile char filling[1000];
    filling[depth % 1000] = 1;
    return depth < 0 ? 0 : recurse(depth + 1) + filling[depth % 7];
}
}  // namespace

std::vector<scenario> misbehaving_scenarios() {
    std::vector<scenario> all;
    const auto add = [&](std::string name, std::vector<failure> expected,
                         std::function<void()> body) {
        all.push_back({std::move(name), std::move(expected), std::move(body), {}});
    };
    add("spins for ever on a plain variable", {failure::hang, failure::race, failure::livelock},
        [] {
            bool stop = false;
            std::thread t([&] {
                while (!stop) {
                }
            });
            stop = true;
            t.join();
        });
    add("computes for ever", {failure::hang}, [] {
        std::thread t([] {
            for (;;) asm volatile("" ::: "memory");
        });
        t.join();
    });
    add("spins on an atomic that nobody sets", {failure::livelock}, [] {
        std::atomic<bool> f{false};
        std::thread t([&] {
            while (!f) {
            }
        });
        t.join();
    });
    add("never joins a thread", {failure::unjoined_thread}, [] { std::thread t([] {}); });
    add("throws out of a thread", {failure::uncaught_exception}, [] {
        std::thread t([] { throw std::runtime_error("boom"); });
        t.join();
    });
    add("throws out of the body", {failure::uncaught_exception}, [] {
        std::jthread t([] {});
        throw std::runtime_error("body");
    });
    add("calls exit in a thread", {failure::exit}, [] {
        std::thread t([] { std::exit(3); });
        t.join();
    });
    add("a detached thread uses a dead stack", {failure::use_after_free, failure::race}, [] {
        int x = 0;
        std::thread([&] { x = 5; }).detach();
    });
    add("a detached thread waits for ever", {failure::deadlock}, [] {
        static std::mutex m;
        m.lock();
        std::thread([] { m.lock(); }).detach();
    });
    add("locks a mutex twice", {failure::self_deadlock}, [] {
        std::mutex m;
        std::lock_guard a(m);
        std::lock_guard b(m);
    });
    add("unlocks another thread's mutex", {failure::bad_unlock}, [] {
        std::mutex m;
        m.lock();
        std::thread t([&] { m.unlock(); });
        t.join();
    });
    add("a promise is never set", {failure::deadlock}, [] {
        std::promise<int> p;
        auto f = p.get_future();
        std::thread t([&] { f.wait(); });
        t.join();
    });
    add("follows a null pointer", {failure::crash}, [] {
        std::thread t([] {
            int* p = nullptr;
            if (opaque_zero == 0) *const_cast<volatile int*>(p) = 1;
        });
        t.join();
    });
    add("divides by zero", {failure::crash}, [] {
        std::thread t([] {
            volatile int x = opaque_seven / opaque_zero;
            (void)x;
        });
        t.join();
    });
    add("calls abort", {failure::crash}, [] {
        std::thread t([] { std::abort(); });
        t.join();
    });
    add("a failed assert", {failure::wrong_result}, [] {
        std::thread t([] { assert(opaque_zero == 1); });
        t.join();
    });
    add("overflows its stack", {failure::stack_overflow}, [] {
        std::thread t([] { recurse(opaque_zero); });
        t.join();
    });
    add("frees twice", {failure::double_free}, [] {
        int* p = new int(1);
        std::thread t([=] { delete p; });
        t.join();
        delete p;
    });
    add("uses freed memory", {failure::use_after_free}, [] {
        int* p = new int(1);
        delete p;
        std::thread t([=] { *p = 2; });
        t.join();
    });
    add("prints without end", {failure::hang, failure::livelock}, [] {
        std::thread t([] {
            for (;;) std::puts("a line of output that goes on and on");
        });
        t.join();
    });
    add("reads from a pipe", {failure::outside_world}, [] {
        int ends[2];
        if (pipe(ends) != 0) return;
        std::thread t([&] {
            char c;
            (void)!read(ends[0], &c, 1);
        });
        t.join();
    });
    add("a hundred threads", {}, [] {
        std::mutex m;
        int n = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 100; ++i)
            threads.emplace_back([&] {
                std::lock_guard l(m);
                ++n;
            });
        for (auto& t : threads) t.join();
        EXPECT(n == 100);
    });
    add("allocates 100 MB", {}, [] {
        std::vector<char> big(100 << 20);
        std::thread t([&] { big[5] = 1; });
        t.join();
        EXPECT(big[5] == 1);
    });
    add("too many threads", {failure::resource_limit}, [] {
        std::vector<std::thread> threads;
        for (int i = 0; i < 400; ++i) threads.emplace_back([] {});
        for (auto& t : threads) t.join();
    });
    all[all.size() - 2].how.executions = 20;
    all[all.size() - 3].how.executions = 500;
    return all;
}
