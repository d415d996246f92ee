#pragma once

/// The programs that are also written in Relacy's types, as anybody would write them.
void mutex_counter();   ///< 3 threads, 10 increments each
void atomic_counter();  ///< 3 threads, 20 increments each
void bounded_queue();   ///< 2 producers and 2 consumers, 3 items each, room for 2
