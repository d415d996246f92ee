// Structures without locks: the famous mistakes.

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace must_find {
namespace {

using enum corpus::failure;

struct node {
    int value;
    node* next;
};

/// Treiber's stack, with pop() deleting what another thread may still be reading.
struct deleting_stack {
    std::atomic<node*> head{nullptr};

    void push(int value) {
        auto* fresh = new node{value, head.load()};
        while (!head.compare_exchange_weak(fresh->next, fresh)) {
        }
    }
    std::optional<int> pop() {
        node* top = head.load();
        while (top && !head.compare_exchange_weak(top, top->next)) {
        }
        if (!top) return std::nullopt;
        const int value = top->value;
        delete top;
        return value;
    }
};

void a_treiber_stack_deletes_popped_nodes_at_once() {
    deleting_stack stack;
    stack.push(1);
    stack.push(2);
    in_parallel([&] { stack.pop(); }, [&] { stack.pop(); });
    while (stack.pop()) {
    }
}

void a_free_list_of_indices_falls_for_aba() {
    constexpr int none = -1;
    std::atomic<int> head{0};
    std::array<std::atomic<int>, 3> next{1, 2, none};
    std::array<std::atomic<int>, 3> users{0, 0, 0};
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    const auto take = [&] {
        int first = head.load();
        while (first != none && !head.compare_exchange_weak(first, next[at(first)].load())) {
        }
        if (first != none) EXPECT(users[at(first)].fetch_add(1) == 0);
        return first;
    };
    const auto give_back = [&](int index) {
        users[at(index)].fetch_sub(1);
        int first = head.load();
        do {
            next[at(index)] = first;
        } while (!head.compare_exchange_weak(first, index));
    };
    in_parallel(
        [&] {
            take();
            take();
        },
        [&] {
            const int a = take();
            take();
            if (a != none) give_back(a);
        });
}

/// Who takes a node marks it first, which keeps out the others, but for one who has looked at the
/// top long before. Six switches at the right places; none of fewer brings it about.
void a_marked_node_is_taken_twice() {
    constexpr int marked = -2, nothing = -1;
    struct node {
        std::atomic<int> next;
        int owner = 0;
    };
    node nodes[3] = {{1}, {2}, {nothing}};
    std::atomic<int> top{0}, count{3};
    const auto take = [&]() -> int {
        while (count.load() > 1) {
            const int first = top.load();
            const int second = nodes[first].next.exchange(marked);
            if (second == marked) continue;
            int expected = first;
            if (second != nothing && top.compare_exchange_strong(expected, second)) {
                count.fetch_sub(1);
                return first;
            }
            nodes[first].next.exchange(second);
        }
        return nothing;
    };
    const auto give_back = [&](int mine) {
        int first = top.load();
        do {
            nodes[mine].next.store(first);
        } while (!top.compare_exchange_strong(first, mine));
        count.fetch_add(1);
    };
    on_threads(3, [&](int me) {
        for (int round = 0; round < 2; ++round) {
            int mine = nothing;
            while (mine == nothing) mine = take();
            nodes[mine].owner = me;
            EXPECT(nodes[mine].owner == me);
            give_back(mine);
        }
    });
}

void two_threads_test_a_spinlock_before_they_set_it() {
    struct {
        std::atomic<bool> taken{false};

        void lock() {
            while (taken) std::this_thread::yield();
            taken = true;
        }
        void unlock() { taken = false; }
    } spinlock;
    std::atomic<int> inside{0};
    const auto enter = [&] {
        spinlock.lock();
        EXPECT(++inside == 1);
        --inside;
        spinlock.unlock();
    };
    in_parallel(enter, enter);
}

void a_ticket_is_drawn_in_two_steps() {
    std::atomic<int> next{0}, serving{0}, inside{0};
    const auto enter = [&] {
        const int mine = next;
        next = mine + 1;
        while (serving < mine) std::this_thread::yield();
        EXPECT(++inside == 1);
        --inside;
        ++serving;
    };
    in_parallel(enter, enter);
}

void one_ring_buffer_has_two_producers() {
    struct {
        std::array<std::atomic<int>, 4> slots{};
        std::atomic<unsigned> written{0};

        void push(int item) {
            const unsigned at = written.load(std::memory_order_relaxed);
            slots[at % 4] = item;
            written.store(at + 1, std::memory_order_release);
        }
    } ring;
    in_parallel([&] { ring.push(1); }, [&] { ring.push(2); });
    EXPECT(ring.written == 2);
}

void a_slot_is_claimed_before_it_is_filled() {
    struct {
        std::array<std::atomic<int>, 4> slots{};
        std::atomic<unsigned> claimed{0};
    } log;
    in_parallel([&] { log.slots[log.claimed++] = 7; },
                [&] {
                    const unsigned count = log.claimed;
                    for (unsigned i = 0; i < count; ++i) EXPECT(log.slots[i] == 7);
                });
}

void a_seqlock_has_two_writers() {
    struct {
        std::atomic<unsigned> version{0};
        std::atomic<int> x{0}, y{0};

        void write(int value) {
            ++version;
            x = value;
            y = value;
            ++version;
        }
        void read() {
            const unsigned before = version;
            const int a = x, b = y;
            if (before == version && before % 2 == 0) EXPECT(a == b);
        }
    } shared;
    in_parallel([&] { shared.write(1); }, [&] { shared.write(2); }, [&] { shared.read(); });
}

void a_torn_snapshot_is_accepted_without_a_second_look() {
    std::atomic<unsigned> version{0};
    std::atomic<int> x{0}, y{0};
    in_parallel(
        [&] {
            ++version;
            x = 1;
            y = 1;
            ++version;
        },
        [&] {
            if (version % 2 == 0) {
                const int a = x, b = y;
                EXPECT(a == b);
            }
        });
}

void an_old_configuration_is_deleted_while_it_is_read() {
    std::atomic<std::vector<int>*> current{new std::vector<int>{1, 2, 3}};
    in_parallel(
        [&] {
            const std::vector<int>* seen = current.load();
            int sum = 0;
            for (const int value : *seen) sum += value;
            EXPECT(sum == 6 || sum == 15);
        },
        [&] {
            delete current.exchange(new std::vector<int>{4, 5, 6});
        });
    delete current.load();
}

void a_reference_is_taken_from_a_count_that_may_be_zero() {
    struct object {
        std::atomic<int> owners{1};
        int value = 5;
    };
    std::atomic<object*> shared{new object};
    const auto drop = [](object* o) {
        if (o->owners.fetch_sub(1) == 1) delete o;
    };
    in_parallel(
        [&] {
            if (object* seen = shared.load()) {
                ++seen->owners;
                EXPECT(seen->value == 5);
                drop(seen);
            }
        },
        [&] {
            if (object* mine = shared.exchange(nullptr)) drop(mine);
        });
}

void two_owners_count_down_and_then_look() {
    struct object {
        std::atomic<int> owners{2};
    };
    auto* shared = new object;
    const auto drop = [shared] {
        --shared->owners;
        if (shared->owners == 0) delete shared;
    };
    in_parallel(drop, drop);
}

void the_loser_of_an_initialization_forgets_its_object() {
    std::atomic<int*> instance{nullptr};
    const auto get = [&] {
        if (!instance) {
            int* none = nullptr;
            instance.compare_exchange_strong(none, new int(1));
        }
    };
    in_parallel(get, get);
    delete instance.load();
}

void a_list_element_is_unlinked_while_its_neighbour_is() {
    struct element {
        std::atomic<element*> next{nullptr};
    };
    element c, b, a;
    a.next = &b;
    b.next = &c;
    element end;
    c.next = &end;
    const auto remove = [](element& before, element& victim) {
        element* expected = &victim;
        before.next.compare_exchange_strong(expected, victim.next.load());
    };
    in_parallel([&] { remove(a, b); }, [&] { remove(b, c); });
    for (element* e = a.next; e != nullptr; e = e->next) EXPECT(e != &c);
}

void two_thieves_and_the_owner_share_the_last_task() {
    struct {
        std::array<std::atomic<int>, 2> tasks{1, 2};
        std::atomic<int> top{0}, bottom{1};

        int pop() {
            const int b = --bottom;
            return b >= top ? tasks[static_cast<std::size_t>(b)].exchange(0) : -1;
        }
        int steal() {
            const int t = top;
            if (t >= bottom) return -1;
            const int task = tasks[static_cast<std::size_t>(t)];
            ++top;
            return task;
        }
    } deque;
    std::atomic<int> done{0};
    in_parallel(
        [&] {
            if (deque.pop() > 0) ++done;
        },
        [&] {
            if (deque.steal() > 0) ++done;
        },
        [&] {
            if (deque.steal() > 0) ++done;
        });
    EXPECT(done <= 1);
}

}  // namespace

corpus::topic lock_free() {
    return {
        "lock-free structures",
        {
            {"a Treiber stack deletes popped nodes at once",
             a_treiber_stack_deletes_popped_nodes_at_once,
             {use_after_free, double_free, race}},
            {"a free list of indices falls for ABA",
             a_free_list_of_indices_falls_for_aba,
             {wrong_result}},
            {"a marked node is taken twice", a_marked_node_is_taken_twice, {race, wrong_result}},
            {"two threads test a spinlock before they set it",
             two_threads_test_a_spinlock_before_they_set_it,
             {wrong_result}},
            {"a ticket is drawn in two steps", a_ticket_is_drawn_in_two_steps, {wrong_result}},
            {"one ring buffer has two producers",
             one_ring_buffer_has_two_producers,
             {wrong_result}},
            {"a slot is claimed before it is filled",
             a_slot_is_claimed_before_it_is_filled,
             {wrong_result}},
            {"a seqlock has two writers", a_seqlock_has_two_writers, {wrong_result}},
            {"a torn snapshot is accepted without a second look",
             a_torn_snapshot_is_accepted_without_a_second_look,
             {wrong_result}},
            {"an old configuration is deleted while it is read",
             an_old_configuration_is_deleted_while_it_is_read,
             {use_after_free, race}},
            {"a reference is taken from a count that may be zero",
             a_reference_is_taken_from_a_count_that_may_be_zero,
             {use_after_free, double_free}},
            {"two owners count down and then look",
             two_owners_count_down_and_then_look,
             {double_free, use_after_free}},
            {"the loser of an initialization forgets its object",
             the_loser_of_an_initialization_forgets_its_object,
             {leak}},
            {"a list element is unlinked while its neighbour is",
             a_list_element_is_unlinked_while_its_neighbour_is,
             {wrong_result}},
            {"two thieves and the owner share the last task",
             two_thieves_and_the_owner_share_the_last_task,
             {wrong_result}},
        },
    };
}

}  // namespace must_find
