#pragma once

#include <pthread.h>

#include <cstdint>

namespace interleave::detail {

/// A new thread of the execution, whose handle is in *handle before it may run.
void start_thread(pthread_t* handle, void* (*start)(void*), void* argument, bool detached,
                  std::uintptr_t pc);
/// Returns what pthread_timedjoin_np() returns; a deadline of -1 is none.
int join_thread(pthread_t handle, void** returned, std::int64_t deadline, std::uintptr_t pc);

}  // namespace interleave::detail
