#include "report_kind.hpp"

#include <algorithm>
#include <array>

namespace interleave::sanitizer {
namespace {

struct words {
    report_kind kind;
    std::string_view name;
    std::string_view one;
    std::string_view many;
};

constexpr std::array vocabulary{
    words{report_kind::data_race, "data-race", "data race", "data races"},
    words{report_kind::lock_order, "lock-order", "lock-order cycle", "lock-order cycles"},
    words{report_kind::double_lock, "double-lock", "double lock", "double locks"},
    words{report_kind::unlock_of_unlocked, "unlock-of-unlocked", "unlock of an unlocked mutex",
          "unlocks of an unlocked mutex"},
    words{report_kind::mutex_misuse, "mutex-misuse", "misuse of a mutex", "misuses of a mutex"},
    words{report_kind::thread_leak, "thread-leak", "thread never joined", "threads never joined"},
    words{report_kind::threads_after_fork, "threads-after-fork", "thread started after a fork",
          "threads started after a fork"},
    words{report_kind::signal_unsafe, "signal-unsafe", "unsafe signal handler",
          "unsafe signal handlers"},
    words{report_kind::deadly_signal, "deadly-signal", "crash", "crashes"},
    words{report_kind::use_after_free, "use-after-free", "use of freed memory",
          "uses of freed memory"},
    words{report_kind::double_free, "double-free", "double free", "double frees"},
    words{report_kind::bad_free, "bad-free", "wrong free", "wrong frees"},
    words{report_kind::heap_buffer_overflow, "heap-buffer-overflow",
          "access outside a block on the heap", "accesses outside a block on the heap"},
    words{report_kind::buffer_overflow, "buffer-overflow", "access outside a variable",
          "accesses outside a variable"},
    words{report_kind::stack_use_after_return, "stack-use-after-return",
          "use of a local variable after its function returned",
          "uses of a local variable after its function returned"},
    words{report_kind::stack_use_after_scope, "stack-use-after-scope",
          "use of a local variable after its scope ended",
          "uses of a local variable after its scope ended"},
    words{report_kind::leak, "leak", "memory leak", "memory leaks"},
    words{report_kind::other, "other", "report of another kind", "reports of another kind"},
};

struct title_rule {
    std::string_view part;
    report_kind kind;
};

// The first part that occurs in the title decides.
constexpr std::array title_rules{
    title_rule{"use-after-free", report_kind::use_after_free},
    title_rule{"use-after-poison", report_kind::use_after_free},
    title_rule{"data race", report_kind::data_race},
    title_rule{"race on", report_kind::data_race},
    title_rule{"lock-order-inversion", report_kind::lock_order},
    title_rule{"double lock", report_kind::double_lock},
    title_rule{"unlock of an unlocked mutex", report_kind::unlock_of_unlocked},
    title_rule{"mutex", report_kind::mutex_misuse},
    title_rule{"thread leak", report_kind::thread_leak},
    title_rule{"after multi-threaded fork", report_kind::threads_after_fork},
    title_rule{"signal-unsafe call", report_kind::signal_unsafe},
    title_rule{"signal handler spoils errno", report_kind::signal_unsafe},
    title_rule{"double-free", report_kind::double_free},
    title_rule{"attempting free", report_kind::bad_free},
    title_rule{"alloc-dealloc-mismatch", report_kind::bad_free},
    title_rule{"new-delete-type-mismatch", report_kind::bad_free},
    title_rule{"heap-buffer-overflow", report_kind::heap_buffer_overflow},
    title_rule{"container-overflow", report_kind::heap_buffer_overflow},
    title_rule{"buffer-overflow", report_kind::buffer_overflow},
    title_rule{"buffer-underflow", report_kind::buffer_overflow},
    title_rule{"stack-use-after-return", report_kind::stack_use_after_return},
    title_rule{"stack-use-after-scope", report_kind::stack_use_after_scope},
    title_rule{"memory leaks", report_kind::leak},
    title_rule{"SEGV", report_kind::deadly_signal},
    title_rule{"BUS", report_kind::deadly_signal},
    title_rule{"FPE", report_kind::deadly_signal},
    title_rule{"ILL", report_kind::deadly_signal},
    title_rule{"ABRT", report_kind::deadly_signal},
    title_rule{"TRAP", report_kind::deadly_signal},
    title_rule{"stack-overflow", report_kind::deadly_signal},
};

const words& words_of(report_kind kind) {
    const auto found = std::find_if(vocabulary.begin(), vocabulary.end(),
                                    [kind](const words& each) { return each.kind == kind; });
    return found == vocabulary.end() ? vocabulary.back() : *found;
}

}  // namespace

std::string_view kind_words(report_kind kind, bool plural) {
    return plural ? words_of(kind).many : words_of(kind).one;
}

report_kind kind_of_title(std::string_view title) {
    for (const title_rule& rule : title_rules) {
        if (title.find(rule.part) != std::string_view::npos) return rule.kind;
    }
    return report_kind::other;
}

std::string_view name_of(report_kind kind) {
    return words_of(kind).name;
}

}  // namespace interleave::sanitizer

std::string_view interleave::kind_name(report_kind kind) {
    return sanitizer::name_of(kind);
}
