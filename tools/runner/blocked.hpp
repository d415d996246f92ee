#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace interleave {

/// A thread that cannot go on by itself, as the kernel and the process's memory show it.
struct blocked_thread {
    pid_t id = 0;
    bool main = false;
    std::string call;        ///< The system call it is in: "futex", "poll", ...; "running" if none.
    std::uintptr_t futex = 0;  ///< futex: the address waited on.
    /// The thread that holds the mutex at `futex`, when the address is a locked pthread mutex.
    std::optional<pid_t> owner;
    std::vector<std::uintptr_t> stack;  ///< Addresses relative to the executable, innermost first.
};

}  // namespace interleave
