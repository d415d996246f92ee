#include "learn/check_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <regex>

#include "learn/journey.hpp"
#include "learn/present.hpp"
#include "terminal/progress_line.hpp"
#include "verdict/json.hpp"

namespace interleave {
namespace {

/// Throws unless it is a schedule as a story ends with, and one lesson that explores is named.
void refuse_what_cannot_replay(const std::string& schedule,
                               const std::vector<const lesson*>& found) {
    static const std::regex form(R"((\d{1,4}:)?(default|\d+\.\d+[>=]\d+(,\d+\.\d+[>=]\d+)*))");
    if (!std::regex_match(schedule, form)) {
        throw course_error(
            fmt::format("\"{}\" is no schedule: one looks like 1:0.11>2,2.7>1, and the last line "
                        "of a story has "
                        "it. Put it between quotes, because > means something to the shell.",
                        schedule));
    }
    if (found.size() != 1) {
        throw course_error("--schedule replays one lesson's interleaving: name the one lesson.");
    }
    if (!found[0]->points.contains(stage::interleavings)) {
        throw course_error(fmt::format("{} has no interleavings stage to replay.", found[0]->id));
    }
}

std::vector<const lesson*> chosen(const course& from, const progress& so_far,
                                  const check_request& request) {
    std::vector<const lesson*> found;
    if (request.all) {
        for (const auto& each : from.lessons()) found.push_back(&each);
    }
    for (const auto& name : request.lessons) found.push_back(&from.find(name));
    if (found.empty()) found.push_back(&current_lesson(from, so_far));
    if (!request.answer.empty() && found.size() != 1) {
        throw course_error("--answer judges one file: name the one lesson that it answers.");
    }
    if (!request.schedule.empty()) refuse_what_cannot_replay(request.schedule, found);
    return found;
}

answer answer_for(const lesson& what, const check_request& request) {
    if (request.answer.empty()) {
        answer own = learner_answer(what);
        if (!std::filesystem::exists(own.file)) {
            throw course_error(
                fmt::format("{} is not there. `tools/interleave reset {}` brings the starter back.",
                            own.file.string(), what.id));
        }
        return own;
    }
    if (!std::filesystem::is_regular_file(request.answer)) {
        throw course_error(fmt::format("There is no file {}.", request.answer.string()));
    }
    const auto file = std::filesystem::absolute(request.answer).lexically_normal();
    return {.whose = role::other, .file = file, .name = file.filename().string(), .summary = {}};
}

}  // namespace

exit_status status_of(const verdict& record) {
    switch (record.result()) {
        case outcome::passed:
            return exit_passed;
        case outcome::failed:
        case outcome::tampered:
            return exit_failed;
        default:
            return exit_machine;
    }
}

int check_command(const course& from, progress& so_far, runner& judge, const check_request& request,
                  const std::stop_token& stop) {
    const style look = style::of(stdout);
    const presenter say(look, from.root());
    progress_line line(look);
    judge.builds().progress = [&](const std::string& step) { line.show(step + " ..."); };

    const auto lessons = chosen(from, so_far, request);
    nlohmann::json records = nlohmann::json::array();
    int status = exit_passed;
    int points = 0;
    int max_points = 0;
    for (const lesson* each : lessons) {
        const answer own = answer_for(*each, request);
        run_observer observer;
        if (!request.json) {
            line.print(say.title(*each));
            observer.started = [&](stage which) {
                line.show(fmt::format("  {} ...", name(which)));
            };
            observer.finished = [&](const stage_result& result) {
                line.print(say.stage_line(result));
            };
        }
        const run_options options{
            .only = request.schedule.empty() ? request.only : std::vector{stage::interleavings},
            .gcc = request.gcc,
            .schedule = request.schedule};
        const verdict record = judge.run(*each, own, options, observer, stop);
        line.clear();
        if (stop.stop_requested()) return exit_interrupted;
        // A wrong answer is one whatever the machine says about another.
        if (const int now = status_of(record); status != exit_failed && now != exit_passed) {
            status = now;
        }
        points += record.points();
        max_points += record.max_points();
        if (request.json) {
            records.push_back(to_json(record));
            continue;
        }
        if (!request.schedule.empty() && record.result() == outcome::skipped) {
            line.print(fmt::format("  It does not fit. `tools/interleave check {}` explores anew.",
                                   each->id));
            return exit_usage;
        }
        const std::string explanation = say.explanation(record, std::max(10, look.rows() - 10));
        if (!explanation.empty()) line.print("\n" + explanation);
        line.print("  " + say.closing(*each, record));
        if (own.whose == role::learner && options.only.empty()) note_verdict(so_far, *each, record);
    }
    if (request.json) {
        const nlohmann::json all = {
            {"verdicts", records}, {"points", points}, {"max_points", max_points}};
        line.print(all.dump(2));
    } else if (lessons.size() > 1) {
        line.print(
            fmt::format("\n{} of {} points in {} lessons.", points, max_points, lessons.size()));
    }
    return status;
}

}  // namespace interleave
