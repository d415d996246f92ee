#pragma once

namespace interleave::detail {

/// Runs the destructors of thread_local variables and keys, and ends the running thread.
[[noreturn]] void finish_thread(void* returned);
/// Before an execution: deletes the keys that the last one made.
void keys_restart() noexcept;

}  // namespace interleave::detail
