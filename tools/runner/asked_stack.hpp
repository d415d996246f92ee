#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace interleave {

/// A thread, and the addresses of its stack, innermost first.
using asked_stack = std::pair<pid_t, std::vector<std::uintptr_t>>;

/// The event in which a thread of a check answers the signal that asks where it stands; nothing for
/// any other event. Any thread.
std::optional<asked_stack> parse_asked_stack(std::string_view event_line);

}  // namespace interleave
