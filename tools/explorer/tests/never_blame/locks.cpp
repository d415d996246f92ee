// Locks made of atomics.

#include <atomic>
#include <thread>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../count_under.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

using std::memory_order_acq_rel;
using std::memory_order_acquire;
using std::memory_order_relaxed;
using std::memory_order_release;
using std::memory_order_seq_cst;

struct test_and_set_lock {
    std::atomic_flag taken;

    void lock() {
        while (taken.test_and_set(memory_order_acquire)) std::this_thread::yield();
    }
    void unlock() { taken.clear(memory_order_release); }
};

/// Looks before it writes; spins without giving up the processor.
struct looking_lock {
    std::atomic<bool> taken{false};

    void lock() {
        while (taken.exchange(true, memory_order_acquire)) {
            while (taken.load(memory_order_relaxed)) {
            }
        }
    }
    void unlock() { taken.store(false, memory_order_release); }
};

struct waiting_lock {
    std::atomic<bool> taken{false};

    void lock() {
        while (taken.exchange(true, memory_order_acquire)) taken.wait(true, memory_order_relaxed);
    }
    void unlock() {
        taken.store(false, memory_order_release);
        taken.notify_one();
    }
};

template <bool Yields>
struct any_ticket_lock {
    std::atomic<unsigned> next{0}, serving{0};

    void lock() {
        const unsigned mine = next.fetch_add(1, memory_order_relaxed);
        while (serving.load(memory_order_acquire) != mine)
            if (Yields) std::this_thread::yield();
    }
    void unlock() { serving.store(serving.load(memory_order_relaxed) + 1, memory_order_release); }
};
using ticket_lock = any_ticket_lock<true>;
using spinning_ticket_lock = any_ticket_lock<false>;

/// However long all wait for their turn in the beginning: so many turns come within the steps that
/// an execution may have.
template <class Lock>
void handed_on_many_times() {
    Lock lock;
    int count = 0;
    on_threads(4, [&](int) {
        for (int i = 0; i < 12; ++i) {
            lock.lock();
            ++count;
            lock.unlock();
        }
    });
    EXPECT(count == 48);
}

void petersons_lock_in_sequential_consistency() {
    std::atomic<bool> wants[2] = {false, false};
    std::atomic<int> turn{0};
    int count = 0;
    on_threads(2, [&](int me) {
        wants[me] = true;
        turn = 1 - me;
        while (wants[1 - me] && turn == 1 - me) std::this_thread::yield();
        ++count;
        wants[me] = false;
    });
    EXPECT(count == 2);
}

void dekkers_lock_in_sequential_consistency() {
    std::atomic<bool> wants[2] = {false, false};
    std::atomic<int> turn{0};
    int count = 0;
    on_threads(2, [&](int me) {
        const int other = 1 - me;
        wants[me] = true;
        while (wants[other]) {
            if (turn == other) {
                wants[me] = false;
                while (turn == other) std::this_thread::yield();
                wants[me] = true;
            }
        }
        ++count;
        turn = other;
        wants[me] = false;
    });
    EXPECT(count == 2);
}

void lamports_bakery_serves_two() {
    std::atomic<bool> choosing[2] = {false, false};
    std::atomic<int> number[2] = {0, 0};
    int count = 0;
    on_threads(2, [&](int me) {
        const int other = 1 - me;
        choosing[me] = true;
        number[me] = number[other] + 1;
        choosing[me] = false;
        while (choosing[other]) std::this_thread::yield();
        for (;;) {
            const int theirs = number[other];
            const int mine = number[me];
            if (theirs == 0 || mine < theirs || (mine == theirs && me < other)) break;
            std::this_thread::yield();
        }
        ++count;
        number[me] = 0;
    });
    EXPECT(count == 2);
}

}  // namespace

corpus::topic locks() {
    return {
        "locks of one's own",
        {
            {"a spinlock tests and sets", count_under<test_and_set_lock>},
            {"a spinlock looks before it writes", count_under<looking_lock>},
            {"a lock waits on its atomic", count_under<waiting_lock>},
            {"a lock hands out tickets", count_under<ticket_lock>},
            {"tickets are served many times", handed_on_many_times<ticket_lock>},
            {"tickets are served many times, to threads that spin",
             handed_on_many_times<spinning_ticket_lock>},
            {"Peterson's lock, sequentially consistent", petersons_lock_in_sequential_consistency},
            {"Dekker's lock, sequentially consistent", dekkers_lock_in_sequential_consistency},
            {"Lamport's bakery serves two", lamports_bakery_serves_two},
        },
    };
}

}  // namespace never_blame
