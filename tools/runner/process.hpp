#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runner/blocked.hpp"

namespace interleave {

/// A process could not be started or watched: the machine's fault, never the answer's.
struct process_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What to run and how far it may go. Limits end a run; they never decide that one was right.
struct command {
    std::vector<std::string>
        arguments;                    ///< arguments[0] is searched in PATH unless it has a slash.
    std::filesystem::path directory;  ///< Empty: this process's.
    std::vector<std::pair<std::string, std::string>> environment;  ///< Added to this process's.
    bool events = false;  ///< Open the event channel and pass it as INTERLEAVE_EVENTS.
    /// The word that begins each line of an event, so that a line from anybody else is known for
    /// what it is. Passed as INTERLEAVE_EVENTS="3 KEY". Empty: every line is an event.
    std::string event_key;
    std::chrono::milliseconds cpu_limit{60'000};   ///< User + system time of the process tree.
    std::chrono::milliseconds idle_limit{10'000};  ///< Every thread asleep, none scheduled.
    /// Looks since the last event, usually 50 ms apart, at which every thread may be asleep. A
    /// machine that is busy with something else uses up nothing of it, as it would of a time.
    int asleep_limit = std::numeric_limits<int>::max();
    std::chrono::milliseconds wall_limit{600'000};
    /// Asked at every look until it holds: whether what the run can show at most has been seen. The
    /// wall limit is then `decided_limit` from there, if that is sooner. Empty: never.
    std::function<bool()> decided;
    std::chrono::milliseconds decided_limit{15'000};
    std::size_t output_limit = 1 << 20;  ///< Bytes of stdout and stderr kept, each; see ended.
    std::size_t output_kill = 64 << 20;  ///< Bytes after which the process is ended.
    std::size_t memory_limit = std::size_t{4} << 30;  ///< Resident bytes of the process tree.
    bool watch_blocked = false;  ///< End the run as soon as it is proven that no thread can go on.
    bool sanitizer_helper = false;         ///< Built with ThreadSanitizer: see blocked_watch.
    bool address_space_randomised = true;  ///< false: as under `setarch -R`.
    bool one_processor = false;  ///< Its threads take turns on one, where the system can do so.
};

/// How a run ended.
enum class ending {
    exited,
    signalled,
    cpu_limit,
    idle,     ///< No thread was scheduled for idle_limit.
    blocked,  ///< Proven: every thread waits for another thread, without a time limit.
    napping,  ///< Its threads sleep, wake and sleep again, and nothing comes of it: asleep_limit.
    wall_limit,
    output_limit,
    memory_limit,
    cancelled,
};

struct run_result {
    ending ended = ending::exited;
    int status = 0;  ///< exited: the exit status; signalled: the signal's number.
    std::string out;
    std::string err;
    std::string events;                   ///< Lines of the event channel, without the key.
    std::size_t foreign_events = 0;       ///< Lines there that did not begin with the key.
    std::vector<blocked_thread> blocked;  ///< blocked, idle: where each thread stood, when known.
    std::chrono::milliseconds wall{0};
    std::chrono::milliseconds cpu{0};
};

/// Runs a command to its end, in a process group of its own that is gone, with all its
/// descendants, when this returns. `stop` ends it early. Throws process_error. Any thread.
run_result run(const command&, std::stop_token stop = {},
               const std::function<void(std::string_view line)>& on_event = {});

}  // namespace interleave
