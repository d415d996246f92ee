// std::thread and std::jthread themselves: starting, moving, joining, handing over, and what the
// libraries keep for each.

#include <locale.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

using namespace std::chrono_literals;

void a_join_makes_the_result_visible() {
    int result = 0;
    std::thread worker([&] { result = 42; });
    worker.join();
    EXPECT(result == 42);
}

void what_was_written_before_the_start_is_seen() {
    std::vector<int> numbers{1, 2, 3};
    int sum = 0;
    numbers.push_back(4);
    std::jthread worker([&] {
        for (const int n : numbers) sum += n;
    });
    worker.join();
    EXPECT(sum == 10);
}

void a_thread_hands_its_result_to_the_next() {
    int value = 1;
    for (int i = 0; i < 3; ++i) std::thread([&] { value *= 2; }).join();
    EXPECT(value == 8);
}

void each_thread_has_a_slot_of_its_own() {
    std::array<int, 4> slots{};
    on_threads(4, [&](int i) { slots[static_cast<std::size_t>(i)] = i * i; });
    EXPECT(slots == (std::array<int, 4>{0, 1, 4, 9}));
}

void neighbouring_bytes_belong_to_different_threads() {
    struct {
        char a = 0, b = 0, c = 0, d = 0;
    } bytes;
    in_parallel([&] { bytes.a = 1; }, [&] { bytes.b = 2; }, [&] { bytes.c = 3; },
                [&] { bytes.d = 4; });
    EXPECT(bytes.a + bytes.b + bytes.c + bytes.d == 10);
}

void all_threads_read_what_nobody_writes() {
    const std::vector<int> table{1, 2, 3};
    std::atomic<int> sum{0};
    on_threads(3, [&](int i) { sum += table[static_cast<std::size_t>(i)]; });
    EXPECT(sum == 6);
}

void threads_are_moved_and_swapped() {
    int first = 0, second = 0;
    std::thread a([&] { first = 1; });
    std::thread b([&] { second = 2; });
    a.swap(b);
    std::thread c = std::move(a);
    EXPECT(!a.joinable());
    c.join();
    EXPECT(second == 2);
    b.join();
    EXPECT(first == 1);
}

void arguments_are_copied_moved_and_referenced() {
    int target = 0;
    auto owned = std::make_unique<int>(5);
    std::thread worker(
        [](int a, int& out, std::unique_ptr<int> mine, const std::string& text) {
            out = a + *mine + static_cast<int>(text.size());
        },
        1, std::ref(target), std::move(owned), "text");
    worker.join();
    EXPECT(target == 10);
}

void a_member_function_is_the_work() {
    struct machine {
        int produced = 0;
        void work(int n) { produced += n; }
    } m;
    std::thread worker(&machine::work, &m, 3);
    worker.join();
    EXPECT(m.produced == 3);
}

void threads_have_different_ids() {
    std::mutex guard;
    std::set<std::thread::id> ids{std::this_thread::get_id()};
    on_threads(3, [&](int) {
        const std::lock_guard lock(guard);
        ids.insert(std::this_thread::get_id());
    });
    EXPECT(ids.size() == 4);
}

void a_thread_starts_threads() {
    std::atomic<int> leaves{0};
    const std::function<void(int)> grow = [&](int depth) {
        if (depth == 0) {
            ++leaves;
            return;
        }
        std::thread left(grow, depth - 1);
        std::thread right(grow, depth - 1);
        left.join();
        right.join();
    };
    grow(2);
    EXPECT(leaves == 4);
}

void jthreads_join_themselves() {
    std::atomic<int> done{0};
    {
        std::vector<std::jthread> workers;
        for (int i = 0; i < 3; ++i) workers.emplace_back([&] { ++done; });
    }
    EXPECT(done == 3);
}

void a_jthread_is_joined_when_it_is_assigned_over() {
    int first = 0, second = 0;
    std::jthread worker([&] { first = 1; });
    worker = std::jthread([&] { second = 1; });  // starts before the first is joined
    EXPECT(first == 1);
    worker.join();
    EXPECT(second == 1);
}

void a_detached_thread_says_when_it_is_done() {
    auto result = std::make_shared<std::promise<int>>();
    auto future = result->get_future();
    std::thread([result] { result->set_value_at_thread_exit(3); }).detach();
    result.reset();
    EXPECT(future.get() == 3);
}

void a_thread_joins_on_behalf_of_another() {
    int value = 0;
    std::thread first([&] { value = 1; });
    std::thread second([&value, first = std::move(first)]() mutable {
        first.join();
        ++value;
    });
    second.join();
    EXPECT(value == 2);
}

void a_sleep_takes_at_least_its_time() {
    const auto start = std::chrono::steady_clock::now();
    std::thread worker([] { std::this_thread::sleep_for(2ms); });
    worker.join();
    EXPECT(std::chrono::steady_clock::now() - start >= 2ms);
    const auto later = std::chrono::system_clock::now() + 1ms;
    std::this_thread::sleep_until(later);
    EXPECT(std::chrono::system_clock::now() >= later);
}

void a_thread_yields_until_its_turn() {
    std::atomic<int> turn{0};
    std::string order;
    on_threads(3, [&](int me) {
        while (turn != me) std::this_thread::yield();
        order += static_cast<char>('a' + me);
        ++turn;
    });
    EXPECT(order == "abc");
}

void a_hundred_threads_count_to_a_hundred() {
    std::mutex guard;
    int count = 0;
    on_threads(100, [&](int) {
        const std::lock_guard lock(guard);
        ++count;
    });
    EXPECT(count == 100);
}

void globals_start_afresh() {
    static int calls = 0;
    static std::vector<std::string> names;
    std::thread worker([] {
        ++calls;
        names.emplace_back("a name that does not fit into the string itself");
    });
    worker.join();
    EXPECT(calls == 1);
    EXPECT(names.size() == 1);
}

void a_static_is_initialized_by_whoever_comes_first() {
    struct table {
        std::vector<int> numbers = std::vector<int>(3, 7);
        static const table& get() {
            static const table instance;
            return instance;
        }
    };
    on_threads(3, [](int) { EXPECT(table::get().numbers.back() == 7); });
}

void a_static_initialization_fails_once_and_is_tried_again() {
    static std::atomic<int> attempts{0};
    struct resource {
        resource() {
            if (++attempts == 1) throw 1;
        }
        int value = 5;
        static resource& get() {
            static resource instance;
            return instance;
        }
    };
    std::atomic<int> failures{0};
    const auto use = [&] {
        try {
            EXPECT(resource::get().value == 5);
        } catch (int) {
            ++failures;
        }
    };
    in_parallel(use, use);
    EXPECT(failures == 1);
    EXPECT(attempts == 2);
}

void each_thread_has_its_errno() {
    std::atomic<int> steps{0};
    on_threads(3, [&](int me) {
        for (int i = 0; i < 2; ++i) {
            errno = 10 * me + i;
            ++steps;
            EXPECT(errno == 10 * me + i);
        }
    });
    EXPECT(steps == 6);
}

void a_thread_starts_without_an_error() {
    errno = ERANGE;
    std::thread([] { EXPECT(errno == 0); }).join();
    EXPECT(errno == ERANGE);
}

void each_thread_has_its_exceptions_in_flight() {
    struct at_exit {
        std::atomic<int>& steps;
        ~at_exit() {
            ++steps;
            EXPECT(std::uncaught_exceptions() == 1);
            ++steps;
        }
    };
    std::atomic<int> steps{0};
    on_threads(2, [&](int me) {
        try {
            const at_exit last{steps};
            throw me;
        } catch (const int thrown) {
            ++steps;
            EXPECT(std::uncaught_exceptions() == 0);
            try {
                ++steps;
                throw;
            } catch (const int again) {
                EXPECT(thrown == me && again == me);
            }
        }
    });
    EXPECT(steps == 8);
}

void each_thread_has_its_locale() {
    std::atomic<int> steps{0};
    on_threads(2, [&](int) {
        const locale_t mine = newlocale(LC_ALL_MASK, "C", nullptr);
        uselocale(mine);
        ++steps;
        EXPECT(uselocale(nullptr) == mine);
        uselocale(LC_GLOBAL_LOCALE);
        freelocale(mine);
    });
    EXPECT(steps == 2);
}

void each_thread_is_about_to_call_something_once() {
    std::once_flag flags[2];
    std::atomic<int> calls[2] = {0, 0};
    on_threads(2, [&](int me) {
        for (int i = 0; i < 2; ++i) {
            const int which = (me + i) % 2;
            std::call_once(flags[which], [&calls, which] { ++calls[which]; });
        }
    });
    EXPECT(calls[0] == 1 && calls[1] == 1);
}

}  // namespace

corpus::topic threads() {
    return {
        "threads",
        {
            {"a join makes the result visible", a_join_makes_the_result_visible},
            {"what was written before the start is seen",
             what_was_written_before_the_start_is_seen},
            {"a thread hands its result to the next", a_thread_hands_its_result_to_the_next},
            {"each thread has a slot of its own", each_thread_has_a_slot_of_its_own},
            {"neighbouring bytes belong to different threads",
             neighbouring_bytes_belong_to_different_threads},
            {"all threads read what nobody writes", all_threads_read_what_nobody_writes},
            {"threads are moved and swapped", threads_are_moved_and_swapped},
            {"arguments are copied, moved and referenced",
             arguments_are_copied_moved_and_referenced},
            {"a member function is the work", a_member_function_is_the_work},
            {"threads have different ids", threads_have_different_ids},
            {"a thread starts threads", a_thread_starts_threads},
            {"jthreads join themselves", jthreads_join_themselves},
            {"a jthread is joined when it is assigned over",
             a_jthread_is_joined_when_it_is_assigned_over},
            {"a detached thread says when it is done", a_detached_thread_says_when_it_is_done},
            {"a thread joins on behalf of another", a_thread_joins_on_behalf_of_another},
            {"a sleep takes at least its time", a_sleep_takes_at_least_its_time},
            {"a thread yields until its turn", a_thread_yields_until_its_turn},
            {"a hundred threads count to a hundred", a_hundred_threads_count_to_a_hundred},
            {"globals start afresh", globals_start_afresh, {}, true},
            {"a static is initialized by whoever comes first",
             a_static_is_initialized_by_whoever_comes_first},
            {"a static initialization fails once and is tried again",
             a_static_initialization_fails_once_and_is_tried_again,
             {},
             true},
            {"each thread has its errno", each_thread_has_its_errno},
            {"a thread starts without an error", a_thread_starts_without_an_error},
            {"each thread has its exceptions in flight", each_thread_has_its_exceptions_in_flight},
            {"each thread has its locale", each_thread_has_its_locale},
            {"each thread is about to call something once",
             each_thread_is_about_to_call_something_once},
        },
    };
}

}  // namespace never_blame
