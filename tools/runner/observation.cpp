#include "runner/observation.hpp"

#include <nlohmann/json.hpp>
#include <sstream>

#include "verdict/json.hpp"
#include "verdict/story_json.hpp"

namespace interleave {

using nlohmann::json;

bool observed_case::answer_failed() const {
    if (explored && explored->outside_its_world()) return false;
    const std::size_t excused = infrastructure.size() + inconclusive.size();
    return !failures.empty() || (failed > 0 && static_cast<std::size_t>(failed) > excused);
}

namespace {

kind kind_of(const exploration& found) {
    if (found.kind == "self-deadlock") return kind::deadlock;
    if (found.kind == "bad-unlock") return kind::lock_misuse;
    if (found.kind == "double-free") return kind::memory_error;
    if (found.kind == "stack-overflow") return kind::crash;
    if (found.kind == "step-limit") return kind::livelock;
    if (found.kind == "resource-limit") return kind::memory_limit;
    return parse_kind(found.kind).value_or(kind::wrong_result);
}

}  // namespace

kind observed_case::failing_kind() const {
    if (explored && explored->kind != "none") {
        return explored->explained_by_race() ? kind::race : kind_of(*explored);
    }
    for (const auto& tag : tags) {
        if (const auto named = parse_kind(tag)) return *named;
    }
    return kind::wrong_result;
}

const observed_case* observation::interrupted() const {
    return !cases.empty() && !cases.back().ended ? &cases.back() : nullptr;
}

namespace {

case_failure read_failure(const json& event, const std::string& sentence) {
    case_failure failure{.sentence = sentence,
                         .expression = event.value("expression", ""),
                         .expanded = event.value("expanded", ""),
                         .message = event.value("message", ""),
                         .where = {}};
    for (const auto& note : event.value("notes", json::array())) {
        if (!note.is_string()) continue;
        if (!failure.message.empty()) failure.message += '\n';
        failure.message += note.get<std::string>();
    }
    failure.where.file = event.value("file", "");
    failure.where.line = event.value("line", 0);
    return failure;
}

void read_event(const json& event, const std::string& line, observation& seen) {
    const std::string what = event.value("event", "");
    if (what == "case") {
        seen.cases.push_back({.sentence = event.value("name", ""),
                              .tags = event.value("tags", std::vector<std::string>()),
                              .failures = {}});
    } else if (what == "stack") {
        seen.stacks.push_back(line);
    } else if (what == "measurement") {
        seen.measurements.push_back({.name = event.value("name", ""),
                                     .value = event.value("value", 0.0),
                                     .unit = event.value("unit", "")});
    } else if (what == "end") {
        seen.status = event.value("status", 0);
        seen.ended = true;
    } else if (what == "gone") {
        seen.gone = seen.ended;
    } else if (!seen.cases.empty() && what == "exploration") {
        exploration found{.kind = event.value("kind", ""),
                          .message = event.value("message", ""),
                          .where = {},
                          .told = {},
                          .schedule = event.value("schedule", ""),
                          .executions = event.value("executions", 0L),
                          .exhausted = event.value("exhausted", false),
                          .sampled = event.value("sampled", false),
                          .raced = event.value("raced", false)};
        found.where.file = event.value("file", "");
        found.where.line = event.value("line", 0);
        found.told.left_out = event.value("left_out", 0);
        seen.cases.back().explored = std::move(found);
    } else if (what.starts_with("story_")) {
        if (seen.cases.empty() || !seen.cases.back().explored) return;
        add_story_part(event, seen.cases.back().explored->told);
    } else if (!seen.cases.empty() && what == "failure") {
        observed_case& current = seen.cases.back();
        case_failure failure = read_failure(event, current.sentence);
        if (event.value("infrastructure", false)) {
            current.infrastructure.push_back(std::move(failure.message));
        } else if (event.value("inconclusive", false)) {
            current.inconclusive.push_back(std::move(failure.message));
        } else {
            current.failures.push_back(std::move(failure));
        }
    } else if (!seen.cases.empty() && what == "case_end") {
        observed_case& current = seen.cases.back();
        current.passed = event.value("passed", 0);
        current.failed = event.value("failed", 0);
        current.skipped = event.value("skipped", 0);
        current.ended = true;
    }
}

}  // namespace

observation observe(std::string_view event_lines) {
    observation seen;
    std::istringstream lines{std::string(event_lines)};
    for (std::string line; std::getline(lines, line);) {
        json event = json::parse(line, nullptr, false);
        // A value that an answer made may hold bytes that are no text.
        if (event.is_discarded()) event = json::parse(printable(line), nullptr, false);
        if (!event.is_object()) continue;
        try {
            read_event(event, line, seen);
        } catch (const json::exception&) {
            // A member of another type than ours: not an event of the check's.
        }
    }
    return seen;
}

}  // namespace interleave
