// The table of c11_programs.c.

#include "../c11_programs.h"

#include "../corpus.hpp"
#include "../corpus_topics.hpp"

namespace never_blame {

corpus::topic c11_programs() {
    return {
        "programs in C11",
        {
            {"C11: threads return their results", c11_threads_return_their_results},
            {"C11: two threads count under a mutex", c11_two_threads_count_under_a_mutex},
            {"C11: a recursive mutex is locked twice", c11_a_recursive_mutex_is_locked_twice},
            {"C11: a timed lock gives up", c11_a_timed_lock_gives_up},
            {"C11: items pass through a buffer", c11_items_pass_through_a_buffer},
            {"C11: a function is called once", c11_a_function_is_called_once},
            {"C11: each thread has its storage", c11_each_thread_has_its_storage},
            {"C11: a thread leaves in the middle", c11_a_thread_leaves_in_the_middle},
        },
    };
}

}  // namespace never_blame
