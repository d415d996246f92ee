// thread_local: one for each thread, made on first use, destroyed at the thread's end.

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../count_under.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

thread_local int calls = 10;
thread_local int zero;
thread_local std::string history = "begins";

void each_thread_has_its_own() {
    on_threads(3, [](int me) {
        EXPECT(calls == 10);
        calls += me;
        std::this_thread::yield();
        EXPECT(calls == 10 + me);
    });
    EXPECT(calls == 10);
}

void it_starts_at_zero() {
    on_threads(2, [](int) { EXPECT(++zero == 1); });
    in_parallel([] { EXPECT(++zero == 1); });
}

void a_string_of_each_thread_grows() {
    on_threads(2, [](int me) {
        for (int i = 0; i <= me; ++i) history += " and goes on and on until it needs the heap";
        EXPECT(history.size() == 6 + 43 * static_cast<std::size_t>(me + 1));
    });
}

void it_is_made_on_first_use_and_destroyed_at_the_end() {
    static std::atomic<int> alive{0}, made{0};
    struct resource {
        std::unique_ptr<int> value = std::make_unique<int>(1);
        resource() { ++alive, ++made; }
        ~resource() { --alive; }
    };
    const int before = made;
    std::atomic<int> used{0};
    on_threads(3, [&](int me) {
        if (me == 0) return;
        thread_local resource mine;
        used += *mine.value;
    });
    EXPECT(used == 2 && made == before + 2 && alive == 0);
}

void a_destructor_reports_under_a_lock() {
    static std::mutex guard;
    static std::vector<int> reported;
    reported.clear();
    struct reporter {
        int count = 0;
        ~reporter() {
            const std::lock_guard lock(guard);
            reported.push_back(count);
        }
    };
    on_threads(2, [](int me) {
        thread_local reporter mine;
        mine.count = me + 1;
    });
    EXPECT(reported.size() == 2 && reported[0] + reported[1] == 3);
    reported = {};
}

void destructors_run_in_reverse_order() {
    static std::mutex guard;
    static std::string order;
    order.clear();
    struct tracer {
        char name;
        ~tracer() {
            const std::lock_guard lock(guard);
            order += name;
        }
    };
    in_parallel([] {
        thread_local tracer a{'a'};
        thread_local tracer b{'b'};
        EXPECT(a.name == 'a' && b.name == 'b');
    });
    EXPECT(order == "ba");
}

void a_destructor_uses_another_thread_local() {
    struct log {
        std::vector<std::string> lines;
        static log& mine() {
            thread_local log instance;
            return instance;
        }
    };
    struct user {
        user() { log::mine().lines.emplace_back("begins with a line that needs the heap"); }
        ~user() { log::mine().lines.emplace_back("ends with a line that needs the heap, too"); }
    };
    on_threads(2, [](int) {
        thread_local user u;
        EXPECT(log::mine().lines.size() == 1);
        (void)u;
    });
}

void the_addresses_of_living_threads_differ() {
    std::mutex guard;
    std::set<const int*> addresses{&calls};
    std::atomic<int> here{0};
    on_threads(3, [&](int) {
        {
            const std::lock_guard lock(guard);
            addresses.insert(&calls);
        }
        ++here;
        while (here < 3) std::this_thread::yield();
    });
    EXPECT(addresses.size() == 4);
}

void another_thread_may_write_while_it_is_ordered() {
    thread_local int mine = 0;
    int* const theirs = &mine;
    std::thread worker([=] { *theirs = 5; });
    worker.join();
    EXPECT(mine == 5);
    mine = 0;
}

void a_random_engine_of_each_thread() {
    std::atomic<int> throws_made{0};
    on_threads(2, [&](int me) {
        thread_local std::minstd_rand engine(static_cast<unsigned>(me) + 1);
        std::uniform_int_distribution<int> die(1, 6);
        for (int i = 0; i < 3; ++i) {
            const int eyes = die(engine);
            EXPECT(eyes >= 1 && eyes <= 6);
            ++throws_made;
        }
    });
    EXPECT(throws_made == 6);
}

template <class Tag>
struct counted {
    inline static thread_local int here = 0;
    inline static std::atomic<int> everywhere{0};
};

void a_static_thread_local_member_of_a_template() {
    struct tag {};
    counted<tag>::everywhere = 0;
    on_threads(2, [](int) {
        for (int i = 0; i < 3; ++i) ++counted<tag>::here;
        counted<tag>::everywhere += counted<tag>::here;
    });
    EXPECT(counted<tag>::everywhere == 6);
}

void a_thread_that_starts_late_finds_it_fresh() {
    for (int i = 0; i < 3; ++i) {
        std::thread([] { EXPECT(++calls == 11); }).join();
    }
}

/// Mellor-Crummey and Scott: each waits on a flag of its own.
struct queue_lock {
    struct place {
        std::atomic<place*> next{nullptr};
        std::atomic<bool> waiting{false};
    };
    std::atomic<place*> last{nullptr};

    static place& mine() {
        thread_local place p;
        return p;
    }
    void lock() {
        place& me = mine();
        me.next.store(nullptr, std::memory_order_relaxed);
        me.waiting.store(true, std::memory_order_relaxed);
        if (place* before = last.exchange(&me, std::memory_order_acq_rel)) {
            before->next.store(&me, std::memory_order_release);
            while (me.waiting.load(std::memory_order_acquire)) std::this_thread::yield();
        }
    }
    void unlock() {
        place& me = mine();
        place* after = me.next.load(std::memory_order_acquire);
        if (!after) {
            place* expected = &me;
            if (last.compare_exchange_strong(expected, nullptr, std::memory_order_release,
                                             std::memory_order_relaxed)) {
                return;
            }
            while (!(after = me.next.load(std::memory_order_acquire))) std::this_thread::yield();
        }
        after->waiting.store(false, std::memory_order_release);
    }
};

std::mutex guard;
std::condition_variable changed;
thread_local std::vector<int> own;

/// It waits when the body has ended, and the process would end with it.
void what_a_waiting_thread_has_is_no_leak() {
    std::thread([] {
        own.assign(40, 7);
        std::unique_lock lock(guard);
        changed.wait(lock, [] { return zero > 0; });
    }).detach();
}

void what_a_waiting_thread_has_caught_is_no_leak() {
    std::thread([] {
        try {
            throw std::runtime_error("long enough for memory of its own");
        } catch (...) {
            std::unique_lock lock(guard);
            changed.wait(lock, [] { return zero > 0; });
        }
    }).detach();
}

}  // namespace

corpus::topic thread_locals() {
    return {
        "thread locals",
        {
            {"each thread has its own", each_thread_has_its_own},
            {"a thread_local starts at zero", it_starts_at_zero},
            {"a string of each thread grows", a_string_of_each_thread_grows},
            {"a thread_local is made on first use and destroyed at the end",
             it_is_made_on_first_use_and_destroyed_at_the_end},
            {"a thread_local's destructor reports under a lock", a_destructor_reports_under_a_lock},
            {"thread_locals are destroyed in reverse order", destructors_run_in_reverse_order},
            {"a thread_local's destructor uses another one",
             a_destructor_uses_another_thread_local},
            {"the addresses of living threads' thread_locals differ",
             the_addresses_of_living_threads_differ},
            {"another thread may write to a thread_local in order",
             another_thread_may_write_while_it_is_ordered},
            {"a random engine of each thread", a_random_engine_of_each_thread},
            {"a static thread_local member of a template",
             a_static_thread_local_member_of_a_template},
            {"a thread that starts late finds its thread_local fresh",
             a_thread_that_starts_late_finds_it_fresh},
            {"a lock queues its waiters", count_under<queue_lock>},
            {"what a waiting thread has is no leak", what_a_waiting_thread_has_is_no_leak},
            {"what a waiting thread has caught is no leak",
             what_a_waiting_thread_has_caught_is_no_leak},
        },
    };
}

}  // namespace never_blame
