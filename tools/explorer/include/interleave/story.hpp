#pragma once

/// A failing execution, told step by step in the program's own lines: what the explorer writes, and
/// what other programs may show in a way of their own. Plain data and text; knows no explorer.

#include <string>
#include <vector>

namespace interleave {

/// One step: what one thread did, in the order in which it happened.
struct story_event {
    int thread = 0;         ///< 0 is the main thread, the others are numbered as they are created
    std::string operation;  ///< such as "locks", "reads", "waits for"
    std::string object;     ///< such as "mutex A", "value_"; empty when there is none
    std::string value;      ///< read or written; empty when there is none
    std::string before;     ///< of a read-modify-write: the value that it found
    std::string order;      ///< of an atomic operation: "relaxed", "acquire"; empty for seq_cst
    std::string detail;     ///< what else matters, such as "nobody is waiting"; may be empty
    std::string takes;      ///< the lock that the thread holds from here on; may be empty
    std::string gives_up;   ///< the lock that it does not hold any more; may be empty
    std::string waits_for;  ///< what it cannot go on without; empty when it can
    std::string file;       ///< as the compiler was given it
    int line = 0;
    std::string text;      ///< the source line, without its indentation
    bool culprit = false;  ///< one of the steps that the message speaks of
};

/// What a thread was doing when the failure was seen.
struct thread_state {
    int thread = 0;
    std::string state;  ///< such as "holds mutex A and waits for mutex B, which thread 2 holds"
    std::string file;
    int line = 0;
    std::string text;
};

/// Where a thread comes from: the line that starts it, or, when that line starts several, the first
/// line of its own.
struct thread_origin {
    int thread = 0;
    std::string file;
    int line = 0;
    std::string text;
};

/// The failing execution, told.
struct story {
    int threads = 0;
    std::vector<story_event> events;
    std::vector<thread_origin> origins;
    std::vector<thread_state> at_end;  ///< threads that had not finished
    int left_out = 0;                  ///< steps before the first one told
    std::string text;                  ///< all of it as a table of 100 columns and 40 rows
};

/// "main" or "thread 2".
[[nodiscard]] std::string thread_title(int thread);

/// The step as the rest of a sentence about its thread: "reads 0 from value_", "locks mutex A".
[[nodiscard]] std::string sentence(const story_event&);

/// The story as a table, a column per thread and the source lines beside them, at most `rows` lines
/// of at most `columns` characters. In a narrow window each step names its thread instead. What
/// does not fit is left out from the beginning, and that is said.
[[nodiscard]] std::string table(const story&, int columns = 100, int rows = 40);

}  // namespace interleave
