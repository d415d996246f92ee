#include "runner/stage_executor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <random>

#include "runner/answer_build.hpp"
#include "runner/conclude.hpp"
#include "runner/process.hpp"
#include "runner/sanitizer_environment.hpp"
#include "verdict/sanitizer/report.hpp"

namespace interleave {
namespace {

namespace fs = std::filesystem;

/// Everything in the sanitizer's log files, one a process, named PREFIX.PID: the check's own before
/// those of its children. What is beyond the limit repeats what is before it.
std::string read_logs(const fs::path& folder) {
    constexpr std::size_t limit = 16 << 20;
    std::vector<std::pair<std::size_t, fs::path>> files;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        files.emplace_back(entry.path().string().size(), entry.path());
    }
    std::sort(files.begin(), files.end());
    std::string text;
    for (const auto& [length, file] : files) {
        std::ifstream in(file, std::ios::binary);
        const std::size_t before = text.size();
        text.resize(limit);
        in.read(text.data() + before, static_cast<std::streamsize>(limit - before));
        text.resize(before + static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    }
    return text;
}

/// A word that an answer cannot guess; see command::event_key.
std::string new_event_key() {
    std::random_device chance;
    return fmt::format("{:08x}{:08x}{:08x}", chance(), chance(), chance());
}

bool has_race(const std::string& log) {
    const auto reports = parse_sanitizer_log(log);
    return std::any_of(reports.begin(), reports.end(),
                       [](const auto& each) { return each.kind == report_kind::data_race; });
}

bool is_explored(const fs::path& program) {
    return program.filename() == "explored";
}

}  // namespace

stage_executor::stage_executor(presets& builds, const fs::path& root, const lesson& what,
                               const answer& whose, const run_options& options,
                               std::stop_token stop)
    : builds_(builds),
      root_(root),
      lesson_(what),
      answer_(whose),
      options_(options),
      stop_(std::move(stop)),
      cases_(read_declared_cases(what.check)) {}

stage_result stage_executor::execute(stage which, const std::string& preset,
                                     const fs::path& program, bool has_hung) const {
    const auto& environment = builds_.probe(preset);
    if (!environment.works && !is_explored(program)) {
        return {.which = which,
                .result = outcome::infrastructure,
                .summary = fmt::format("The sanitizer of the {} preset does not start on this "
                                       "machine; `tools/interleave doctor` says more.",
                                       preset),
                .evidence = environment.complaint};
    }
    stage_result result = execute_once(which, preset, program, {.has_hung = has_hung});
    if (which == stage::race && result.why == kind::crash) {
        // A crash ends the program while other threads still report the race that led to it.
        // When the threads take turns on one processor, the reports come first.
        const stage_result again =
            execute_once(which, preset, program, {.has_hung = has_hung, .one_processor = true});
        if (again.why == kind::race) result = again;
    }
    if (which == stage::race && result.result == outcome::passed &&
        !options_.selects(stage::interleavings) &&
        left_to_the_explorer(builds_.get(preset, stop_), program.parent_path())) {
        result.result = outcome::inconclusive;
        result.summary =
            "It uses fences, and ThreadSanitizer does not see what they order: "
            "--stage interleavings does.";
    }
    return result;
}

stage_result stage_executor::execute_once(stage which, const std::string& preset,
                                          const fs::path& program,
                                          run_conditions conditions) const {
    const bool explored = is_explored(program);
    const recipe& how = builds_.get(preset, stop_);
    const bool sanitized = !how.sanitizer().empty() && !explored;
    const fs::path logs =
        program.parent_path() /
        fmt::format("log-{}{}", name(which), conditions.one_processor ? "-again" : "");
    fs::create_directories(logs);

    command check{.arguments = {program.string(), selection_of(which)},
                  .directory = program.parent_path(),
                  .events = true,
                  .event_key = new_event_key()};
    if (sanitized) {
        check.environment = sanitizer_environment(
            how.sanitizer(), logs / "report",
            which != stage::race || !left_to_the_explorer(how, program.parent_path()));
    }
    // The first failed case decides the kind, and an answer that waits in vain in one case waits in
    // vain in the next. The race stage goes on: a race in a later case outranks the failure.
    if (which == stage::behaviour || which == stage::lifetime) {
        check.arguments.emplace_back("--abort");
    }
    check.environment.emplace_back(
        "INTERLEAVE_SERVER", (builds_.folder() / "default" / "bin" / "loopback_server").string());
    // Threads that yield on a busy machine need minutes for what they may use; whether there is a
    // race as well shows long before.
    const bool endless = which == stage::race && conditions.has_hung;
    check.cpu_limit = std::chrono::seconds(sanitized && !endless ? 30 : 10);
    if (explored) check.cpu_limit = std::chrono::seconds(120);
    if (which == stage::interleavings && !options_.schedule.empty()) {
        check.environment.emplace_back("INTERLEAVE_SCENARIO_SCHEDULE", options_.schedule);
    }
    if (which == stage::speedup) check.cpu_limit = std::chrono::seconds(120);
    check.watch_blocked = true;
    // Forty seconds in one case, for which the slowest of wrong answers needs ten.
    check.asleep_limit = 800;
    // A race damages memory, and then the program may go on for ever. The verdict is known.
    if (which == stage::race) check.decided = [logs] { return has_race(read_logs(logs)); };
    check.sanitizer_helper = sanitized && how.sanitizer() == "thread";
    check.address_space_randomised = builds_.probe(preset).address_space_randomised;
    check.one_processor = conditions.one_processor;

    stage_run done{.which = which,
                   .what = &lesson_,
                   .whose = &answer_,
                   .root = root_,
                   .program = program,
                   .run = run(check, stop_),
                   .sanitizer_log = {},
                   .cases = sentences_of(cases_, which),
                   .replayed = !options_.schedule.empty()};
    done.sanitizer_log = read_logs(logs);
    return conclude(done);
}

/// Races of an answer with fences are the interleavings stage's to find, where there is one.
bool stage_executor::left_to_the_explorer(const recipe& how, const fs::path& built_in) const {
    return how.explores() && lesson_.points.contains(stage::interleavings) &&
           uses_fences(built_in / "check.o");
}

}  // namespace interleave
