#include "schedule_text.hpp"
#include "strategy.hpp"

namespace interleave::detail {
namespace {

constexpr std::size_t most_entries = 1 << 20;
constexpr std::uint32_t none = ~0u;
struct entry {
    decision what;
    std::uint32_t next_of_thread;
};
struct loaded {
    fixed_vector<entry> entries;
    std::uint32_t first[max_threads];
    std::size_t used = 0;
};
INTERLEAVE_KEEP loaded l;

void find_stop(fiber& f) {
    std::uint64_t at = f.plain_until;
    if (rt.now.how == chooser::replay && f.decision_at != none) {
        const std::uint64_t next = l.entries[f.decision_at].what.operation;
        if (next > f.operations && next < at) at = next;
    }
    set_stop(f, at);
}

}  // namespace

void replay_load(const decision* entries, std::size_t count) {
    l.entries.reserve(most_entries);
    l.entries.clear();
    l.used = 0;
    std::uint32_t last[max_threads];
    for (int t = 0; t < max_threads; ++t) l.first[t] = last[t] = none;
    for (std::size_t i = 0; i < count && !l.entries.full(); ++i) {
        const std::uint16_t thread = entries[i].thread;
        if (thread >= max_threads) continue;
        const auto at = static_cast<std::uint32_t>(l.entries.size());
        l.entries.push({entries[i], none});
        (last[thread] == none ? l.first[thread] : l.entries[last[thread]].next_of_thread) = at;
        last[thread] = at;
    }
}

void replay_thread_started(fiber& f) {
    if (rt.now.how == chooser::replay && f.operations == 0) f.decision_at = l.first[f.id];
    find_stop(f);
}

int replay_pick(fiber& f, bool value) {
    while (f.decision_at != none && l.entries[f.decision_at].what.operation < f.operations)
        f.decision_at = l.entries[f.decision_at].next_of_thread;
    int pick = -1;
    if (f.decision_at != none) {
        const entry& e = l.entries[f.decision_at];
        if (e.what.operation == f.operations && e.what.is_value == value) {
            pick = e.what.pick;
            f.decision_at = e.next_of_thread;
            ++l.used;
        }
    }
    find_stop(f);
    return pick;
}

std::size_t replay_unused() {
    return l.entries.size() - l.used;
}

}  // namespace interleave::detail
