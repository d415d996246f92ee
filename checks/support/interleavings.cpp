#include "support/interleavings.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <interleave/explore.hpp>
#include <string>

#include "support/event_text.hpp"
#include "support/events.hpp"

namespace interleave {
namespace {

/// "2:0.4>1" asks for the replay of one schedule in the second scenario; the others are left out.
struct replay {
    int scenario = 0;  ///< 0: none was asked for.
    std::string schedule;
};

replay requested_replay() {
    const char* text = std::getenv("INTERLEAVE_SCENARIO_SCHEDULE");
    if (text == nullptr) return {};
    const std::string request = text;
    const auto colon = request.find(':');
    if (colon == std::string::npos) return {.scenario = 1, .schedule = request};
    return {.scenario = std::atoi(request.c_str()), .schedule = request.substr(colon + 1)};
}

void report(const result& found, int scenario) {
    const std::string schedule =
        found.schedule.empty() ? "" : std::to_string(scenario) + ':' + found.schedule;
    events::write_line(
        R"({"event":"exploration","kind":)" + events::json_string(name(found.kind)) +
        R"(,"message":)" + events::json_string(found.message) + R"(,"file":)" +
        events::json_string(found.file) + R"(,"line":)" + std::to_string(found.line) +
        R"(,"story":)" + events::json_string(found.story.text) + R"(,"schedule":)" +
        events::json_string(schedule) + R"(,"executions":)" + std::to_string(found.executions) +
        R"(,"exhausted":)" + (found.exhausted ? "true" : "false") + R"(,"sampled":)" +
        (found.sampled ? "true" : "false") + "}");
}

}  // namespace

void holds_in_every_interleaving(const std::function<void()>& scenario) {
    static int scenarios = 0;
    ++scenarios;
    const replay wanted = requested_replay();
    if (wanted.scenario != 0 && wanted.scenario != scenarios) {
        SUCCEED("left out: another scenario is replayed");
        return;
    }
    options how;
    how.schedule = wanted.schedule;
    const result found = explore(scenario, how);
    report(found, scenarios);
    INFO(found.report());
    REQUIRE(found.ok());
}

}  // namespace interleave
