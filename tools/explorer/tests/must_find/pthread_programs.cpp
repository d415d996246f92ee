// The table of pthread_programs.c.

#include "../pthread_programs.h"

#include "../corpus.hpp"
#include "../corpus_topics.hpp"

namespace must_find {

using enum corpus::failure;

corpus::topic pthread_programs() {
    return {
        "programs in C",
        {
            {"C: two threads increment a global", c_two_threads_increment_a_global, {wrong_result}},
            {"C: a global is read and written under two locks",
             c_a_global_is_read_and_written_under_two_locks,
             {wrong_result}},
            {"C: two threads lock in opposite orders",
             c_two_threads_lock_in_opposite_orders,
             {deadlock}},
            {"C: a mutex is locked twice", c_a_mutex_is_locked_twice, {self_deadlock}},
            {"C: a signal comes before the wait", c_a_signal_comes_before_the_wait, {lost_wakeup}},
            {"C: a wait with `if` is woken for another",
             c_a_wait_with_if_is_woken_for_another,
             {wrong_result}},
            {"C: one signal for two waiters",
             c_one_signal_for_two_waiters,
             {lost_wakeup, deadlock}},
            {"C: a return keeps the mutex", c_a_return_keeps_the_mutex, {deadlock}},
            {"C: a semaphore begins with two", c_a_semaphore_begins_with_two, {wrong_result}},
            {"C: a semaphore is posted once for two",
             c_a_semaphore_is_posted_once_for_two,
             {deadlock, lost_wakeup}},
            {"C: a reader writes under the read lock",
             c_a_reader_writes_under_the_read_lock,
             {wrong_result}},
            {"C: a reader enters twice around a writer",
             c_a_reader_enters_twice_around_a_writer,
             {deadlock}},
            {"C: a spin lock is forgotten by one",
             c_a_spin_lock_is_forgotten_by_one,
             {wrong_result}},
            {"C: a barrier for two waits for three",
             c_a_barrier_waits_for_three,
             {deadlock, lost_wakeup}},
            {"C: a buffer is freed while it is read",
             c_a_buffer_is_freed_while_it_is_read,
             {use_after_free, race}},
            {"C: a buffer is freed twice", c_a_buffer_is_freed_twice, {double_free, race}},
            {"C: an argument lives on a loop variable",
             c_an_argument_lives_on_a_loop_variable,
             {wrong_result, race}},
            {"C: a result is read without a join",
             c_a_result_is_read_without_a_join,
             {wrong_result}},
            {"C: a thread is joined that waits for ever",
             c_a_thread_is_joined_that_waits_for_ever,
             {deadlock, lost_wakeup}},
            {"C: a once routine is raced by a flag",
             c_a_once_routine_is_raced_by_a_flag,
             {wrong_result, race}},
            {"C: the fiftieth of fifty threads forgets the lock",
             c_the_fiftieth_of_fifty_threads_forgets_the_lock,
             {wrong_result, race}},
        },
    };
}

}  // namespace must_find
