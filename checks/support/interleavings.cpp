#include "support/interleavings.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <interleave/explore.hpp>
#include <string>
#include <thread>
#include <vector>

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

void report(result found, int scenario) {
    if (!found.schedule.empty()) {
        found.schedule = std::to_string(scenario) + ':' + found.schedule;
    }
    found.output.clear();  // a line of the channel has an end, and what a program prints may not
    for (const std::string& line : json_lines(found)) events::write_line(line);
}

}  // namespace

void holds_in_every_interleaving(function_ref<void()> scenario, long executions) {
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
    how.executions = executions;
    const result found = explore([scenario] { scenario(); }, how);
    report(found, scenarios);
    INFO(found.report());
    REQUIRE(found.ok());
}

void run_in_parallel(std::initializer_list<function_ref<void()>> all) {
    std::vector<std::thread> threads;
    threads.reserve(all.size());
    for (const function_ref<void()> work : all) threads.emplace_back([work] { work(); });
    for (std::thread& thread : threads) thread.join();
}

}  // namespace interleave
