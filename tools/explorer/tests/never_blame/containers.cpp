// Containers, strings, algorithms and allocators in the hands of several threads.

#include <algorithm>
#include <any>
#include <array>
#include <atomic>
#include <bitset>
#include <coroutine>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <mutex>
#include <numeric>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

void a_vector_grows_under_a_lock() {
    std::mutex guard;
    std::vector<std::string> lines;
    on_threads(3, [&](int me) {
        const std::lock_guard lock(guard);
        lines.push_back("a line that does not fit into the string itself, " + std::to_string(me));
    });
    EXPECT(lines.size() == 3);
}

void maps_and_sets_grow_under_a_lock() {
    std::mutex guard;
    std::map<int, std::string> ordered;
    std::unordered_map<std::string, int> hashed;
    std::set<int> unique;
    on_threads(3, [&](int me) {
        const std::lock_guard lock(guard);
        ordered[me] = std::to_string(me);
        hashed["key " + std::to_string(me)] = me;
        unique.insert(me / 2);
    });
    EXPECT(ordered.size() == 3 && hashed.at("key 2") == 2 && unique.size() == 2);
}

void elements_move_from_container_to_container() {
    std::mutex guard;
    std::deque<std::unique_ptr<int>> waiting;
    std::list<std::unique_ptr<int>> done;
    for (int i = 0; i < 3; ++i) waiting.push_back(std::make_unique<int>(i));
    on_threads(2, [&](int) {
        for (;;) {
            const std::lock_guard lock(guard);
            if (waiting.empty()) return;
            done.push_back(std::move(waiting.front()));
            waiting.pop_front();
        }
    });
    EXPECT(done.size() == 3);
}

void different_elements_belong_to_different_threads() {
    std::vector<int> numbers(4);
    std::vector<std::string> texts(4);
    on_threads(2, [&](int me) {
        for (auto i = static_cast<std::size_t>(me); i < 4; i += 2) {
            numbers[i] = static_cast<int>(i);
            texts[i] = std::string(20 + i, 'x');
        }
    });
    EXPECT(std::accumulate(numbers.begin(), numbers.end(), 0) == 6);
    EXPECT(texts[3].size() == 23);
}

void the_halves_of_an_array_are_sorted_by_two() {
    std::array<int, 8> numbers{7, 3, 5, 1, 8, 2, 6, 4};
    on_threads(2, [&](int half) {
        const auto begin = numbers.begin() + 4 * half;
        std::sort(begin, begin + 4);
    });
    std::inplace_merge(numbers.begin(), numbers.begin() + 4, numbers.end());
    EXPECT(std::is_sorted(numbers.begin(), numbers.end()));
}

void everybody_reads_one_map() {
    const std::map<std::string, int> table{{"one", 1}, {"two", 2}, {"three", 3}};
    std::atomic<int> sum{0};
    on_threads(3, [&](int me) {
        static constexpr std::array<const char*, 3> keys{"one", "two", "three"};
        sum += table.find(keys[static_cast<std::size_t>(me)])->second;
        sum += static_cast<int>(table.size());
    });
    EXPECT(sum == 6 + 9);
}

void bits_are_set_under_a_lock() {
    std::mutex guard;
    std::vector<bool> seen(70);
    std::bitset<70> also;
    on_threads(2, [&](int me) {
        const std::lock_guard lock(guard);
        seen[static_cast<std::size_t>(me) * 64] = true;
        also.set(static_cast<std::size_t>(me) * 64);
    });
    EXPECT(std::ranges::count(seen, true) == 2 && also.count() == 2);
}

void a_priority_queue_hands_out_the_most_urgent() {
    std::mutex guard;
    std::priority_queue<int> tasks;
    on_threads(2, [&](int me) {
        const std::lock_guard lock(guard);
        tasks.push(me);
        tasks.push(10 + me);
    });
    EXPECT(tasks.top() == 11 && tasks.size() == 4);
}

void values_of_many_types_are_handed_over() {
    std::optional<std::string> maybe;
    std::variant<int, std::vector<int>> either;
    std::any anything;
    std::thread maker([&] {
        maybe = "a text that does not fit into the string itself";
        either = std::vector<int>{1, 2, 3};
        anything = std::string("whatever it is, it does not fit into the any itself");
    });
    maker.join();
    EXPECT(maybe->size() == 47 && std::get<1>(either).size() == 3);
    EXPECT(std::any_cast<std::string>(anything)[0] == 'w');
}

void a_vector_is_swapped_out_and_worked_on_without_the_lock() {
    std::mutex guard;
    std::vector<int> inbox;
    int sum = 0;
    in_parallel(
        [&] {
            for (int i = 1; i <= 3; ++i) {
                const std::lock_guard lock(guard);
                inbox.push_back(i);
            }
        },
        [&] {
            for (int seen = 0; seen < 3;) {
                std::vector<int> mine;
                {
                    const std::lock_guard lock(guard);
                    mine.swap(inbox);
                }
                for (const int item : mine) sum += item;
                seen += static_cast<int>(mine.size());
                if (mine.empty()) std::this_thread::yield();
            }
        });
    EXPECT(sum == 6);
}

void virtual_functions_are_called_from_all_threads() {
    struct shape {
        virtual ~shape() = default;
        [[nodiscard]] virtual std::string name() const { return "shape"; }
    };
    struct circle : shape {
        [[nodiscard]] std::string name() const override { return "a circle of a certain size"; }
    };
    std::mutex guard;
    std::vector<std::unique_ptr<shape>> shapes;
    on_threads(2, [&](int me) {
        std::unique_ptr<shape> mine = std::make_unique<circle>();
        if (me == 0) mine = std::make_unique<shape>();
        EXPECT(!mine->name().empty());
        const std::lock_guard lock(guard);
        shapes.push_back(std::move(mine));
    });
    EXPECT(shapes[0]->name() != shapes[1]->name());
}

void functions_are_queued_and_called() {
    std::mutex guard;
    std::vector<std::function<int()>> tasks;
    std::atomic<int> sum{0};
    for (int i = 0; i < 3; ++i) {
        tasks.emplace_back(
            [i, text = std::string(40, 'x')] { return i + static_cast<int>(text.size()); });
    }
    on_threads(2, [&](int) {
        for (;;) {
            std::function<int()> task;
            {
                const std::lock_guard lock(guard);
                if (tasks.empty()) return;
                task = std::move(tasks.back());
                tasks.pop_back();
            }
            sum += task();
        }
    });
    EXPECT(sum == 3 + 120);
}

void each_thread_has_a_monotonic_buffer() {
    std::atomic<int> sum{0};
    on_threads(2, [&](int me) {
        std::array<std::byte, 256> storage;
        std::pmr::monotonic_buffer_resource buffer(storage.data(), storage.size());
        std::pmr::vector<int> numbers(&buffer);
        for (int i = 0; i < 20; ++i) numbers.push_back(me);
        sum += std::accumulate(numbers.begin(), numbers.end(), 0);
    });
    EXPECT(sum == 20);
}

void a_synchronized_pool_serves_all_threads() {
    std::pmr::synchronized_pool_resource pool;
    std::atomic<std::size_t> length{0};
    on_threads(2, [&](int) {
        std::pmr::list<std::pmr::string> texts(&pool);
        for (int i = 0; i < 3; ++i) texts.emplace_back("a text too long for the string itself");
        length += texts.back().size();
    });
    EXPECT(length == 2 * 37);
}

void a_pool_is_shared_under_a_lock() {
    std::mutex guard;
    std::pmr::unsynchronized_pool_resource pool;
    std::pmr::map<int, int> squares(&pool);
    on_threads(2, [&](int me) {
        const std::lock_guard lock(guard);
        for (int i = 0; i < 3; ++i) squares[3 * me + i] = i * i;
    });
    EXPECT(squares.size() == 6);
}

void memory_is_allocated_here_and_freed_there() {
    std::atomic<std::string*> parcel{nullptr};
    in_parallel([&] { parcel = new std::string(50, 'a'); },
                [&] {
                    while (!parcel) std::this_thread::yield();
                    EXPECT(parcel.load()->size() == 50);
                    delete parcel.load();
                });
}

void memory_is_reused_by_another_thread() {
    on_threads(2, [](int) {
        for (int i = 0; i < 5; ++i) {
            const auto fresh = std::make_unique<std::array<int, 16>>();
            (*fresh)[7] = i;
            EXPECT((*fresh)[7] == i);
        }
    });
}

struct alignas(64) one_cache_line {
    std::atomic<int> count{0};
};

void overaligned_objects_are_allocated() {
    const auto lines = std::make_unique<one_cache_line[]>(2);
    on_threads(2, [&](int me) { ++lines[static_cast<std::size_t>(me)].count; });
    EXPECT(reinterpret_cast<std::uintptr_t>(lines.get()) % 64 == 0);
    EXPECT(lines[0].count + lines[1].count == 2);
}

/// A coroutine that is begun by one thread and resumed by another.
struct task {
    struct promise_type {
        task get_return_object() {
            return {std::coroutine_handle<promise_type>::from_promise(*this)};
        }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::terminate(); }
    };
    std::coroutine_handle<promise_type> handle;
};

task count_on_two_threads(int& steps) {
    ++steps;
    co_await std::suspend_always();
    ++steps;
}

void a_coroutine_is_resumed_by_another_thread() {
    int steps = 0;
    const task begun = count_on_two_threads(steps);
    std::thread worker([&] { begun.handle.resume(); });
    worker.join();
    EXPECT(begun.handle.done() && steps == 2);
    begun.handle.destroy();
}

void coroutines_are_handed_over_through_an_atomic() {
    int steps = 0;
    std::atomic<void*> suspended{nullptr};
    in_parallel(
        [&] {
            suspended.store(count_on_two_threads(steps).handle.address(),
                            std::memory_order_release);
        },
        [&] {
            void* address = nullptr;
            while (!(address = suspended.load(std::memory_order_acquire))) {
                std::this_thread::yield();
            }
            const auto handle = std::coroutine_handle<>::from_address(address);
            handle.resume();
            EXPECT(steps == 2);
            handle.destroy();
        });
}

}  // namespace

corpus::topic containers() {
    return {
        "containers",
        {
            {"a vector grows under a lock", a_vector_grows_under_a_lock},
            {"maps and sets grow under a lock", maps_and_sets_grow_under_a_lock},
            {"elements move from container to container",
             elements_move_from_container_to_container},
            {"different elements belong to different threads",
             different_elements_belong_to_different_threads},
            {"the halves of an array are sorted by two threads",
             the_halves_of_an_array_are_sorted_by_two},
            {"everybody reads one map", everybody_reads_one_map},
            {"bits are set under a lock", bits_are_set_under_a_lock},
            {"a priority queue hands out the most urgent",
             a_priority_queue_hands_out_the_most_urgent},
            {"values of many types are handed over", values_of_many_types_are_handed_over},
            {"a vector is swapped out and worked on without the lock",
             a_vector_is_swapped_out_and_worked_on_without_the_lock},
            {"virtual functions are called from all threads",
             virtual_functions_are_called_from_all_threads},
            {"functions are queued and called", functions_are_queued_and_called},
            {"each thread has a monotonic buffer", each_thread_has_a_monotonic_buffer},
            {"a synchronized pool serves all threads", a_synchronized_pool_serves_all_threads},
            {"a pool is shared under a lock", a_pool_is_shared_under_a_lock},
            {"memory is allocated here and freed there", memory_is_allocated_here_and_freed_there},
            {"memory is reused by another thread", memory_is_reused_by_another_thread},
            {"overaligned objects are allocated", overaligned_objects_are_allocated},
            {"a coroutine is resumed by another thread", a_coroutine_is_resumed_by_another_thread},
            {"coroutines are handed over through an atomic",
             coroutines_are_handed_over_through_an_atomic},
        },
    };
}

}  // namespace never_blame
