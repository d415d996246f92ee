#include "verdict/verdict.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace interleave {
namespace {

template <class Enum, std::size_t N>
using name_table = std::array<std::pair<Enum, std::string_view>, N>;

constexpr name_table<stage, 6> stage_names{{
    {stage::build, "build"},
    {stage::behaviour, "behaviour"},
    {stage::race, "race"},
    {stage::interleavings, "interleavings"},
    {stage::lifetime, "lifetime"},
    {stage::speedup, "speedup"},
}};

constexpr name_table<outcome, 6> outcome_names{{
    {outcome::passed, "passed"},
    {outcome::failed, "failed"},
    {outcome::skipped, "skipped"},
    {outcome::inconclusive, "inconclusive"},
    {outcome::infrastructure, "infrastructure"},
    {outcome::tampered, "tampered"},
}};

constexpr name_table<kind, 26> kind_names{{
    {kind::none, "none"},
    {kind::build_error, "build-error"},
    {kind::wrong_result, "wrong-result"},
    {kind::race, "race"},
    {kind::deadlock, "deadlock"},
    {kind::lost_wakeup, "lost-wakeup"},
    {kind::hang, "hang"},
    {kind::crash, "crash"},
    {kind::leak, "leak"},
    {kind::use_after_free, "use-after-free"},
    {kind::memory_error, "memory-error"},
    {kind::uncaught_exception, "uncaught-exception"},
    {kind::lost_exception, "lost-exception"},
    {kind::unjoined_thread, "unjoined-thread"},
    {kind::no_overlap, "no-overlap"},
    {kind::too_many_threads, "too-many-threads"},
    {kind::too_many_requests, "too-many-requests"},
    {kind::blocked_loop, "blocked-loop"},
    {kind::false_sharing, "false-sharing"},
    {kind::imbalance, "imbalance"},
    {kind::too_slow, "too-slow"},
    {kind::exit, "exit"},
    {kind::livelock, "livelock"},
    {kind::output_limit, "output-limit"},
    {kind::memory_limit, "memory-limit"},
    {kind::lock_misuse, "lock-misuse"},
}};

template <class Enum, std::size_t N>
std::string_view name_in(const name_table<Enum, N>& names, Enum value) {
    const auto found = std::find_if(names.begin(), names.end(),
                                    [value](const auto& entry) { return entry.first == value; });
    return found == names.end() ? "unknown" : found->second;
}

template <class Enum, std::size_t N>
std::optional<Enum> parse_in(const name_table<Enum, N>& names, std::string_view text) {
    const auto found = std::find_if(names.begin(), names.end(),
                                    [text](const auto& entry) { return entry.second == text; });
    if (found == names.end()) return std::nullopt;
    return found->first;
}

}  // namespace

std::string_view name(stage value) {
    return name_in(stage_names, value);
}
std::string_view name(outcome value) {
    return name_in(outcome_names, value);
}
std::string_view name(kind value) {
    return name_in(kind_names, value);
}

std::optional<stage> parse_stage(std::string_view text) {
    return parse_in(stage_names, text);
}
std::optional<outcome> parse_outcome(std::string_view text) {
    return parse_in(outcome_names, text);
}
std::optional<kind> parse_kind(std::string_view text) {
    return parse_in(kind_names, text);
}

const std::vector<stage>& all_stages() {
    static const std::vector<stage> stages{stage::build,         stage::behaviour, stage::race,
                                           stage::interleavings, stage::lifetime,  stage::speedup};
    return stages;
}

outcome verdict::result() const {
    // The first of these that any stage has is the result.
    for (const outcome gravest : {outcome::failed, outcome::tampered, outcome::infrastructure,
                                  outcome::inconclusive, outcome::skipped}) {
        if (std::any_of(stages.begin(), stages.end(),
                        [gravest](const stage_result& s) { return s.result == gravest; })) {
            return gravest;
        }
    }
    return stages.empty() ? outcome::skipped : outcome::passed;
}

namespace {

/// The first in this order decides: see verdict::why.
std::pair<int, stage> rank(stage which, kind why) {
    return {why == kind::race ? 0 : which == stage::interleavings ? 1 : 2, which};
}

}  // namespace

const stage_result* verdict::decisive() const {
    const auto graver = [](const stage_result& left, const stage_result& right) {
        return rank(left.which, left.why) < rank(right.which, right.why);
    };
    const stage_result* found = nullptr;
    for (const stage_result& candidate : stages) {
        if (candidate.result != outcome::failed) continue;
        if (!found || graver(candidate, *found)) found = &candidate;
    }
    return found;
}

bool could_outrank(stage which, const stage_result& failed) {
    const bool sees_races = which == stage::race || which == stage::interleavings;
    return rank(which, sees_races ? kind::race : kind::none) < rank(failed.which, failed.why);
}

kind verdict::why() const {
    const stage_result* stage = decisive();
    return stage ? stage->why : kind::none;
}

const stage_result* verdict::find(stage which) const {
    const auto found = std::find_if(stages.begin(), stages.end(),
                                    [which](const stage_result& s) { return s.which == which; });
    return found == stages.end() ? nullptr : &*found;
}

int verdict::points() const {
    int sum = 0;
    for (const stage_result& stage : stages) {
        if (stage.result == outcome::tampered) return 0;
        sum += stage.points;
    }
    return sum;
}

int verdict::max_points() const {
    int sum = 0;
    for (const stage_result& stage : stages) sum += stage.max_points;
    return sum;
}

}  // namespace interleave
