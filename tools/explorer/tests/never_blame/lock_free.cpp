// Structures without locks, done right.

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

using std::memory_order_acq_rel;
using std::memory_order_acquire;
using std::memory_order_relaxed;
using std::memory_order_release;
using std::memory_order_seq_cst;

void a_seqlock_with_fences() {
    struct {
        std::atomic<unsigned> version{0};
        std::atomic<int> x{0}, y{0};

        void write(int value) {
            const unsigned v = version.load(memory_order_relaxed);
            version.store(v + 1, memory_order_relaxed);
            std::atomic_thread_fence(memory_order_release);
            x.store(value, memory_order_relaxed);
            y.store(value, memory_order_relaxed);
            version.store(v + 2, memory_order_release);
        }
        bool read(int& a, int& b) const {
            const unsigned before = version.load(memory_order_acquire);
            a = x.load(memory_order_relaxed);
            b = y.load(memory_order_relaxed);
            std::atomic_thread_fence(memory_order_acquire);
            return before % 2 == 0 && version.load(memory_order_relaxed) == before;
        }
    } shared;
    in_parallel(
        [&] {
            shared.write(1);
            shared.write(2);
        },
        [&] {
            int a = 0, b = 0;
            for (int i = 0; i < 2; ++i) {
                if (shared.read(a, b)) EXPECT(a == b);
            }
        });
}

void a_ring_buffer_has_one_producer_and_one_consumer() {
    struct {
        std::array<int, 2> slots{};
        alignas(64) std::atomic<unsigned> written{0};
        alignas(64) std::atomic<unsigned> read{0};

        bool push(int item) {
            const unsigned at = written.load(memory_order_relaxed);
            if (at - read.load(memory_order_acquire) == slots.size()) return false;
            slots[at % slots.size()] = item;
            written.store(at + 1, memory_order_release);
            return true;
        }
        std::optional<int> pop() {
            const unsigned at = read.load(memory_order_relaxed);
            if (at == written.load(memory_order_acquire)) return std::nullopt;
            const int item = slots[at % slots.size()];
            read.store(at + 1, memory_order_release);
            return item;
        }
    } ring;
    std::vector<int> received;
    in_parallel(
        [&] {
            for (int i = 1; i <= 3; ++i) {
                while (!ring.push(i)) std::this_thread::yield();
            }
        },
        [&] {
            while (received.size() < 3) {
                if (const auto item = ring.pop()) {
                    received.push_back(*item);
                } else {
                    std::this_thread::yield();
                }
            }
        });
    EXPECT(received == std::vector<int>({1, 2, 3}));
}

/// Vyukov's bounded queue: each slot has a sequence number that says whose turn it is.
class many_to_many_queue {
  public:
    many_to_many_queue() {
        for (unsigned i = 0; i < slots_.size(); ++i) slots_[i].turn = i;
    }
    bool push(int item) {
        unsigned at = tail_.load(memory_order_relaxed);
        for (;;) {
            slot& s = slots_[at % slots_.size()];
            const int ahead = static_cast<int>(s.turn.load(memory_order_acquire) - at);
            if (ahead < 0) return false;
            if (ahead > 0) {
                at = tail_.load(memory_order_relaxed);
            } else if (tail_.compare_exchange_weak(at, at + 1, memory_order_relaxed)) {
                s.item = item;
                s.turn.store(at + 1, memory_order_release);
                return true;
            }
        }
    }
    std::optional<int> pop() {
        unsigned at = head_.load(memory_order_relaxed);
        for (;;) {
            slot& s = slots_[at % slots_.size()];
            const int ahead = static_cast<int>(s.turn.load(memory_order_acquire) - (at + 1));
            if (ahead < 0) return std::nullopt;
            if (ahead > 0) {
                at = head_.load(memory_order_relaxed);
            } else if (head_.compare_exchange_weak(at, at + 1, memory_order_relaxed)) {
                const int item = s.item;
                s.turn.store(at + static_cast<unsigned>(slots_.size()), memory_order_release);
                return item;
            }
        }
    }

  private:
    struct slot {
        std::atomic<unsigned> turn{0};
        int item = 0;
    };
    std::array<slot, 2> slots_;
    std::atomic<unsigned> tail_{0}, head_{0};
};

void a_bounded_queue_has_two_producers_and_two_consumers() {
    many_to_many_queue queue;
    std::atomic<int> sum{0};
    const auto consume = [&] {
        for (int i = 0; i < 2;) {
            if (const auto item = queue.pop()) {
                sum += *item;
                ++i;
            } else {
                std::this_thread::yield();
            }
        }
    };
    const auto produce = [&](int first) {
        for (int i = 0; i < 2; ++i) {
            while (!queue.push(first + i)) std::this_thread::yield();
        }
    };
    in_parallel([&] { produce(1); }, [&] { produce(10); }, consume, consume);
    EXPECT(sum == 1 + 2 + 10 + 11);
}

struct node {
    int value;
    node* next;
};

/// Treiber's stack with one hazard pointer for each of two threads.
class hazard_stack {
  public:
    hazard_stack() = default;
    hazard_stack(const hazard_stack&) = delete;
    ~hazard_stack() {
        while (pop(0)) {
        }
        for (std::vector<node*>& mine : retired_) {
            for (node* n : mine) delete n;
        }
    }
    void push(int value) {
        auto* fresh = new node{value, head_.load(memory_order_relaxed)};
        while (!head_.compare_exchange_weak(fresh->next, fresh, memory_order_release,
                                            memory_order_relaxed)) {
        }
    }
    std::optional<int> pop(std::size_t me) {
        node* top = head_.load();
        do {
            node* announced = nullptr;
            while (announced != top) {
                announced = top;
                hazards_[me].store(announced, memory_order_seq_cst);
                top = head_.load(memory_order_seq_cst);
            }
        } while (top && !head_.compare_exchange_strong(top, top->next, memory_order_seq_cst));
        hazards_[me].store(nullptr, memory_order_release);
        if (!top) return std::nullopt;
        const int value = top->value;
        retired_[me].push_back(top);
        delete_what_nobody_reads(me);
        return value;
    }

  private:
    void delete_what_nobody_reads(std::size_t me) {
        std::vector<node*> still_read;
        for (node* n : retired_[me]) {
            const bool read = std::ranges::any_of(
                hazards_, [n](const auto& hazard) { return hazard.load() == n; });
            if (read) {
                still_read.push_back(n);
            } else {
                delete n;
            }
        }
        retired_[me].swap(still_read);
    }
    std::atomic<node*> head_{nullptr};
    std::array<std::atomic<node*>, 2> hazards_{};
    std::array<std::vector<node*>, 2> retired_;
};

void a_treiber_stack_with_hazard_pointers() {
    hazard_stack stack;
    stack.push(1);
    stack.push(2);
    std::atomic<int> sum{0};
    on_threads(2, [&](int me) {
        if (const auto item = stack.pop(static_cast<std::size_t>(me))) sum += *item;
    });
    EXPECT(sum == 3);
}

void a_treiber_stack_is_filled_and_emptied_at_once() {
    hazard_stack stack;
    std::atomic<int> popped{0};
    in_parallel(
        [&] {
            stack.push(1);
            stack.push(2);
        },
        [&] {
            for (int i = 0; i < 2; ++i) {
                if (stack.pop(1)) ++popped;
            }
        });
    while (stack.pop(0)) ++popped;
    EXPECT(popped == 2);
}

void a_free_list_of_indices_counts_its_changes() {
    struct tagged {
        int index;
        unsigned changes;
    };
    std::atomic<tagged> head{{0, 0}};
    std::array<std::atomic<int>, 3> next{1, 2, -1};
    std::array<std::atomic<int>, 3> users{0, 0, 0};
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    const auto take = [&] {
        tagged first = head.load();
        while (first.index != -1 &&
               !head.compare_exchange_weak(first, {next[at(first.index)], first.changes + 1})) {
        }
        if (first.index != -1) EXPECT(++users[at(first.index)] == 1);
        return first.index;
    };
    const auto give_back = [&](int index) {
        --users[at(index)];
        tagged first = head.load();
        do {
            next[at(index)] = first.index;
        } while (!head.compare_exchange_weak(first, {index, first.changes + 1}));
    };
    in_parallel(
        [&] {
            take();
            take();
        },
        [&] {
            const int a = take();
            take();
            if (a != -1) give_back(a);
        });
}

void the_loser_of_an_initialization_frees_its_object() {
    std::atomic<int*> instance{nullptr};
    const auto get = [&]() -> int& {
        int* seen = instance.load(memory_order_acquire);
        if (!seen) {
            auto mine = std::make_unique<int>(5);
            if (instance.compare_exchange_strong(seen, mine.get(), memory_order_acq_rel,
                                                 memory_order_acquire)) {
                seen = mine.release();
            }
        }
        return *seen;
    };
    in_parallel([&] { EXPECT(get() == 5); }, [&] { EXPECT(get() == 5); });
    delete instance.load();
}

/// Chase and Lev's deque in the form of Le, Pop, Cohen and Zappa Nardelli.
struct work_deque {
    std::array<std::atomic<int>, 4> tasks{};
    std::atomic<int> top{0}, bottom{0};

    void push(int task) {
        const int b = bottom.load(memory_order_relaxed);
        tasks[static_cast<std::size_t>(b)].store(task, memory_order_relaxed);
        std::atomic_thread_fence(memory_order_release);
        bottom.store(b + 1, memory_order_relaxed);
    }
    int pop() {
        const int b = bottom.load(memory_order_relaxed) - 1;
        bottom.store(b, memory_order_relaxed);
        std::atomic_thread_fence(memory_order_seq_cst);
        int t = top.load(memory_order_relaxed);
        if (t > b) {
            bottom.store(b + 1, memory_order_relaxed);
            return 0;
        }
        int task = tasks[static_cast<std::size_t>(b)].load(memory_order_relaxed);
        if (t == b) {
            if (!top.compare_exchange_strong(t, t + 1, memory_order_seq_cst,
                                             memory_order_relaxed)) {
                task = 0;
            }
            bottom.store(b + 1, memory_order_relaxed);
        }
        return task;
    }
    int steal() {
        int t = top.load(memory_order_acquire);
        std::atomic_thread_fence(memory_order_seq_cst);
        if (t >= bottom.load(memory_order_acquire)) return 0;
        const int task = tasks[static_cast<std::size_t>(t)].load(memory_order_relaxed);
        return top.compare_exchange_strong(t, t + 1, memory_order_seq_cst, memory_order_relaxed)
                   ? task
                   : 0;
    }
};

void thieves_and_the_owner_never_share_a_task() {
    work_deque deque;
    deque.push(1);
    deque.push(10);
    std::atomic<int> sum{0};
    in_parallel(
        [&] {
            sum += deque.pop();
            sum += deque.pop();
        },
        [&] { sum += deque.steal(); }, [&] { sum += deque.steal(); });
    for (int left = deque.pop(); left != 0; left = deque.pop()) sum += left;
    EXPECT(sum == 11);
}

void old_values_are_deleted_after_their_readers_have_left() {
    struct version {
        int a, b;
    };
    std::atomic<version*> current{new version{1, 1}};
    std::atomic<int> readers{0};
    in_parallel(
        [&] {
            ++readers;
            const version* seen = current.load();
            EXPECT(seen->a == seen->b);
            --readers;
        },
        [&] {
            const version* old = current.exchange(new version{2, 2});
            while (readers != 0) std::this_thread::yield();
            delete old;
        });
    delete current.load();
}

void an_append_only_log_publishes_each_entry() {
    struct entry {
        int value = 0;
        std::atomic<bool> filled{false};
    };
    std::array<entry, 4> log;
    std::atomic<std::size_t> claimed{0};
    const auto append = [&](int value) {
        entry& mine = log[claimed.fetch_add(1, memory_order_relaxed)];
        mine.value = value;
        mine.filled.store(true, memory_order_release);
    };
    in_parallel([&] { append(1); }, [&] { append(2); },
                [&] {
                    for (const entry& e : log) {
                        if (e.filled.load(memory_order_acquire)) EXPECT(e.value > 0);
                    }
                });
    EXPECT(log[0].value + log[1].value == 3);
}

}  // namespace

corpus::topic lock_free() {
    return {
        "lock-free structures",
        {
            {"a seqlock with fences", a_seqlock_with_fences},
            {"a ring buffer has one producer and one consumer",
             a_ring_buffer_has_one_producer_and_one_consumer},
            {"a bounded queue has two producers and two consumers",
             a_bounded_queue_has_two_producers_and_two_consumers},
            {"a Treiber stack with hazard pointers", a_treiber_stack_with_hazard_pointers},
            {"a Treiber stack is filled and emptied at once",
             a_treiber_stack_is_filled_and_emptied_at_once},
            {"a free list of indices counts its changes",
             a_free_list_of_indices_counts_its_changes},
            {"the loser of an initialization frees its object",
             the_loser_of_an_initialization_frees_its_object},
            {"thieves and the owner never share a task", thieves_and_the_owner_never_share_a_task},
            {"old values are deleted after their readers have left",
             old_values_are_deleted_after_their_readers_have_left},
            {"an append-only log publishes each entry", an_append_only_log_publishes_each_entry},
        },
    };
}

}  // namespace never_blame
