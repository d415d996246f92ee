#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What the kernel says about processes and their threads (/proc). Every function may be called by
/// any thread, and takes a process that ends meanwhile for one that was never there.
namespace interleave::process_tree {

/// A whole file of /proc, or empty when it cannot be read.
std::string read_file(const std::string& path);

/// The live descendants of a process (zombies included), without itself.
std::vector<pid_t> descendants(pid_t root);

/// What the descendants of a process have used.
struct usage {
    std::chrono::milliseconds cpu{0};  ///< User + system, of the ended ones too; steps of 10 ms.
    std::size_t resident = 0;          ///< Bytes; a page that two processes share counts twice.
    std::vector<pid_t> processes;
};
usage read_usage(pid_t root);

/// A thread as its status file shows it.
struct thread_status {
    pid_t id = 0;
    pid_t inner = 0;              ///< Its own idea of its id, where it lives in a pid namespace.
    char state = '?';             ///< 'R' runnable, 'S' asleep, 'D', 'T', 'Z', ...
    std::uint64_t switches = 0;   ///< How often it was scheduled away, for either reason.
    std::uint64_t caught = 0;     ///< Signals with a handler; signal n is bit n - 1.
    std::uint64_t held_back = 0;  ///< Signals the thread blocks.
    bool operator==(const thread_status&) const = default;
};
std::optional<thread_status> read_thread(pid_t process, pid_t thread);

/// The ids of a process's threads in order of creation, the main thread first.
std::vector<pid_t> threads(pid_t process);

/// Whether a thread takes no signal at all. The helper thread of ThreadSanitizer's runtime does so
/// for good, and it is the first that a process creates; every thread does so for an instant, when
/// it begins and when it ends.
bool blocks_every_signal(const thread_status&);

/// Every thread of these processes but the helpers, if all of them sleep; nothing as soon as one
/// does not, be it stopped by a signal. Two equal answers mean that none of them was scheduled in
/// between.
std::optional<std::vector<thread_status>> all_asleep(const std::vector<pid_t>& processes);

}  // namespace interleave::process_tree
