#pragma once

/* Programs in plain C with <threads.h>: each is the body of an execution. */

#ifdef __cplusplus
extern "C" {
#endif

/* Wrong ones, in must_find/c11_programs.c. */
void c11_two_threads_increment_a_global(void);
void c11_two_threads_lock_in_opposite_orders(void);
void c11_a_mutex_is_locked_twice(void);
void c11_a_signal_comes_before_the_wait(void);
void c11_a_thread_is_not_asked_for_its_result(void);
void c11_a_flag_stands_for_call_once(void);

/* Correct ones, in never_blame/c11_programs.c. */
void c11_threads_return_their_results(void);
void c11_two_threads_count_under_a_mutex(void);
void c11_a_recursive_mutex_is_locked_twice(void);
void c11_a_timed_lock_gives_up(void);
void c11_items_pass_through_a_buffer(void);
void c11_a_function_is_called_once(void);
void c11_each_thread_has_its_storage(void);
void c11_a_thread_leaves_in_the_middle(void);

#ifdef __cplusplus
}
#endif
