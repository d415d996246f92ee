#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace interleave {

/// A thread that cannot go on by itself, as the kernel and the process's memory show it.
struct blocked_thread {
    pid_t id = 0;  ///< As the thread itself knows it.
    bool main = false;
    std::string call;  ///< The system call it is in: "futex", "poll", ...; "running" if none.
    std::uintptr_t futex = 0;  ///< futex: the address waited on.
    /// The thread that holds the mutex at `futex`, when the address is a locked pthread mutex.
    std::optional<pid_t> owner;
    std::optional<pid_t> joins;  ///< The thread whose end it waits for.
    /// Addresses relative to the executable's start, innermost first, each inside the instruction
    /// that its frame executes. Empty when the process does not answer.
    std::vector<std::uintptr_t> stack;
    /// Further stacks of a thread that runs, taken a moment later each.
    std::vector<std::vector<std::uintptr_t>> later_stacks;
};

/// Proves that a process stands still for ever: each of its threads sleeps in a futex wait without
/// a time limit, on memory that no other process shares, and no signal or timer could have a
/// handler run. Only another thread of it could wake one, and none is awake.
///
/// The threads cannot be looked at all at once. So the proof needs two looks: a thread that shows
/// the same wait and the same number of context switches in both slept all the time in between, and
/// between the end of the first look and the beginning of the second they all slept together. That
/// holds however busy the machine is; the time between the looks does not matter.
class blocked_watch {
  public:
    /// `has_helper`: the process was built with ThreadSanitizer, whose own thread wakes none of the
    /// program's. It is left out once it is known: the first thread that was created, asleep in
    /// nanosleep and with every signal blocked. A thread of the program that has just begun, or is
    /// about to end, blocks every signal too, but does not sleep.
    explicit blocked_watch(pid_t process, bool has_helper = false)
        : process_(process), has_helper_(has_helper) {}

    enum class finding {
        awake,   ///< Some thread can go on, or may be woken from outside.
        asleep,  ///< All threads wait for each other now: another look decides.
        proven,  ///< Nobody can ever wake anybody.
    };
    finding look();

  private:
    struct wait {
        pid_t thread = 0;
        std::uint64_t switches = 0;
        std::string call;  ///< As /proc shows it: number, arguments, stack and program counter.
        bool operator==(const wait&) const = default;
    };
    std::optional<std::vector<wait>> all_waits();

    pid_t process_;
    bool has_helper_;
    pid_t helper_ = 0;  ///< 0: not known yet.
    std::vector<wait> last_;
};

/// What each thread of a process does now, in order of creation, without the stacks and without a
/// sanitizer's helper threads.
std::vector<blocked_thread> inspect_threads(pid_t process);

}  // namespace interleave
