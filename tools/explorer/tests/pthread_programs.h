#pragma once

/* Programs in plain C: each is the body of an execution, and says with assert() what must hold. */

#ifdef __cplusplus
extern "C" {
#endif

/* Wrong ones, in must_find/pthread_programs.c. */
void c_two_threads_increment_a_global(void);
void c_a_global_is_read_and_written_under_two_locks(void);
void c_two_threads_lock_in_opposite_orders(void);
void c_a_mutex_is_locked_twice(void);
void c_a_signal_comes_before_the_wait(void);
void c_a_wait_with_if_is_woken_for_another(void);
void c_one_signal_for_two_waiters(void);
void c_a_return_keeps_the_mutex(void);
void c_a_semaphore_begins_with_two(void);
void c_a_semaphore_is_posted_once_for_two(void);
void c_a_reader_writes_under_the_read_lock(void);
void c_a_reader_enters_twice_around_a_writer(void);
void c_a_spin_lock_is_forgotten_by_one(void);
void c_a_barrier_waits_for_three(void);
void c_a_buffer_is_freed_while_it_is_read(void);
void c_a_buffer_is_freed_twice(void);
void c_an_argument_lives_on_a_loop_variable(void);
void c_a_result_is_read_without_a_join(void);
void c_a_thread_is_joined_that_waits_for_ever(void);
void c_a_once_routine_is_raced_by_a_flag(void);
void c_the_fiftieth_of_fifty_threads_forgets_the_lock(void);

/* Correct ones, in never_blame/pthread_programs.c and pthread_synchronizers.c. */
void c_counts_under_a_mutex(void);
void c_counts_under_a_static_mutex(void);
void c_counts_under_a_recursive_mutex(void);
void c_an_error_checking_mutex_says_what_is_wrong(void);
void c_tries_a_lock_until_it_has_it(void);
void c_waits_for_a_lock_with_a_time_limit(void);
void c_a_bounded_buffer(void);
void c_waits_for_a_condition_with_a_time_limit(void);
void c_broadcasts_to_three(void);
void c_readers_and_writers(void);
void c_a_reader_enters_twice(void);
void c_writers_go_first(void);
void c_semaphores_pass_a_ball(void);
void c_a_semaphore_admits_two(void);
void c_a_semaphore_made_before_main_admits_one(void);
void c_counts_under_a_spin_lock(void);
void c_phases_between_barriers(void);
void c_phases_between_barriers_made_before_main(void);
void c_creates_and_joins_a_hundred_threads(void);
void c_results_come_back_through_join(void);
void c_a_detached_thread_is_awaited(void);
void c_once_and_keys(void);
void c_counts_with_builtin_atomics(void);
void c_a_cleanup_handler_runs_at_exit(void);
void c_philosophers_in_order(void);

#ifdef __cplusplus
}
#endif
