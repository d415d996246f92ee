// Races whose two accesses always come in the same order, on eight bytes that are used as a whole
// and by halves: what is kept of the first one is all that tells of it when the second one comes.

#include <atomic>
#include <cstdint>
#include <cstring>
#include <thread>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"
#include "../two_ints.hpp"

namespace must_find {
namespace {

using enum corpus::failure;

/// The second one comes later, but does not know of what the first one has done.
template <class First, class Second>
void one_after_the_other(const First& first, const Second& second) {
    std::atomic<bool> done{false};
    in_parallel(
        [&] {
            first();
            done.store(true, std::memory_order_relaxed);
        },
        [&] {
            while (!done.load(std::memory_order_relaxed)) std::this_thread::yield();
            second();
        });
}

void both_are_read_after_the_upper_one_was_written() {
    two_ints shared;
    one_after_the_other([&] { shared.upper = 1; },
                        [&] {
                            EXPECT(shared.lower == 0);
                            EXPECT(both_of(shared) != 1);
                        });
}

void both_are_read_after_the_lower_one_was_written() {
    two_ints shared;
    one_after_the_other([&] { shared.lower = 1; },
                        [&] {
                            EXPECT(shared.upper == 0);
                            EXPECT(both_of(shared) != 0);
                        });
}

void the_upper_one_is_read_after_both_were_written() {
    two_ints shared;
    one_after_the_other([&] { set_both(shared, ~0ull); }, [&] { EXPECT(shared.upper == -1); });
}

void the_lower_one_is_written_after_both_were_read() {
    two_ints shared;
    one_after_the_other([&] { EXPECT(both_of(shared) == 0); }, [&] { shared.lower = 1; });
}

/// Between a write of the one and a look at it, so many read the other.
void the_other_one_has_many_readers(std::int32_t two_ints::*written, std::int32_t two_ints::*read) {
    constexpr int readers = 4;
    two_ints shared;
    std::atomic<int> turn{0};
    on_threads(readers + 2, [&](int me) {
        while (turn.load(std::memory_order_relaxed) != me) std::this_thread::yield();
        if (me == 0) {
            shared.*written = 1;
        } else if (me <= readers) {
            EXPECT(shared.*read == 0);
        } else {
            EXPECT(shared.*written == 1);
        }
        turn.store(me + 1, std::memory_order_relaxed);
    });
}

void the_lower_one_has_many_readers() {
    the_other_one_has_many_readers(&two_ints::upper, &two_ints::lower);
}

void the_upper_one_has_many_readers() {
    the_other_one_has_many_readers(&two_ints::lower, &two_ints::upper);
}

/// The one that reads first is the only one whom the writer does not know.
void the_first_of_four_readers_is_not_waited_for() {
    constexpr int readers = 4;
    two_ints shared;
    std::atomic<int> turn{0}, left{0};
    on_threads(readers + 1, [&](int me) {
        while (turn.load(std::memory_order_relaxed) != me) std::this_thread::yield();
        if (me == readers) {
            while (left.load(std::memory_order_acquire) != readers - 1) std::this_thread::yield();
            shared.upper = 1;
            return;
        }
        EXPECT(shared.upper == 0);
        turn.store(me + 1, std::memory_order_relaxed);
        if (me > 0) left.fetch_add(1, std::memory_order_release);
    });
}

void an_int_across_the_middle_is_written() {
    alignas(8) char bytes[8] = {};
    one_after_the_other(
        [&] {
            const std::int32_t value = -1;
            std::memcpy(bytes + 2, &value, sizeof value);
        },
        [&] { EXPECT(bytes[5] == -1); });
}

void a_pair_is_freed_whose_upper_one_was_written() {
    auto* const shared = new two_ints;
    one_after_the_other([&] { shared->upper = 1; },
                        [&] {
                            EXPECT(shared->lower == 0);
                            delete shared;
                        });
}

void a_pair_is_freed_whose_lower_one_was_read() {
    auto* const shared = new two_ints;
    one_after_the_other([&] { EXPECT(shared->lower == 0); },
                        [&] {
                            shared->upper = 1;
                            delete shared;
                        });
}

void a_long_is_freed_that_was_written() {
    auto* const shared = new long(0);
    one_after_the_other([&] { *shared = 1; }, [&] { delete shared; });
}

void a_long_is_written_that_was_read() {
    long shared = 0;
    one_after_the_other([&] { EXPECT(shared == 0); }, [&] { shared = 1; });
}

/// Two read, and the writer knows of one of them.
void a_reader_is_not_waited_for(int forgotten) {
    long shared = 0;
    std::atomic<int> turn{0};
    std::atomic<bool> left{false};
    on_threads(3, [&](int me) {
        while (turn.load(std::memory_order_relaxed) != me) std::this_thread::yield();
        if (me == 2) {
            while (!left.load(std::memory_order_acquire)) std::this_thread::yield();
            shared = 1;
            return;
        }
        EXPECT(shared == 0);
        turn.store(me + 1, std::memory_order_relaxed);
        if (me != forgotten) left.store(true, std::memory_order_release);
    });
}

void the_first_of_two_readers_is_not_waited_for() {
    a_reader_is_not_waited_for(0);
}

void the_second_of_two_readers_is_not_waited_for() {
    a_reader_is_not_waited_for(1);
}

}  // namespace

corpus::topic side_by_side() {
    return {
        "side by side",
        {
            {"both are read after the upper one was written",
             both_are_read_after_the_upper_one_was_written,
             {race}},
            {"both are read after the lower one was written",
             both_are_read_after_the_lower_one_was_written,
             {race}},
            {"the upper one is read after both were written",
             the_upper_one_is_read_after_both_were_written,
             {race}},
            {"the lower one is written after both were read",
             the_lower_one_is_written_after_both_were_read,
             {race}},
            {"the lower one has many readers", the_lower_one_has_many_readers, {race}},
            {"the upper one has many readers", the_upper_one_has_many_readers, {race}},
            {"the first of four readers is not waited for",
             the_first_of_four_readers_is_not_waited_for,
             {race}},
            {"an int across the middle is written", an_int_across_the_middle_is_written, {race}},
            {"a pair is freed whose upper one was written",
             a_pair_is_freed_whose_upper_one_was_written,
             {race}},
            {"a pair is freed whose lower one was read",
             a_pair_is_freed_whose_lower_one_was_read,
             {race}},
            {"a long is freed that was written", a_long_is_freed_that_was_written, {race}},
            {"a long is written that was read", a_long_is_written_that_was_read, {race}},
            {"the first of two readers is not waited for",
             the_first_of_two_readers_is_not_waited_for,
             {race}},
            {"the second of two readers is not waited for",
             the_second_of_two_readers_is_not_waited_for,
             {race}},
        },
    };
}

}  // namespace must_find
