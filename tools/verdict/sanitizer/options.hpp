#pragma once

#include <filesystem>
#include <string>

namespace interleave {

/// What a run is for. Grading trusts nothing that the answer can do to the runtime.
enum class sanitizer_use { learning, grading };

/// One run of a program built with a sanitizer.
struct sanitizer_run {
    sanitizer_use use = sanitizer_use::learning;
    /// The runtime writes to this path followed by a dot and the process's number, one file for
    /// each process with something to say. Empty means standard error. It may contain one kind of
    /// quote, not both.
    std::filesystem::path log_path;
    /// Ends the program at its first report of a race, where a stage needs no more.
    bool stop_at_first = false;
    /// False where ThreadSanitizer's word on races does not count.
    bool races = true;
};

/// The value of TSAN_OPTIONS.
std::string tsan_options(const sanitizer_run& run);

/// The value of ASAN_OPTIONS; LeakSanitizer is part of it.
std::string asan_options(const sanitizer_run& run);

/// The value of LSAN_OPTIONS.
std::string lsan_options();

/// The exit status of a run with reports, different from that of a failed test or a crash. A run
/// that exits so without a log, or otherwise with one, is wrong too: both are looked at.
inline constexpr int sanitizer_exit_code = 66;

}  // namespace interleave
