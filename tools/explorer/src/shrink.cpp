#include "shrink.hpp"

#include <ctime>

#include "real.hpp"

namespace interleave::detail {
namespace {

// Long executions get fewer replays. In steps and not in time: the same story on every machine.
constexpr long most_replays = 3'000;
constexpr long most_steps = 10'000'000;

const failure_record& told(const execution& e) {
    return e.failed.kind != failure::none ? e.failed : e.race;
}

/// Fewer preemptions first, then fewer entries.
bool simpler(const execution& a, const execution& b) {
    return a.preemptions != b.preemptions ? a.preemptions < b.preemptions
                                          : a.decisions.size() < b.decisions.size();
}

}  // namespace

bool same_failure(const execution& a, const execution& b) {
    const failure_record& x = told(a);
    const failure_record& y = told(b);
    return x.kind == y.kind && x.line == y.line &&
           (x.kind != failure::race || x.address == y.address);
}

execution shrink(execution found, long& replays) {
    replays = 0;
    long steps = 0;
    const auto used_up = [&] { return replays >= most_replays || steps >= most_steps; };
    const auto attempt = [&](std::vector<decision> entries) {
        if (used_up()) return false;
        ++replays;
        execution e = replay_once(entries, false);
        steps += rt.steps;
        if (!same_failure(e, found) || !(simpler(e, found))) return false;
        found = std::move(e);
        return true;
    };
    // The search's own counts belong to its strategy; the replay's are comparable.
    if (execution e = replay_once(found.decisions, false); same_failure(e, found))
        found = e;
    else
        return found;
    // Leave out halves, quarters, ... down to single entries, until nothing more can go.
    for (bool progress = true; progress && !used_up();) {
        progress = false;
        for (std::size_t part = (found.decisions.size() + 1) / 2; part > 0; part /= 2) {
            for (std::size_t from = found.decisions.size(); from > 0;) {
                from = from > part ? from - part : 0;
                std::vector<decision> entries = found.decisions;
                const auto begin = entries.begin() + static_cast<std::ptrdiff_t>(from);
                const std::size_t left = entries.size() - from;
                entries.erase(begin,
                              begin + static_cast<std::ptrdiff_t>(part < left ? part : left));
                if (attempt(std::move(entries))) progress = true;
                if (found.decisions.size() < from) from = found.decisions.size();
            }
            if (found.decisions.empty()) break;
        }
    }
    return found;
}

}  // namespace interleave::detail
