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

/// One member of a JSON object, with the comma before it.
std::string member(const char* name, const std::string& text) {
    return text.empty() ? "" : R"(,")" + std::string(name) + R"(":)" + events::json_string(text);
}

template <class Placed>
std::string place_of(const Placed& at) {
    return member("file", at.file) + R"(,"line":)" + std::to_string(at.line) +
           member("text", at.text);
}

/// A line for each part: one that held all of them would be too long for the channel.
void report(const story& told) {
    for (const thread_origin& each : told.origins) {
        events::write_line(R"({"event":"story_thread","thread":)" + std::to_string(each.thread) +
                           place_of(each) + "}");
    }
    for (const story_event& each : told.events) {
        events::write_line(R"({"event":"story_step","thread":)" + std::to_string(each.thread) +
                           member("operation", each.operation) + member("object", each.object) +
                           member("value", each.value) + member("before", each.before) +
                           member("order", each.order) + member("detail", each.detail) +
                           member("takes", each.takes) + member("gives_up", each.gives_up) +
                           member("waits_for", each.waits_for) + place_of(each) +
                           (each.culprit ? R"(,"culprit":true})" : "}"));
    }
    for (const thread_state& each : told.at_end) {
        events::write_line(R"({"event":"story_end","thread":)" + std::to_string(each.thread) +
                           member("state", each.state) + place_of(each) + "}");
    }
}

void report(const result& found, int scenario) {
    const std::string schedule =
        found.schedule.empty() ? "" : std::to_string(scenario) + ':' + found.schedule;
    events::write_line(R"({"event":"exploration","kind":)" + events::json_string(name(found.kind)) +
                       R"(,"message":)" + events::json_string(found.message) + R"(,"file":)" +
                       events::json_string(found.file) + R"(,"line":)" +
                       std::to_string(found.line) + R"(,"schedule":)" +
                       events::json_string(schedule) + R"(,"left_out":)" +
                       std::to_string(found.story.left_out) + R"(,"executions":)" +
                       std::to_string(found.executions) + R"(,"exhausted":)" +
                       (found.exhausted ? "true" : "false") + R"(,"sampled":)" +
                       (found.sampled ? "true" : "false") + "}");
    report(found.story);
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
    how.harness = {"checks/support/"};
    const result found = explore(scenario, how);
    report(found, scenarios);
    INFO(found.report());
    REQUIRE(found.ok());
}

}  // namespace interleave
