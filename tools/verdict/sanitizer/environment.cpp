#include <algorithm>
#include <array>

#include "report.hpp"
#include "text.hpp"

namespace interleave {
namespace {

using sanitizer::printable;
using sanitizer::text_cursor;

// Said by the runtimes, or by the dynamic loader in their place, before the program could run.
constexpr std::array failures{
    std::string_view{"unexpected memory mapping"},
    std::string_view{"incompatible memory layout"},
    std::string_view{"memory layout is incompatible"},
    std::string_view{"unsupported VMA range"},
    std::string_view{"ReserveShadowMemoryRange failed"},
    std::string_view{"Shadow memory range interleaves"},
    std::string_view{"can not mmap the shadow memory"},
    std::string_view{"failed to mmap"},
    std::string_view{"Sanitizer failed to allocate"},
    std::string_view{"Sanitizer failed to deallocate"},
    std::string_view{"Sanitizer: failed to allocate"},
    std::string_view{"Sanitizer: internal allocator is out of memory"},
    // The runtime's own set-up; its other checks also fail where an answer damages its memory.
    std::string_view{"CHECK failed: tsan_platform"},
    std::string_view{"CHECK failed: sanitizer_linux"},
    std::string_view{"CHECK failed: sanitizer_posix"},
    std::string_view{"CHECK failed: asan_shadow_setup"},
    std::string_view{"LeakSanitizer has encountered a fatal error"},
    std::string_view{"runtime does not come first in initial library list"},
    std::string_view{"Your application is linked against incompatible ASan runtimes"},
    std::string_view{"Can't open file: "},
};

bool names_runtime(std::string_view line) {
    return line.find("libtsan") != line.npos || line.find("libasan") != line.npos ||
           line.find("libclang_rt") != line.npos || line.find("Sanitizer") != line.npos;
}

bool is_failure(std::string_view line) {
    text_cursor cursor(line);
    if (cursor.skip("==")) {
        if (!cursor.number() || !cursor.skip("==")) return false;
    }
    const std::string_view text = cursor.rest();
    if (text.find("error while loading shared libraries: ") != text.npos) {
        return names_runtime(text);
    }
    text_cursor beginning(text);
    const bool official = text.starts_with("FATAL: ") || text.starts_with("ERROR: ") ||
                          text.starts_with("ASan runtime ") ||
                          text.starts_with("Your application is linked ") ||
                          beginning.word().ends_with("Sanitizer");
    if (!official) return false;
    return std::any_of(failures.begin(), failures.end(), [&](std::string_view failure) {
        return text.find(failure) != std::string_view::npos;
    });
}

bool begins_report(std::string_view line) {
    text_cursor cursor(line);
    if (cursor.skip("==") && (!cursor.number() || !cursor.skip("=="))) return false;
    if (!cursor.skip("WARNING: ") && !cursor.skip("ERROR: ")) return false;
    return cursor.word().ends_with("Sanitizer") && cursor.skip(": ");
}

}  // namespace

bool is_environment_failure(std::string_view log) {
    while (!log.empty()) {
        const std::size_t end = log.find('\n');
        const std::string line = printable(log.substr(0, end));
        if (is_failure(line)) return true;
        if (begins_report(line)) return false;
        log.remove_prefix(end == std::string_view::npos ? log.size() : end + 1);
    }
    return false;
}

}  // namespace interleave
