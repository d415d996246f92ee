#pragma once

// What a whole program does in exit(): the calling thread's thread_local objects go first, then
// come the functions given to atexit() and the destructors of statics, last come, first served, and
// globals at the very end. Other threads go on meanwhile.

namespace interleave::detail {

/// In an execution, or before the first.
void keep_exit_handler(void (*run)(void*), void* object);
void run_exit_handlers();
void exit_handlers_restart() noexcept;

}  // namespace interleave::detail
