// The table of classic_programs.c.

#include "../classic_programs.h"

#include "../corpus.hpp"
#include "../corpus_topics.hpp"

namespace must_find {

using enum corpus::failure;

corpus::topic classic_programs() {
    return {
        "classics in C",
        {
            {"C: four setters and a checker", c_four_setters_and_a_checker, {wrong_result, race}},
            {"C: a hundred setters and a checker",
             c_a_hundred_setters_and_a_checker,
             {wrong_result, race}},
            {"C: a write in two stages is seen half",
             c_a_write_in_two_stages_is_seen_half,
             {wrong_result}},
            {"C: nine readers see a write in two stages half",
             c_nine_readers_see_a_write_half,
             {wrong_result}},
            {"C: one of eight takes the wrong lock",
             c_one_of_eight_takes_the_wrong_lock,
             {wrong_result}},
            {"C: eight philosophers take the left fork",
             c_eight_philosophers_take_the_left_fork,
             {deadlock}},
            {"C: a token goes round in any order",
             c_a_token_goes_round_in_any_order,
             {wrong_result}},
            {"C: the first use comes twice", c_the_first_use_comes_twice, {wrong_result}},
            {"C: an audit comes between two bookings",
             c_an_audit_comes_between_two_bookings,
             {wrong_result}},
            {"C: a stack of indices takes an old top for the new",
             c_a_stack_of_indices_takes_an_old_top_for_the_new,
             {wrong_result, livelock}},
            {"C: a task is stolen and kept", c_a_task_is_stolen_and_kept, {wrong_result}},
            {"C: a ring buffer overflows", c_a_ring_buffer_overflows, {wrong_result}},
            {"C: a queue counts before it stores",
             c_a_queue_counts_before_it_stores,
             {wrong_result}},
            {"C: a read lock is exchanged for a write lock",
             c_a_read_lock_is_exchanged_for_a_write_lock,
             {wrong_result}},
        },
    };
}

}  // namespace must_find
