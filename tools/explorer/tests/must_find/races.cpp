// Conflicting accesses without an order, often without a visible consequence.

#include <cstring>

#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace must_find {
namespace {

using enum corpus::failure;

void a_plain_flag_is_written_and_read() {
    bool ready = false, seen = false;
    in_parallel([&] { ready = true; }, [&] { seen = ready; });
    EXPECT(ready || !seen);
}

void both_threads_write_the_same_value() {
    int answer = 0;
    in_parallel([&] { answer = 42; }, [&] { answer = 42; });
    EXPECT(answer == 42);
}

void a_stop_flag_is_a_plain_bool() {
    bool stop = false;
    std::thread worker([&] {
        while (!stop) {
        }
    });
    stop = true;
    worker.join();
}

void a_size_is_read_without_the_lock() {
    std::mutex guard;
    std::vector<int> items;
    in_parallel(
        [&] {
            const std::lock_guard lock(guard);
            items.push_back(1);
        },
        [&] { EXPECT(items.size() <= 1); });
}

void a_reference_to_a_guarded_member_is_handed_out() {
    struct {
        std::mutex guard;
        int value = 0;

        int& get() {
            const std::lock_guard lock(guard);
            return value;
        }
    } shared;
    in_parallel([&] { shared.get() = 1; }, [&] { EXPECT(shared.get() >= 0); });
}

void an_int_is_guarded_and_the_bool_beside_it_is_not() {
    struct {
        int guarded = 0;
        bool free = false;
    } pair;
    std::mutex guard;
    bool seen = false;
    in_parallel(
        [&] {
            pair.free = true;
            const std::lock_guard lock(guard);
            ++pair.guarded;
        },
        [&] {
            {
                const std::lock_guard lock(guard);
                ++pair.guarded;
            }
            seen = pair.free;
        });
    EXPECT(pair.free || !seen);
}

void a_whole_struct_is_copied_while_a_member_is_written() {
    struct point {
        long x = 0, y = 0, z = 0, w = 0, u = 0, v = 0;
    } shared, copy;
    in_parallel([&] { shared.v = 1; }, [&] { copy = shared; });
    EXPECT(copy.v == 0 || copy.v == 1);
}

void bytes_are_copied_while_one_of_them_is_written() {
    std::array<char, 16> source{}, target{};
    in_parallel([&] { source[9] = 'x'; },
                [&] { std::memcpy(target.data(), source.data(), source.size()); });
    EXPECT(target[9] == 'x' || target[9] == 0);
}

void a_buffer_is_cleared_while_it_is_read() {
    std::array<char, 64> buffer{};
    in_parallel([&] { std::memset(buffer.data(), 0, buffer.size()); },
                [&] { EXPECT(buffer[33] == 0); });
}

void a_thread_starts_before_the_members_it_reads() {
    struct worker {
        std::jthread thread{[this] { EXPECT(limit == 5); }};
        int limit = 5;
    };
    worker w;
}

/// The first of those that read looks again after a write that it does not know of, which left what
/// is recorded of the others as it was.
void the_first_reader_looks_again(int all) {
    long shared = -1;
    std::atomic<int> turn{0}, readers{0};
    std::atomic<bool> written{false};
    on_threads(all + 1, [&](int me) {
        if (me == all) {
            while (readers.load(std::memory_order_acquire) < all) std::this_thread::yield();
            reinterpret_cast<char*>(&shared)[3] = 2;
            written.store(true, std::memory_order_relaxed);
            return;
        }
        while (turn.load(std::memory_order_relaxed) != me) std::this_thread::yield();
        EXPECT(shared == -1);
        turn.store(me + 1, std::memory_order_relaxed);
        readers.fetch_add(1, std::memory_order_release);
        if (me > 0) return;
        while (!written.load(std::memory_order_relaxed)) std::this_thread::yield();
        EXPECT(shared != 0);
    });
}

void the_only_reader_looks_again_too_late() {
    the_first_reader_looks_again(1);
}

/// More than a cell has room for.
void the_first_of_eight_readers_looks_again_too_late() {
    the_first_reader_looks_again(8);
}

long written_twice;

void what_another_has_changed_is_written_once_more() {
    std::atomic<bool> written{false}, changed{false};
    in_parallel(
        [&] {
            written_twice = 1;
            written.store(true, std::memory_order_release);
            while (!changed.load(std::memory_order_relaxed)) std::this_thread::yield();
            written_twice = 2;
        },
        [&] {
            while (!written.load(std::memory_order_acquire)) std::this_thread::yield();
            reinterpret_cast<char*>(&written_twice)[3] = 1;
            changed.store(true, std::memory_order_relaxed);
        });
    EXPECT(written_twice != 0);
}

void two_threads_swap_the_same_vectors() {
    std::vector<int> a{1}, b{2};
    const auto exchange = [&] { a.swap(b); };
    in_parallel(exchange, exchange);
    EXPECT(a.size() == 1);
}

void a_callback_is_replaced_while_it_is_called() {
    std::function<int()> callback = [] { return 1; };
    in_parallel([&] { callback = [] { return 2; }; }, [&] { EXPECT(callback() > 0); });
}

void a_string_grows_while_it_is_read() {
    std::string text = "a text that is longer than the small buffer of a string";
    in_parallel([&] { text += " and grows and grows until it no longer fits in its place"; },
                [&] { EXPECT(text[0] == 'a'); });
}

void an_optional_is_filled_while_it_is_asked() {
    std::optional<int> result;
    in_parallel([&] { result = 4; },
                [&] {
                    if (result) EXPECT(*result == 4);
                });
}

void an_atomic_ref_meets_a_plain_access() {
    int value = 0;
    in_parallel([&] { std::atomic_ref(value).store(1); }, [&] { EXPECT(value >= 0); });
}

void a_reader_sees_the_second_of_two_unguarded_writes() {
    int first = 0, second = 0;
    in_parallel(
        [&] {
            first = 1;
            second = 1;
        },
        [&] {
            if (second == 1) EXPECT(first == 1);
        });
}

void the_lock_of_the_reader_is_not_the_lock_of_the_writer() {
    std::mutex reading, writing;
    int value = 0;
    in_parallel(
        [&] {
            const std::lock_guard lock(writing);
            value = 1;
        },
        [&] {
            const std::lock_guard lock(reading);
            EXPECT(value >= 0);
        });
}

void a_result_is_read_before_the_join() {
    int result = 0;
    std::thread worker([&] { result = 1; });
    const int seen = result;
    worker.join();
    EXPECT(seen >= 0);
}

void a_global_is_read_by_one_thread_while_another_sets_it() {
    static int level = 0;
    in_parallel([] { level += 3; }, [] { EXPECT(level >= 0); });
}

void an_iterator_walks_while_an_element_is_assigned() {
    std::vector<int> items(3, 1);
    in_parallel([&] { items[1] = 2; },
                [&] {
                    int sum = 0;
                    for (const int item : items) sum += item;
                    EXPECT(sum == 3 || sum == 4);
                });
}

}  // namespace

corpus::topic races() {
    return {
        "races",
        {
            {"a plain flag is written and read", a_plain_flag_is_written_and_read, {race}},
            {"both threads write the same value", both_threads_write_the_same_value, {race}},
            {"a stop flag is a plain bool", a_stop_flag_is_a_plain_bool, {race, hang, livelock}},
            {"a size is read without the lock",
             a_size_is_read_without_the_lock,
             {race, wrong_result}},
            {"a reference to a guarded member is handed out",
             a_reference_to_a_guarded_member_is_handed_out,
             {race}},
            {"an int is guarded and the bool beside it is not",
             an_int_is_guarded_and_the_bool_beside_it_is_not,
             {race}},
            {"a whole struct is copied while a member is written",
             a_whole_struct_is_copied_while_a_member_is_written,
             {race}},
            {"bytes are copied while one of them is written",
             bytes_are_copied_while_one_of_them_is_written,
             {race}},
            {"a buffer is cleared while it is read", a_buffer_is_cleared_while_it_is_read, {race}},
            {"a thread starts before the members it reads",
             a_thread_starts_before_the_members_it_reads,
             {race, wrong_result}},
            {"the only reader looks again too late", the_only_reader_looks_again_too_late, {race}},
            {"what another has changed is written once more",
             what_another_has_changed_is_written_once_more,
             {race}},
            {"the first of eight readers looks again too late",
             the_first_of_eight_readers_looks_again_too_late,
             {race}},
            {"two threads swap the same vectors",
             two_threads_swap_the_same_vectors,
             {race, double_free, leak, use_after_free, wrong_result}},
            {"a callback is replaced while it is called",
             a_callback_is_replaced_while_it_is_called,
             {race, crash, uncaught_exception}},
            {"a string grows while it is read",
             a_string_grows_while_it_is_read,
             {race, use_after_free}},
            {"an optional is filled while it is asked",
             an_optional_is_filled_while_it_is_asked,
             {race, wrong_result}},
            {"an atomic_ref meets a plain access", an_atomic_ref_meets_a_plain_access, {race}},
            {"a reader sees the second of two unguarded writes",
             a_reader_sees_the_second_of_two_unguarded_writes,
             {race, wrong_result}},
            {"the lock of the reader is not the lock of the writer",
             the_lock_of_the_reader_is_not_the_lock_of_the_writer,
             {race}},
            {"a result is read before the join", a_result_is_read_before_the_join, {race}},
            {"a global is read by one thread while another sets it",
             a_global_is_read_by_one_thread_while_another_sets_it,
             {race}},
            {"an iterator walks while an element is assigned",
             an_iterator_walks_while_an_element_is_assigned,
             {race}},
        },
    };
}

}  // namespace must_find
