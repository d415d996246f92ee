#pragma once
#include <string_view>

/// The channel on which a check tells the runner what it saw: one JSON object a line, written to
/// the file descriptor that INTERLEAVE_EVENTS names. Without it, the check is an ordinary Catch2
/// program. Only the runner reads it; answers have no business here.
namespace interleave::events {

/// The descriptor, or -1 when nobody listens. Any thread.
int descriptor() noexcept;

/// Writes one line whole. Async-signal-safe: a single write(2), no allocation.
void write_line(std::string_view line) noexcept;

/// Whether this process is the check itself, not a child that an answer forked.
bool in_main_process() noexcept;

}  // namespace interleave::events
