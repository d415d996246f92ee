// The table of pthread_programs.c and pthread_synchronizers.c.

#include "../pthread_programs.h"

#include "../corpus.hpp"
#include "../corpus_topics.hpp"

namespace never_blame {

corpus::topic pthread_programs() {
    return {
        "programs in C",
        {
            {"C: counts under a mutex", c_counts_under_a_mutex},
            {"C: counts under a static mutex", c_counts_under_a_static_mutex},
            {"C: counts under a recursive mutex", c_counts_under_a_recursive_mutex},
            {"C: an error-checking mutex says what is wrong",
             c_an_error_checking_mutex_says_what_is_wrong},
            {"C: tries a lock until it has it", c_tries_a_lock_until_it_has_it},
            {"C: waits for a lock with a time limit", c_waits_for_a_lock_with_a_time_limit},
            {"C: a bounded buffer", c_a_bounded_buffer},
            {"C: waits for a condition with a time limit",
             c_waits_for_a_condition_with_a_time_limit},
            {"C: broadcasts to three", c_broadcasts_to_three},
            {"C: readers and writers", c_readers_and_writers},
            {"C: a reader enters twice", c_a_reader_enters_twice},
            {"C: writers go first", c_writers_go_first},
            {"C: semaphores pass a ball", c_semaphores_pass_a_ball},
            {"C: a semaphore admits two", c_a_semaphore_admits_two},
            {"C: a semaphore made before main admits one",
             c_a_semaphore_made_before_main_admits_one},
            {"C: counts under a spin lock", c_counts_under_a_spin_lock},
            {"C: phases between barriers", c_phases_between_barriers},
            {"C: phases between barriers made before main",
             c_phases_between_barriers_made_before_main},
            {"C: creates and joins a hundred threads", c_creates_and_joins_a_hundred_threads},
            {"C: results come back through join", c_results_come_back_through_join},
            {"C: a detached thread is awaited", c_a_detached_thread_is_awaited},
            {"C: once and keys", c_once_and_keys},
            {"C: counts with built-in atomics", c_counts_with_builtin_atomics},
            {"C: a cleanup handler runs at exit", c_a_cleanup_handler_runs_at_exit},
            {"C: philosophers in order", c_philosophers_in_order},
        },
    };
}

}  // namespace never_blame
