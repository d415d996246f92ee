// Objects that end before the threads that use them, and memory that nobody gives back.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace must_find {
namespace {

using enum corpus::failure;

void a_thread_is_neither_joined_nor_detached() {
    std::thread worker([] {});
}

void a_thread_is_joined_on_one_of_two_paths() {
    std::atomic<bool> cancelled{false};
    std::thread canceller([&] { cancelled = true; });
    {
        std::thread worker([] {});
        if (!cancelled) worker.join();
    }
    canceller.join();
}

void a_running_thread_is_assigned_over() {
    std::thread worker([] {});
    worker = std::thread([] {});
    worker.join();
}

void a_detached_thread_writes_to_a_dead_stack() {
    int result = 0;
    std::thread([&] { result = 5; }).detach();
}

int start_and_return() {
    int local = 1;
    std::thread([&local] { ++local; }).detach();
    return local;
}

void a_detached_thread_outlives_the_function_that_started_it() {
    start_and_return();
    start_and_return();
}

void a_thread_reads_what_its_starter_has_deleted() {
    auto value = std::make_unique<int>(1);
    std::thread reader([seen = value.get()] { EXPECT(*seen == 1); });
    value.reset();
    reader.join();
}

void a_vector_is_destroyed_while_a_thread_iterates() {
    auto numbers = std::make_unique<std::vector<int>>(3, 1);
    std::thread reader([all = numbers.get()] {
        int sum = 0;
        for (const int n : *all) sum += n;
        EXPECT(sum == 3);
    });
    numbers.reset();
    reader.join();
}

void both_threads_delete_the_object() {
    auto* shared = new int(1);
    in_parallel([=] { delete shared; }, [=] { delete shared; });
}

void a_pointer_is_deleted_by_whoever_finds_it_not_null() {
    std::atomic<int*> shared{new int(1)};
    const auto dispose = [&] {
        if (shared.load()) {
            delete shared.load();
            shared = nullptr;
        }
    };
    in_parallel(dispose, dispose);
}

void memory_is_leaked_on_one_path() {
    std::atomic<bool> stopped{false};
    std::atomic<int*> in_use{nullptr};
    in_parallel(
        [&] {
            int* buffer = new int[4];
            in_use = buffer;
            in_use = nullptr;
            if (stopped) return;
            delete[] buffer;
        },
        [&] { stopped = true; });
}

void two_shared_pointers_keep_each_other_alive() {
    struct parent {
        std::shared_ptr<parent> other;
    };
    std::mutex guard;
    std::shared_ptr<parent> first;
    const auto meet = [&] {
        auto mine = std::make_shared<parent>();
        const std::lock_guard lock(guard);
        if (!first) {
            first = mine;
        } else {
            mine->other = first;
            first->other = mine;
        }
    };
    in_parallel(meet, meet);
}

void a_reference_into_a_vector_is_kept_after_the_lock() {
    std::mutex guard;
    std::vector<int> items(1, 7);
    items.shrink_to_fit();
    in_parallel(
        [&] {
            int* first = nullptr;
            {
                const std::lock_guard lock(guard);
                first = &items.front();
            }
            EXPECT(*first == 7);
        },
        [&] {
            const std::lock_guard lock(guard);
            for (int i = 0; i < 4; ++i) items.push_back(i);
        });
}

void an_entry_is_erased_while_another_thread_holds_its_iterator() {
    std::mutex guard;
    std::map<int, std::string> names{{1, "a name too long for the small buffer of a string"}};
    in_parallel(
        [&] {
            std::unique_lock lock(guard);
            const auto found = names.find(1);
            if (found == names.end()) return;
            lock.unlock();
            EXPECT(found->second[0] == 'a');
        },
        [&] {
            const std::lock_guard lock(guard);
            names.erase(1);
        });
}

void a_member_is_destroyed_before_the_thread_that_uses_it() {
    struct worker {
        std::jthread thread;
        std::vector<int> numbers = std::vector<int>(4, 1);

        void start() {
            thread = std::jthread([this] {
                for (int& n : numbers) ++n;
            });
        }
    };
    worker w;
    w.start();
}

void a_condition_is_destroyed_while_it_is_notified() {
    struct gate {
        std::mutex guard;
        std::condition_variable opened;
        bool is_open = false;
    };
    auto* shared = new gate;
    in_parallel(
        [=] {
            {
                std::unique_lock lock(shared->guard);
                shared->opened.wait(lock, [=] { return shared->is_open; });
            }
            delete shared;
        },
        [=] {
            {
                const std::lock_guard lock(shared->guard);
                shared->is_open = true;
            }
            shared->opened.notify_one();
        });
}

void a_tasks_owner_deletes_it_as_soon_as_its_flag_is_set() {
    struct task {
        std::atomic<bool> done{false};
        int result = 0;
    };
    auto* shared = new task;
    in_parallel(
        [=] {
            shared->result = 1;
            shared->done = true;
            shared->result = 2;
        },
        [=] {
            while (!shared->done) std::this_thread::yield();
            delete shared;
        });
}

void a_raw_pointer_is_taken_from_a_shared_pointer() {
    auto owner = std::make_shared<int>(3);
    std::thread reader([raw = owner.get()] { EXPECT(*raw == 3); });
    owner.reset();
    reader.join();
}

void a_shared_pointer_is_copied_while_it_is_replaced() {
    auto current = std::make_shared<int>(1);
    in_parallel([&] { current = std::make_shared<int>(2); },
                [&] {
                    const auto mine = current;
                    EXPECT(*mine == 1 || *mine == 2);
                });
}

void text_is_viewed_after_its_string_has_gone() {
    const char* text = nullptr;
    std::thread reader;
    {
        const std::string message = "a message that is too long for the small buffer";
        text = message.c_str();
        reader = std::thread([=] { EXPECT(text[0] == 'a'); });
    }
    reader.join();
}

void a_mutex_is_destroyed_while_another_thread_wants_it() {
    auto guard = std::make_unique<std::mutex>();
    std::thread other([&m = *guard] { const std::lock_guard lock(m); });
    guard.reset();
    other.join();
}

void a_log_for_two_is_overrun_by_the_second_writer() {
    struct {
        std::unique_ptr<int[]> slots = std::make_unique<int[]>(2);
        std::atomic<int> used{1};
    } log;
    const auto add = [&] {
        if (log.used < 2) log.slots[static_cast<std::size_t>(log.used++)] = 1;
    };
    in_parallel(add, add);
    EXPECT(log.used <= 2);
}

// Made before main(), so not on the heap of an execution.
std::unique_ptr<int[]> early = std::make_unique<int[]>(4);
int* const kept = early.get();
std::mutex early_guard;

void memory_from_before_main_is_used_after_its_end() {
    in_parallel(
        [] {
            const std::lock_guard lock(early_guard);
            early.reset();
        },
        [] {
            const std::lock_guard lock(early_guard);
            kept[1] = 2;
        });
}

void memory_from_before_main_is_freed_twice() {
    const auto free_it = [] {
        const std::lock_guard lock(early_guard);
        delete[] kept;
    };
    in_parallel(free_it, free_it);
    static_cast<void>(early.release());
}

void memory_from_before_main_is_freed_by_a_pointer_into_it() {
    delete[](kept + 1);
}

}  // namespace

corpus::topic lifetimes() {
    return {
        "lifetimes",
        {
            {"memory from before main is used after its end",
             memory_from_before_main_is_used_after_its_end,
             {use_after_free}},
            {"memory from before main is freed twice",
             memory_from_before_main_is_freed_twice,
             {double_free}},
            {"memory from before main is freed by a pointer into it",
             memory_from_before_main_is_freed_by_a_pointer_into_it,
             {double_free}},
            {"a thread is neither joined nor detached",
             a_thread_is_neither_joined_nor_detached,
             {unjoined_thread}},
            {"a thread is joined on one of two paths",
             a_thread_is_joined_on_one_of_two_paths,
             {unjoined_thread}},
            {"a running thread is assigned over",
             a_running_thread_is_assigned_over,
             {unjoined_thread}},
            {"a detached thread writes to a dead stack",
             a_detached_thread_writes_to_a_dead_stack,
             {use_after_free, race}},
            {"a detached thread outlives the function that started it",
             a_detached_thread_outlives_the_function_that_started_it,
             {use_after_free, race}},
            {"a thread reads what its starter has deleted",
             a_thread_reads_what_its_starter_has_deleted,
             {use_after_free, race}},
            {"a vector is destroyed while a thread iterates",
             a_vector_is_destroyed_while_a_thread_iterates,
             {use_after_free, race}},
            {"both threads delete the object", both_threads_delete_the_object, {double_free, race}},
            {"a pointer is deleted by whoever finds it not null",
             a_pointer_is_deleted_by_whoever_finds_it_not_null,
             {double_free, use_after_free}},
            {"memory is leaked on one path", memory_is_leaked_on_one_path, {leak}},
            {"two shared pointers keep each other alive",
             two_shared_pointers_keep_each_other_alive,
             {leak}},
            {"a reference into a vector is kept after the lock",
             a_reference_into_a_vector_is_kept_after_the_lock,
             {use_after_free, race}},
            {"an entry is erased while another thread holds its iterator",
             an_entry_is_erased_while_another_thread_holds_its_iterator,
             {use_after_free, race}},
            {"a member is destroyed before the thread that uses it",
             a_member_is_destroyed_before_the_thread_that_uses_it,
             {use_after_free, race}},
            {"a condition is destroyed while it is notified",
             a_condition_is_destroyed_while_it_is_notified,
             {use_after_free, race}},
            {"a task's owner deletes it as soon as its flag is set",
             a_tasks_owner_deletes_it_as_soon_as_its_flag_is_set,
             {use_after_free, race}},
            {"a raw pointer is taken from a shared pointer",
             a_raw_pointer_is_taken_from_a_shared_pointer,
             {use_after_free, race}},
            {"a shared pointer is copied while it is replaced",
             a_shared_pointer_is_copied_while_it_is_replaced,
             {use_after_free, race, double_free, wrong_result}},
            {"text is viewed after its string has gone",
             text_is_viewed_after_its_string_has_gone,
             {use_after_free, race}},
            {"a mutex is destroyed while another thread wants it",
             a_mutex_is_destroyed_while_another_thread_wants_it,
             {use_after_free, race}},
            {"a log for two is overrun by the second writer",
             a_log_for_two_is_overrun_by_the_second_writer,
             {wrong_result, use_after_free, crash}},
        },
    };
}

}  // namespace must_find
