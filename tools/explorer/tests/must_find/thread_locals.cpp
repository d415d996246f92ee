// thread_local variables that are shared after all, or that ought to be.

#include <atomic>
#include <string>
#include <thread>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace must_find {
namespace {

using enum corpus::failure;

void a_pointer_to_a_thread_local_is_shared() {
    thread_local int mine = 0;
    int* const theirs = &mine;
    std::thread worker([=] { *theirs = 1; });
    mine = 2;
    worker.join();
    EXPECT(mine == 1 || mine == 2);
}

void a_string_of_another_thread_is_changed() {
    thread_local std::string name = "mine";
    std::string& theirs = name;
    std::thread worker([&theirs] { theirs += "!"; });
    EXPECT(!name.empty());
    worker.join();
}

void each_thread_counts_for_itself() {
    static std::atomic<int> total;
    thread_local int count = 0;
    on_threads(2, [](int) {
        ++count;
        total = count;
    });
    EXPECT(total == 2);
}

void each_thread_has_a_lock_of_its_own() {
    thread_local std::atomic_flag taken;
    int count = 0;
    on_threads(2, [&count](int) {
        while (taken.test_and_set()) std::this_thread::yield();
        ++count;
        taken.clear();
    });
    EXPECT(count == 2);
}

}  // namespace

corpus::topic thread_locals() {
    return {
        "thread locals",
        {
            {"a pointer to a thread_local is shared",
             a_pointer_to_a_thread_local_is_shared,
             {race}},
            {"a string of another thread is changed",
             a_string_of_another_thread_is_changed,
             {race}},
            {"each thread counts for itself", each_thread_counts_for_itself, {wrong_result}},
            {"each thread has a lock of its own",
             each_thread_has_a_lock_of_its_own,
             {race, wrong_result}},
        },
    };
}

}  // namespace must_find
