#include "library_call.hpp"

#include <array>
#include <cctype>
#include <string_view>

namespace interleave::detail {
namespace {

/// What is left without template arguments; operators that contain a bracket are kept whole.
std::string without_arguments(const std::string& name) {
    std::string kept;
    int depth = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool operator_name = depth == 0 && kept.ends_with("operator");
        if (name[i] == '<' && !operator_name) {
            ++depth;
        } else if (name[i] == '>' && depth > 0) {
            --depth;
        } else if (depth == 0) {
            kept += name[i];
        }
    }
    return kept;
}

template <std::size_t N>
bool among(const std::array<std::string_view, N>& names, const std::string& name) {
    for (const std::string_view each : names)
        if (name == each) return true;
    return false;
}

constexpr std::array<std::string_view, 24> transparent{
    "mutex",
    "recursive_mutex",
    "timed_mutex",
    "shared_mutex",
    "shared_timed_mutex",
    "recursive_timed_mutex",
    "lock_guard",
    "unique_lock",
    "scoped_lock",
    "shared_lock",
    "condition_variable",
    "condition_variable_any",
    "__mutex_base",
    "__shared_mutex_pthread",
    "_V2",
    "atomic",
    "__atomic_base",
    "__atomic_float",
    "atomic_flag",
    "atomic_ref",
    "__atomic_ref",
    "__atomic_semaphore",
    "thread",
    "__atomic_wait",
};
constexpr std::array<std::string_view, 17> folded{
    "latch",       "barrier",       "counting_semaphore", "__semaphore_base", "promise",
    "future",      "shared_future", "__basic_future",     "packaged_task",    "once_flag",
    "stop_source", "stop_token",    "stop_callback",      "jthread",          "call_once",
    "async",       "_Stop_state_t",
};

}  // namespace

library_call parse_library_call(std::string function) {
    function = without_arguments(function);
    function = function.substr(0, function.find('('));
    if (const auto space = function.rfind(' '); space != std::string::npos) {
        function = function.substr(space + 1);  // after the return type
    }
    library_call call;
    const auto last = function.rfind("::");
    if (last == std::string::npos) return {{}, function};
    call.method = function.substr(last + 2);
    const std::string before = function.substr(0, last);
    const auto previous = before.rfind("::");
    if (previous != std::string::npos) call.type = before.substr(previous + 2);
    return call;
}

told_as how_to_tell(const library_call& call) {
    if (call.method.empty()) return told_as::its_operations;
    if (among(folded, call.type) || among(folded, call.method)) return told_as::one_call;
    if (call.type.empty() || among(transparent, call.type)) return told_as::its_operations;
    return told_as::nothing;
}

std::string written_call(const library_call& call, const std::string& line) {
    if (call.method.starts_with('~')) return "the destructor of a " + call.type;
    if (call.method == call.type) return "the constructor of a " + call.type;
    const auto at = line.find(call.method);
    if (at == std::string::npos || at == 0) return call.method + "()";
    std::size_t begin = at;
    while (begin > 0) {
        const char c = line[begin - 1];
        const bool arrow = c == '>' && begin > 1 && line[begin - 2] == '-';
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '.' && !arrow)
            break;
        begin -= arrow ? 2 : 1;
    }
    const std::string written = line.substr(begin, at - begin) + call.method + "()";
    return written.size() > 28 ? call.method + "()" : written;
}

}  // namespace interleave::detail
