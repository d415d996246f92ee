#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interleave {

/// One line of a stack. `file` is normalized ("a/../b" is "b"); it is empty, and `line` 0, when the
/// sanitizer could not tell. gcc's runtime gives no columns: `column` is 0 then. Counted from 1.
struct source_frame {
    std::string function;
    std::string file;
    unsigned line = 0;
    unsigned column = 0;
    std::string module;         ///< the program or library, without its folder where not printed
    std::uint64_t address = 0;  ///< program counter, or the offset inside `module`

    bool operator==(const source_frame&) const = default;
};

using stack_trace = std::vector<source_frame>;

/// A mutex held during an access; `id` is the sanitizer's name for it, such as "M12".
struct held_mutex {
    std::string id;
    bool shared = false;  ///< held for reading only, as std::shared_lock does
};

/// One access to memory. Of a data race there are two: the later first, the `previous` one second.
struct access {
    bool write = false;
    bool atomic = false;
    bool previous = false;
    std::uint64_t address = 0;
    std::uint64_t size = 0;  ///< bytes
    std::string thread;      ///< "T1", or "main"
    std::vector<held_mutex> mutexes;
    stack_trace stack;
    bool stack_lost = false;  ///< "[failed to restore the stack]"
};

/// What the memory is, in the sanitizer's words.
struct memory_location {
    enum class place { global, heap, stack, thread_local_storage, file_descriptor, other };

    place where = place::other;
    std::string name;           ///< of the variable; empty when the sanitizer could not tell
    std::uint64_t address = 0;  ///< where the variable or block begins
    std::uint64_t size = 0;     ///< bytes of the whole variable or block; 0 when unknown
    std::string thread;         ///< whose stack, or who allocated it
    std::string relation;       ///< AddressSanitizer's "0 bytes to the right of 16-byte region"
    stack_trace stack;          ///< where it was allocated or opened
};

struct thread_info {
    std::string id;    ///< "T1"
    std::string name;  ///< given by pthread_setname_np; usually empty
    std::string state;
    std::string created_by;
    std::uint64_t tid = 0;
    stack_trace stack;  ///< where it was started
};

struct mutex_info {
    std::string id;
    std::uint64_t address = 0;
    bool destroyed = false;
    stack_trace stack;  ///< where it was created; for a std::mutex where it was first locked
};

/// An edge of a cycle in the lock order: `mutex` was locked while `held` was.
struct lock_acquisition {
    std::string mutex;
    std::string held;
    std::string thread;
    stack_trace stack;
};

/// Any other stack: "freed by thread T1 here:", "Direct leak of 16 byte(s) ...".
struct labelled_stack {
    std::string label;
    std::string thread;      ///< empty when not said
    std::uint64_t size = 0;  ///< bytes, of a leak
    stack_trace stack;
};

enum class report_kind {
    data_race,
    lock_order,
    double_lock,
    unlock_of_unlocked,
    mutex_misuse,
    thread_leak,
    threads_after_fork,
    signal_unsafe,
    deadly_signal,
    use_after_free,
    double_free,
    bad_free,
    heap_buffer_overflow,
    buffer_overflow,
    stack_use_after_return,
    stack_use_after_scope,
    leak,
    other
};

/// The kind as an identifier for machine formats: "data-race".
std::string_view kind_name(report_kind kind);

/// One report of ThreadSanitizer, AddressSanitizer or LeakSanitizer, with everything it said.
struct sanitizer_report {
    report_kind kind = report_kind::other;
    std::string sanitizer;  ///< "ThreadSanitizer"
    std::string title;      ///< "data race on vptr (ctor/dtor vs virtual call)"
    std::string summary;    ///< the text after "SUMMARY: "; empty when the log ends before it
    std::vector<access> accesses;
    std::vector<memory_location> locations;
    std::vector<thread_info> threads;
    std::vector<mutex_info> mutexes;
    std::vector<lock_acquisition> lock_cycle;
    std::vector<labelled_stack> stacks;
    bool synchronized_by_sleep = false;  ///< "As if synchronized via sleep"
    stack_trace sleep_stack;
    bool complete = false;   ///< its summary was seen: not cut off
    bool shortened = false;  ///< parts were dropped to bound the memory of parsing
};

/// Reads every report of a log, of gcc 12 or clang 14 and newer, in order. Never throws because of
/// what the log says: unknown lines are skipped, a report that is cut off is returned with
/// `complete` false. Time is linear and memory bounded whatever the size (at most 1000 reports).
/// All text returned is free of control characters.
///
/// Pass what the sanitizer wrote to its log_path, not the program's standard streams: a program can
/// print text that looks like a report.
std::vector<sanitizer_report> parse_sanitizer_log(std::string_view log);

/// Whether the sanitizer could not work on this machine (address-space layout, missing runtime, no
/// memory for its shadow), so that the log says nothing about the answer. False when a report comes
/// first: a program that prints such a line after its race keeps its race.
bool is_environment_failure(std::string_view log);

/// How a digest is written.
struct digest_options {
    /// Paths inside are shown relative to it. Source lines are quoted only from files inside, or
    /// from `answer_files`, and never from a folder called "solutions" that is not the answer.
    std::filesystem::path root;
    /// The learner's own files. When empty, every file inside `root` counts as theirs.
    std::vector<std::filesystem::path> answer_files;
    /// Columns to wrap sentences at; a path:line is never broken.
    std::size_t width = 100;
};

/// Explains one report in some 18 lines of plain text and counts the others; "" for no reports.
/// The one explained is the first with the most accesses inside the answer.
std::string digest(const std::vector<sanitizer_report>& reports, const digest_options& options);

/// The place to show in the learner's own lines: the first frame inside the answer of the access
/// that writes, else of the other access, else of any other stack of the report. Empty when no
/// frame lies there.
std::optional<source_frame> learner_frame(const sanitizer_report& report,
                                          const digest_options& options);

}  // namespace interleave
