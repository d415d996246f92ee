#include "learn/explore_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "course/lesson.hpp"
#include "learn/check_command.hpp"
#include "learn/present.hpp"
#include "runner/conclude.hpp"
#include "runner/diagnostics.hpp"
#include "runner/process.hpp"
#include "runner/workspace.hpp"
#include "terminal/progress_line.hpp"
#include "verdict/json.hpp"
#include "verdict/story_json.hpp"

namespace interleave {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// One call of explore(), as the program reported it.
struct finding {
    json summary;
    story told;
};

std::string whole(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void refuse_what_is_no_program(const explore_request& request) {
    for (const fs::path& source : request.sources) {
        if (!fs::is_regular_file(source)) {
            throw course_error(fmt::format("There is no file {}.", source.string()));
        }
    }
}

/// The compiler or the linker, with the first error as the exception.
void build_step(std::vector<std::string> arguments, const fs::path& source,
                const std::stop_token& stop) {
    command tool{.arguments = std::move(arguments), .directory = {}};
    tool.cpu_limit = std::chrono::minutes(3);
    const run_result done = run(tool, stop);
    if (done.ended == ending::exited && done.status == 0) return;
    const diagnosis error = first_error(done.err, source);
    throw course_error(fmt::format("{} does not compile: {}\n{}", source.string(), error.message,
                                   error.message.empty() ? done.err : error.excerpt));
}

/// The program, ready to run.
fs::path build(const recipe& how, const std::vector<fs::path>& sources, const fs::path& folder,
               const std::stop_token& stop) {
    std::vector<fs::path> objects;
    bool calls_explore = false;
    bool has_main = false;
    for (const fs::path& source : sources) {
        const fs::path absolute = fs::absolute(source).lexically_normal();
        objects.push_back(folder / fmt::format("{}.o", objects.size()));
        build_step(how.compile_program(absolute, objects.back()), source, stop);
        if (stop.stop_requested()) return {};
        // Names in the object's table of symbols; the first is the function behind explore().
        const std::string symbols = whole(objects.back());
        calls_explore |= symbols.find("_ZN10interleave6detail3runE") != std::string::npos;
        has_main |= symbols.find(std::string("\0main\0", 6)) != std::string::npos;
    }
    if (!has_main) throw course_error(fmt::format("{} has no main().", sources.front().string()));
    if (!calls_explore && !how.explores()) {
        throw course_error(
            "A whole program can be explored only where the explorer is ported to: x86-64 Linux.");
    }
    fs::path program = folder / "program";
    build_step(how.link_program(objects, program, !calls_explore), sources.front(), stop);
    return program;
}

command command_for(const fs::path& program, const fs::path& results,
                    const explore_request& request) {
    command explored{.arguments = {program.string()}, .directory = {}};
    const auto set = [&](const char* name, const std::string& value) {
        if (!value.empty()) explored.environment.emplace_back(name, value);
    };
    set("INTERLEAVE_RESULTS", results.string());
    set("INTERLEAVE_SCHEDULE", request.schedule);
    set("INTERLEAVE_SEED", request.seed);
    set("INTERLEAVE_STRATEGY", request.strategy);
    if (request.executions > 0) {
        set("INTERLEAVE_EXECUTIONS", std::to_string(request.executions));
    }
    if (request.seconds > 0) set("INTERLEAVE_SECONDS", fmt::format("{}", request.seconds));
    // The program's own budget ends it; these only keep one that has none from staying for ever.
    const auto longest = std::chrono::seconds(600 + static_cast<long>(2 * request.seconds));
    explored.cpu_limit = explored.wall_limit = longest;
    return explored;
}

std::vector<finding> read_results(const fs::path& file) {
    std::vector<finding> found;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        const json event = json::parse(printable(line), nullptr, false);
        if (!event.is_object()) continue;
        if (event.value("event", "") == "exploration") {
            found.push_back({event, {}});
            found.back().told.left_out = event.value("left_out", 0);
        } else if (!found.empty()) {
            add_story_part(event, found.back().told);
        }
    }
    return found;
}

std::string quoted(const std::string& word) {
    return word.find_first_of(" '\"\\$&;()<>|*?") == std::string::npos ? word : "'" + word + "'";
}

std::string replay_of(const explore_request& request, const std::string& schedule) {
    std::string line = "Replay: tools/interleave explore";
    for (const fs::path& source : request.sources) line += " " + quoted(source.string());
    // What it takes to find it again, where the schedule is too long to be said.
    if (!request.seed.empty()) line += " --seed " + request.seed;
    if (!request.strategy.empty()) line += " --strategy " + request.strategy;
    if (request.executions > 0) line += fmt::format(" --executions {}", request.executions);
    return with_schedule(line, schedule);
}

void show(const finding& found, const explore_request& request, const style& look,
          const presenter& say, progress_line& line) {
    const json& seen = found.summary;
    const std::string kind = seen.value("kind", "none");
    const long executions = seen.value("executions", 0L);
    const bool sampled = seen.value("sampled", false);
    const std::string runs = fmt::format("{} {}{}", executions, sampled ? "run" : "interleaving",
                                         executions == 1 ? "" : "s");
    if (kind == "none") {
        line.print(fmt::format(
            "{} {} looked at{}{}.", look.good("No failure:"), runs,
            seen.value("exhausted", false) ? ", which are all there are within the preemption bound"
                                           : "",
            sampled                            ? " on real threads: a sample, not an exploration"
            : seen.value("out_of_time", false) ? "; the time limit ended the search"
                                               : ""));
        return;
    }
    line.print(fmt::format("{} {}", look.bad(kind + ":"), seen.value("message", "")));
    line.print(look.faint(fmt::format("Found after {}.", runs)) + "\n");
    if (!found.told.events.empty()) {
        line.print(table(found.told, look.columns(), std::max(look.rows() - 12, 12)));
    }
    if (const std::string output = seen.value("output", ""); !output.empty()) {
        line.print("It printed:\n" + output);
    }
    if (const std::string schedule = seen.value("schedule", ""); !schedule.empty()) {
        line.print(replay_of(request, schedule));
    }
    if (seen.value("line", 0) > 0) {
        const place where{
            .file = seen.value("file", ""), .line = seen.value("line", 0), .text = {}};
        line.print("-> " + look.strong(say.path(where)));
    }
}

json as_json(const std::vector<finding>& all, const explore_request& request) {
    json sources = json::array();
    for (const fs::path& each : request.sources) sources.push_back(each.string());
    json explorations = json::array();
    for (const finding& each : all) {
        json one = each.summary;
        one.erase("event");
        one["story"] = to_json(each.told);
        explorations.push_back(std::move(one));
    }
    return {{"sources", std::move(sources)}, {"explorations", std::move(explorations)}};
}

}  // namespace

int explore_command(const fs::path& root, runner& judge, const explore_request& request,
                    const std::stop_token& stop) {
    const style look = style::of(stdout);
    const presenter say(look, root);
    progress_line line(look);
    judge.builds().progress = [&](const std::string& step) { line.show(step + " ..."); };
    refuse_what_is_no_program(request);

    const recipe& how = judge.builds().get("tsan", stop);
    const workspace place(judge.builds().folder() / "run");
    line.show("Building ...");
    const fs::path program = build(how, request.sources, place.folder(), stop);
    if (stop.stop_requested()) return exit_interrupted;
    line.show("Exploring ...");
    const fs::path results = place.folder() / "results";
    const run_result ran = run(command_for(program, results, request), stop);
    line.clear();
    if (stop.stop_requested()) return exit_interrupted;

    const std::vector<finding> all = read_results(results);
    if (request.json) {
        line.print(as_json(all, request).dump(2));
    } else {
        std::fwrite(ran.out.data(), 1, ran.out.size(), stdout);
        for (const finding& each : all) show(each, request, look, say, line);
    }
    if (!request.json || all.empty()) std::fwrite(ran.err.data(), 1, ran.err.size(), stderr);
    if (ran.ended == ending::signalled || ran.ended == ending::cpu_limit ||
        ran.ended == ending::wall_limit || ran.ended == ending::memory_limit) {
        throw course_error(
            ran.ended == ending::signalled
                ? fmt::format("The program was ended by signal {}, outside of explore().",
                              ran.status)
                : "The program did not come to an end.");
    }
    if (all.empty()) {
        throw course_error("The program ended without a call of explore(): nothing was explored.");
    }
    const auto misfit = [](const finding& one) {
        return one.summary.value("kind", "") == "nondeterminism";
    };
    if (!request.schedule.empty() && std::any_of(all.begin(), all.end(), misfit)) return exit_usage;
    const bool clean = std::all_of(all.begin(), all.end(), [](const finding& one) {
        return one.summary.value("kind", "") == "none";
    });
    return clean ? exit_passed : exit_failed;
}

}  // namespace interleave
