#include "interleave/explore.hpp"

namespace interleave {

std::string_view name(failure kind) noexcept {
    switch (kind) {
        case failure::none:
            return "none";
        case failure::wrong_result:
            return "wrong-result";
        case failure::race:
            return "race";
        case failure::deadlock:
            return "deadlock";
        case failure::self_deadlock:
            return "self-deadlock";
        case failure::lost_wakeup:
            return "lost-wakeup";
        case failure::hang:
            return "hang";
        case failure::livelock:
            return "livelock";
        case failure::crash:
            return "crash";
        case failure::stack_overflow:
            return "stack-overflow";
        case failure::leak:
            return "leak";
        case failure::use_after_free:
            return "use-after-free";
        case failure::double_free:
            return "double-free";
        case failure::bad_unlock:
            return "bad-unlock";
        case failure::uncaught_exception:
            return "uncaught-exception";
        case failure::unjoined_thread:
            return "unjoined-thread";
        case failure::exit:
            return "exit";
        case failure::outside_world:
            return "outside-world";
        case failure::step_limit:
            return "step-limit";
        case failure::resource_limit:
            return "resource-limit";
        case failure::nondeterminism:
            return "nondeterminism";
    }
    return "unknown";
}

std::string_view name(strategy which) noexcept {
    switch (which) {
        case strategy::rotate:
            return "rotate";
        case strategy::random:
            return "random";
        case strategy::sticky:
            return "sticky";
        case strategy::pct2:
            return "pct2";
        case strategy::pct3:
            return "pct3";
        case strategy::depth_first:
            return "depth-first";
    }
    return "unknown";
}

std::string result::report() const {
    const std::string count = std::to_string(executions);
    if (!failed) {
        std::string text = "No failure in " + count + (sampled ? " runs on real threads" : "");
        if (!sampled) text += executions == 1 ? " execution" : " executions";
        if (exhausted) text += "; every schedule within the preemption bound was run";
        if (out_of_time) text += "; the search was ended by its time limit";
        return text + ".\n";
    }
    std::string text = std::string(name(kind)) + ": " + message + "\n";
    text += sampled ? "Seen in run " + count + " on real threads; the interleaving is not known.\n"
                    : "Found after " + count + (executions == 1 ? " execution" : " executions") +
                          ", with " + std::to_string(preemptions) +
                          (preemptions == 1 ? " preemption" : " preemptions") + ".\n";
    if (!story.text.empty()) text += "\n" + story.text;
    if (!output.empty()) text += "\nIt printed:\n" + output + (output.back() == '\n' ? "" : "\n");
    if (!schedule.empty()) text += "\nReplay: " + schedule + "\n";
    return text;
}

}  // namespace interleave
