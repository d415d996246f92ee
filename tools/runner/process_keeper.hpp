#pragma once
#include <sys/types.h>

#include <cstdint>

/// A small process between this one and the command: it adopts every descendant that its parent
/// left behind, and ends them all before it reports the command's end. Being the adopter is a
/// property of a whole process, so each run has a keeper of its own instead of making this process
/// one: runs side by side cannot mix up their orphans.
namespace interleave {

/// What the keeper says on its report pipe.
struct keeper_message {
    enum class event : std::int32_t {
        started,      ///< value: the command's process id.
        not_started,  ///< value: the launch_step that failed; error: errno.
        ended,        ///< value: the command's wait status; cpu: of it and its descendants.
    };
    event what = event::started;
    std::int32_t value = 0;
    std::int32_t error = 0;
    std::int64_t cpu_microseconds = 0;
};

/// What can fail on the way to the command's first instruction.
enum class launch_step : std::int32_t { fork, directory, streams, randomisation, execute };

/// Everything the keeper needs, ready before the fork: between fork and exec nothing may allocate.
/// All descriptors are close-on-exec and above the standard ones.
struct launch {
    const char* path = nullptr;
    char* const* arguments = nullptr;
    char* const* environment = nullptr;
    const char* directory = nullptr;  ///< nullptr: unchanged.
    int in = -1;
    int out = -1;
    int err = -1;
    int events = -1;   ///< -1: none. The command sees it as `events_descriptor`.
    int report = -1;   ///< The keeper writes its messages here.
    int control = -1;  ///< When nobody holds the other end any more, the command is ended.
    std::uint64_t cpu_seconds = 0;  ///< RLIMIT_CPU of each process, behind the exact limit.
    bool address_space_randomised = true;
    bool one_processor = false;
};

constexpr int events_descriptor = 3;

/// Forks the keeper. Returns its process id, or -1 with errno. Any thread.
pid_t start_keeper(const launch&);

}  // namespace interleave
