// shared_ptr and weak_ptr: the counts are shared, the pointers are not.

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

void each_thread_has_a_copy_of_its_own() {
    auto shared = std::make_shared<std::string>("a text too long for the string itself");
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([mine = shared] { EXPECT(mine->size() == 37); });
    }
    shared.reset();
    for (std::thread& thread : threads) thread.join();
}

void the_last_owner_destroys_what_all_have_written() {
    struct object {
        int parts[2] = {0, 0};
        bool* complete;
        ~object() { *complete = parts[0] + parts[1] == 3; }
    };
    bool complete = false;
    {
        auto shared = std::make_shared<object>();
        shared->complete = &complete;
        std::thread first([mine = shared] { mine->parts[0] = 1; });
        std::thread second([mine = std::move(shared)] { mine->parts[1] = 2; });
        first.join();
        second.join();
    }
    EXPECT(complete);
}

void copies_are_made_from_one_pointer_that_nobody_changes() {
    const auto shared = std::make_shared<int>(5);
    on_threads(3, [&](int) {
        const std::shared_ptr<int> mine = shared;
        EXPECT(*mine == 5);
    });
    EXPECT(shared.use_count() == 1);
}

void a_weak_pointer_is_locked_while_the_owner_leaves() {
    auto owner = std::make_shared<int>(3);
    const std::weak_ptr<int> watch = owner;
    in_parallel(
        [&] {
            if (const auto mine = watch.lock()) EXPECT(*mine == 3);
        },
        [&] { owner.reset(); });
    EXPECT(watch.expired());
}

void a_pointer_is_replaced_under_a_lock() {
    std::mutex guard;
    auto current = std::make_shared<const std::vector<int>>(3, 1);
    in_parallel(
        [&] {
            std::shared_ptr<const std::vector<int>> snapshot;
            {
                const std::lock_guard lock(guard);
                snapshot = current;
            }
            for (const int n : *snapshot) EXPECT(n == snapshot->front());
        },
        [&] {
            auto fresh = std::make_shared<const std::vector<int>>(5, 2);
            const std::lock_guard lock(guard);
            current.swap(fresh);
        });
    EXPECT(current->size() == 5);
}

void an_atomic_shared_pointer_is_replaced_and_read() {
    std::atomic<std::shared_ptr<int>> current{std::make_shared<int>(1)};
    in_parallel([&] { current.store(std::make_shared<int>(2)); },
                [&] {
                    const auto seen = current.load();
                    EXPECT(*seen == 1 || *seen == 2);
                });
}

void an_atomic_shared_pointer_is_exchanged_in_a_loop() {
    std::atomic<std::shared_ptr<const int>> count{std::make_shared<const int>(0)};
    on_threads(2, [&](int) {
        auto seen = count.load();
        while (!count.compare_exchange_weak(seen, std::make_shared<const int>(*seen + 1))) {
        }
    });
    EXPECT(*count.load() == 2);
}

void the_old_free_functions_lock_for_themselves() {
    auto current = std::make_shared<int>(1);
    in_parallel([&] { std::atomic_store(&current, std::make_shared<int>(2)); },
                [&] { EXPECT(*std::atomic_load(&current) >= 1); });
}

void an_object_hands_out_pointers_to_itself() {
    struct session : std::enable_shared_from_this<session> {
        std::atomic<int> used{0};
        void start(std::vector<std::thread>& threads) {
            threads.emplace_back([self = shared_from_this()] { ++self->used; });
        }
    };
    std::vector<std::thread> threads;
    auto shared = std::make_shared<session>();
    shared->start(threads);
    shared->start(threads);
    shared.reset();
    for (std::thread& thread : threads) thread.join();
}

void an_alias_keeps_the_whole_alive() {
    struct whole {
        int part = 4;
        std::string rest = "a rest that does not fit into the string itself";
    };
    std::shared_ptr<int> part;
    {
        const auto all = std::make_shared<whole>();
        part = std::shared_ptr<int>(all, &all->part);
    }
    std::thread reader([mine = std::move(part)] { EXPECT(*mine == 4); });
    reader.join();
}

void a_deleter_of_ones_own_runs_once() {
    std::atomic<int> deleted{0};
    {
        std::shared_ptr<int> shared(new int(1), [&](const int* p) {
            ++deleted;
            delete p;
        });
        std::thread first([mine = shared] {});
        std::thread second([mine = std::move(shared)] {});
        first.join();
        second.join();
    }
    EXPECT(deleted == 1);
}

void a_count_of_ones_own_is_right() {
    struct counted {
        std::atomic<int> owners{1};
        int value = 7;
    };
    class handle {
      public:
        explicit handle(counted* object) : object_(object) {}
        handle(const handle& other) : object_(other.object_) {
            object_->owners.fetch_add(1, std::memory_order_relaxed);
        }
        handle& operator=(const handle&) = delete;
        ~handle() {
            if (object_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) delete object_;
        }
        [[nodiscard]] int value() const { return object_->value; }

      private:
        counted* object_;
    };
    const handle first(new counted);
    on_threads(2, [mine = first](int) {
        const handle copy = mine;
        EXPECT(copy.value() == 7);
    });
}

}  // namespace

corpus::topic shared_pointers() {
    return {
        "shared pointers",
        {
            {"each thread has a copy of its own", each_thread_has_a_copy_of_its_own},
            {"the last owner destroys what all have written",
             the_last_owner_destroys_what_all_have_written},
            {"copies are made from one pointer that nobody changes",
             copies_are_made_from_one_pointer_that_nobody_changes},
            {"a weak pointer is locked while the owner leaves",
             a_weak_pointer_is_locked_while_the_owner_leaves},
            {"a pointer is replaced under a lock", a_pointer_is_replaced_under_a_lock},
            {"an atomic<shared_ptr> is replaced and read",
             an_atomic_shared_pointer_is_replaced_and_read},
            {"an atomic<shared_ptr> is exchanged in a loop",
             an_atomic_shared_pointer_is_exchanged_in_a_loop},
            {"the old free functions lock for themselves",
             the_old_free_functions_lock_for_themselves},
            {"an object hands out pointers to itself", an_object_hands_out_pointers_to_itself},
            {"an alias keeps the whole alive", an_alias_keeps_the_whole_alive},
            {"a deleter of one's own runs once", a_deleter_of_ones_own_runs_once},
            {"a count of one's own is right", a_count_of_ones_own_is_right},
        },
    };
}

}  // namespace never_blame
