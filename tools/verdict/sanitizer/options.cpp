#include "options.hpp"

#include <initializer_list>
#include <string_view>

namespace interleave {
namespace {

std::string joined(std::initializer_list<std::string_view> options,
                   const std::filesystem::path& log_path) {
    std::string text;
    for (const std::string_view option : options) {
        if (option.empty()) continue;
        if (!text.empty()) text += ':';
        text += option;
    }
    // Quoted, because a path may contain a colon or a space, which separate options.
    if (!log_path.empty()) {
        const bool has_quote = log_path.string().find('"') != std::string::npos;
        const char quote = has_quote ? '\'' : '"';
        text += ":log_path=" + (quote + log_path.string() + quote);
    }
    return text;
}

}  // namespace

std::string tsan_options(const sanitizer_run& run) {
    const bool grading = run.use == sanitizer_use::grading;
    return joined(
        {
            "exitcode=66",
            // An answer compiled into the program could otherwise ask for silence.
            run.races ? "report_bugs=1" : "report_bugs=0",
            // Reads and writes of file descriptors would count as synchronization and hide races.
            "io_sync=0",
            // One second of waiting for reports at the end, per run, and no race more.
            "atexit_sleep_ms=0",
            // The longest memory for the stack of the first access.
            "history_size=7",
            // The explorer finds deadlocks exactly; warnings by lock order blame correct programs.
            "detect_deadlocks=0",
            // Otherwise all races of a run, so that the clearest can be shown.
            run.stop_at_first ? "halt_on_error=1" : "halt_on_error=0",
            // Deaths by signal are reported with a stack, like every other failure.
            "handle_segv=1",
            // When several threads crash at once, the warning that one of them allocates in its
            // handler and the crash report of another wait for each other's lock.
            "report_signal_unsafe=0",
            // Colour belongs to the faces.
            "color=never",
            "symbolize=1",
            // The answer could annotate its races away.
            grading ? "enable_annotations=0" : "",
        },
        run.log_path);
}

std::string asan_options(const sanitizer_run& run) {
    const bool grading = run.use == sanitizer_use::grading;
    return joined(
        {
            "exitcode=66",
            "detect_leaks=1",
            // Off by default in gcc's runtime and old clang's; a coroutine's or thread's dangling
            // reference to a local is a lesson's subject.
            "detect_stack_use_after_return=1",
            // A second report after the first is not to be trusted: memory is corrupt.
            "halt_on_error=1",
            "handle_segv=1",
            "color=never",
            "symbolize=1",
            // The answer could mark its freed memory as good.
            grading ? "allow_user_poisoning=0" : "",
        },
        run.log_path);
}

std::string lsan_options() {
    // The exit status of the run; a report already names what leaked, no need of the statistics.
    return "exitcode=66:print_suppressions=0";
}

}  // namespace interleave
