// Every operation of <atomic>, with the default order.

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

void an_atomic_counter_counts() {
    std::atomic<int> count{0};
    on_threads(3, [&](int) {
        for (int i = 0; i < 20; ++i) ++count;
    });
    EXPECT(count == 60);
}

void all_operators_of_an_atomic_integer() {
    std::atomic<unsigned> bits{0};
    std::atomic<long> sum{0};
    on_threads(3, [&](int i) {
        bits |= 1U << i;
        bits ^= 1U << (i + 8);
        bits &= ~(1U << (i + 16));
        sum += 5;
        sum -= 2;
        sum++;
        --sum;
    });
    EXPECT(bits == 0x707);
    EXPECT(sum == 9);
}

void an_exchange_has_exactly_one_winner() {
    std::atomic<bool> taken{false};
    std::atomic<int> winners{0};
    on_threads(3, [&](int) {
        if (!taken.exchange(true)) ++winners;
    });
    EXPECT(winners == 1);
}

void a_weak_compare_exchange_is_repeated() {
    std::atomic<int> product{1};
    on_threads(3, [&](int i) {
        int seen = product.load();
        while (!product.compare_exchange_weak(seen, seen * (i + 2))) {
        }
    });
    EXPECT(product == 24);
}

void a_maximum_is_kept_with_a_strong_compare_exchange() {
    std::atomic<int> largest{0};
    on_threads(3, [&](int i) {
        int seen = largest;
        while (seen < i && !largest.compare_exchange_strong(seen, i)) {
        }
    });
    EXPECT(largest == 2);
}

void atomics_of_every_width() {
    std::atomic<std::uint8_t> a{0};
    std::atomic<std::uint16_t> b{0};
    std::atomic<std::uint32_t> c{0};
    std::atomic<std::uint64_t> d{0};
    on_threads(2, [&](int) {
        ++a;
        ++b;
        ++c;
        ++d;
    });
    EXPECT(a == 2 && b == 2 && c == 2 && d == 2);
}

void an_atomic_floating_point_sum() {
    std::atomic<double> sum{0};
    on_threads(3, [&](int i) { sum.fetch_add(0.5 * i); });
    EXPECT(sum == 1.5);
}

void an_atomic_pointer_walks_through_an_array() {
    std::array<int, 4> slots{};
    std::atomic<int*> next{slots.data()};
    on_threads(3, [&](int i) { *next++ = i + 1; });
    EXPECT(slots[0] + slots[1] + slots[2] == 6 && slots[3] == 0);
}

struct two_halves {
    std::int32_t low, high;
};

void a_small_struct_is_exchanged_whole() {
    std::atomic<two_halves> pair{{0, 0}};
    on_threads(2, [&](int) {
        two_halves seen = pair.load();
        while (!pair.compare_exchange_weak(seen, {seen.low + 1, seen.high - 1})) {
        }
    });
    const two_halves end = pair.load();
    EXPECT(end.low == 2 && end.high == -2);
}

struct alignas(16) two_words {
    std::uint64_t first, second;
};

void sixteen_bytes_are_exchanged_whole() {
    std::atomic<two_words> pair{two_words{0, 0}};
    on_threads(2, [&](int) {
        two_words seen = pair.load();
        while (!pair.compare_exchange_weak(seen, {seen.first + 1, seen.second + 2})) {
        }
    });
    const two_words end = pair.load();
    EXPECT(end.first == 2 && end.second == 4);
}

void sixteen_bytes_publish_what_they_point_to() {
    int payload = 0;
    std::atomic<two_words> box{two_words{0, 0}};
    in_parallel(
        [&] {
            payload = 1;
            box.store({1, 1});
        },
        [&] {
            const two_words seen = box.load();
            EXPECT(seen.first == seen.second);
            if (seen.first == 1) EXPECT(payload == 1);
        });
}

void a_struct_too_large_for_the_machine_is_atomic_too() {
    struct three_words {
        std::uint64_t a, b, c;
    };
    std::atomic<three_words> triple{three_words{0, 0, 0}};
    int payload = 0;
    in_parallel(
        [&] {
            payload = 1;
            triple.store({1, 1, 1});
        },
        [&] {
            const three_words seen = triple.load();
            EXPECT(seen.a == seen.b && seen.b == seen.c);
            if (seen.a == 1) EXPECT(payload == 1);
        });
}

void an_atomic_flag_is_a_lock() {
    std::atomic_flag taken;
    int count = 0;
    on_threads(2, [&](int) {
        for (int i = 0; i < 3; ++i) {
            while (taken.test_and_set()) std::this_thread::yield();
            ++count;
            taken.clear();
        }
    });
    EXPECT(count == 6);
}

void an_atomic_flag_is_waited_for() {
    std::atomic_flag ready;
    int value = 0;
    in_parallel(
        [&] {
            ready.wait(false);
            EXPECT(value == 1 && ready.test());
        },
        [&] {
            value = 1;
            ready.test_and_set();
            ready.notify_one();
        });
}

void an_atomic_is_waited_for() {
    std::atomic<int> state{0};
    int value = 0;
    in_parallel(
        [&] {
            state.wait(0);
            EXPECT(value == 7);
        },
        [&] {
            value = 7;
            state = 1;
            state.notify_one();
        });
}

void three_threads_wait_for_one_atomic() {
    std::atomic<bool> go{false};
    std::atomic<int> gone{0};
    const auto wait = [&] {
        go.wait(false);
        ++gone;
    };
    in_parallel(wait, wait, wait, [&] {
        go = true;
        go.notify_all();
    });
    EXPECT(gone == 3);
}

void a_countdown_wakes_whoever_waits_for_zero() {
    std::atomic<int> running{3};
    const auto work = [&] {
        if (--running == 0) running.notify_all();
    };
    in_parallel(work, work, work, [&] {
        for (int seen = running; seen != 0; seen = running) running.wait(seen);
    });
}

void a_wide_atomic_is_waited_for() {
    std::atomic<std::uint64_t> version{0};
    in_parallel([&] { version.wait(0); },
                [&] {
                    version = std::uint64_t{1} << 40;
                    version.notify_all();
                });
}

void an_atomic_pointer_is_waited_for() {
    std::atomic<int*> parcel{nullptr};
    int value = 0;
    in_parallel(
        [&] {
            parcel.wait(nullptr);
            EXPECT(*parcel.load() == 3);
        },
        [&] {
            value = 3;
            parcel = &value;
            parcel.notify_one();
        });
}

void two_threads_take_turns_by_waiting() {
    std::atomic<int> turn{0};
    int rounds = 0;
    on_threads(2, [&](int me) {
        for (int i = 0; i < 2; ++i) {
            for (int seen = turn; seen != me; seen = turn) turn.wait(seen);
            ++rounds;
            turn = 1 - me;
            turn.notify_one();
        }
    });
    EXPECT(rounds == 4);
}

void an_atomic_ref_makes_a_plain_int_atomic_for_a_while() {
    int count = 0;
    on_threads(3, [&](int) { ++std::atomic_ref(count); });
    EXPECT(count == 3);
}

void atomic_refs_to_the_elements_of_a_vector() {
    std::vector<long> histogram(3, 0);
    on_threads(3, [&](int i) {
        std::atomic_ref(histogram[0]).fetch_add(1, std::memory_order_relaxed);
        std::atomic_ref(histogram[static_cast<std::size_t>(i)]).fetch_add(1);
    });
    EXPECT(histogram[0] == 4 && histogram[1] == 1 && histogram[2] == 1);
}

void an_atomic_ref_is_waited_for() {
    int state = 0;
    in_parallel([&] { std::atomic_ref(state).wait(0); },
                [&] {
                    std::atomic_ref(state).store(1);
                    std::atomic_ref(state).notify_one();
                });
}

void the_free_functions_do_the_same() {
    std::atomic<int> value{0};
    on_threads(2, [&](int) {
        std::atomic_fetch_add(&value, 1);
        int seen = std::atomic_load(&value);
        while (!std::atomic_compare_exchange_weak(&value, &seen, seen + 1)) {
        }
    });
    EXPECT(std::atomic_exchange(&value, 0) == 4);
}

void an_array_of_atomics_in_a_vector() {
    std::vector<std::atomic<int>> counts(3);
    on_threads(3, [&](int i) {
        for (std::size_t k = 0; k < 3; ++k) counts[k] += i;
    });
    for (const auto& count : counts) EXPECT(count == 3);
}

void the_last_of_three_is_told_by_the_decrement() {
    std::atomic<int> running{3};
    int sum = 0;
    std::atomic<int> parts[3] = {1, 2, 3};
    on_threads(3, [&](int) {
        if (running.fetch_sub(1) == 1) {
            for (const auto& part : parts) sum += part;
        }
    });
    EXPECT(sum == 6);
}

/// Two that spin must not keep out the one that they spin for, whatever the priorities.
void two_spin_for_what_a_third_does() {
    std::atomic<int> first{0};
    std::atomic<bool> done{false};
    const auto spin = [&] {
        while (!done) {
        }
    };
    in_parallel(
        [&] {
            ++first;
            done = true;
        },
        spin, spin);
}

}  // namespace

corpus::topic atomics() {
    return {
        "atomics",
        {
            {"an atomic counter counts", an_atomic_counter_counts},
            {"all operators of an atomic integer", all_operators_of_an_atomic_integer},
            {"an exchange has exactly one winner", an_exchange_has_exactly_one_winner},
            {"a weak compare_exchange is repeated", a_weak_compare_exchange_is_repeated},
            {"a maximum is kept with a strong compare_exchange",
             a_maximum_is_kept_with_a_strong_compare_exchange},
            {"atomics of every width", atomics_of_every_width},
            {"an atomic floating-point sum", an_atomic_floating_point_sum},
            {"an atomic pointer walks through an array", an_atomic_pointer_walks_through_an_array},
            {"a small struct is exchanged whole", a_small_struct_is_exchanged_whole},
            {"sixteen bytes are exchanged whole", sixteen_bytes_are_exchanged_whole},
            {"sixteen bytes publish what they point to", sixteen_bytes_publish_what_they_point_to},
            {"a struct too large for the machine is atomic, too",
             a_struct_too_large_for_the_machine_is_atomic_too},
            {"an atomic_flag is a lock", an_atomic_flag_is_a_lock},
            {"an atomic_flag is waited for", an_atomic_flag_is_waited_for},
            {"an atomic is waited for", an_atomic_is_waited_for},
            {"three threads wait for one atomic", three_threads_wait_for_one_atomic},
            {"a countdown wakes whoever waits for zero", a_countdown_wakes_whoever_waits_for_zero},
            {"a wide atomic is waited for", a_wide_atomic_is_waited_for},
            {"an atomic pointer is waited for", an_atomic_pointer_is_waited_for},
            {"two threads take turns by waiting", two_threads_take_turns_by_waiting},
            {"an atomic_ref makes a plain int atomic for a while",
             an_atomic_ref_makes_a_plain_int_atomic_for_a_while},
            {"atomic_refs to the elements of a vector", atomic_refs_to_the_elements_of_a_vector},
            {"an atomic_ref is waited for", an_atomic_ref_is_waited_for},
            {"the free functions do the same", the_free_functions_do_the_same},
            {"an array of atomics in a vector", an_array_of_atomics_in_a_vector},
            {"the last of three is told by the decrement",
             the_last_of_three_is_told_by_the_decrement},
            {"two spin for what a third does", two_spin_for_what_a_third_does},
        },
    };
}

}  // namespace never_blame
