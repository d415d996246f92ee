// The table of c11_programs.c.

#include "../c11_programs.h"

#include "../corpus.hpp"
#include "../corpus_topics.hpp"

namespace must_find {

using enum corpus::failure;

corpus::topic c11_programs() {
    return {
        "programs in C11",
        {
            {"C11: two threads increment a global",
             c11_two_threads_increment_a_global,
             {wrong_result}},
            {"C11: two threads lock in opposite orders",
             c11_two_threads_lock_in_opposite_orders,
             {deadlock}},
            {"C11: a mutex is locked twice", c11_a_mutex_is_locked_twice, {self_deadlock}},
            {"C11: a signal comes before the wait",
             c11_a_signal_comes_before_the_wait,
             {lost_wakeup}},
            {"C11: a thread is not asked for its result",
             c11_a_thread_is_not_asked_for_its_result,
             {wrong_result}},
            {"C11: a flag stands for call_once", c11_a_flag_stands_for_call_once, {wrong_result}},
        },
    };
}

}  // namespace must_find
