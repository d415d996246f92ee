#pragma once

/* The classic mistakes in plain C, in must_find/classic_programs.c: each is the body of an
   execution, and says with assert() what must hold. */

#ifdef __cplusplus
extern "C" {
#endif

void c_four_setters_and_a_checker(void);
void c_a_hundred_setters_and_a_checker(void);
void c_a_write_in_two_stages_is_seen_half(void);
void c_nine_readers_see_a_write_half(void);
void c_one_of_eight_takes_the_wrong_lock(void);
void c_eight_philosophers_take_the_left_fork(void);
void c_a_token_goes_round_in_any_order(void);
void c_the_first_use_comes_twice(void);
void c_an_audit_comes_between_two_bookings(void);
void c_a_stack_of_indices_takes_an_old_top_for_the_new(void);
void c_a_task_is_stolen_and_kept(void);
void c_a_ring_buffer_overflows(void);
void c_a_queue_counts_before_it_stores(void);
void c_a_read_lock_is_exchanged_for_a_write_lock(void);

#ifdef __cplusplus
}
#endif
