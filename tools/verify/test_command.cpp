#include "verify/test_command.hpp"

#include <fmt/format.h>

#include <chrono>
#include <regex>

#include "course/lint.hpp"
#include "learn/check_command.hpp"
#include "learn/present.hpp"
#include "runner/process.hpp"
#include "verify/verify.hpp"

namespace interleave {
namespace {

struct counts {
    int passed = 0;
    int failed = 0;

    counts& operator+=(const counts& more) {
        passed += more.passed;
        failed += more.failed;
        return *this;
    }
};

/// Each lesson is one test of its form, and what belongs to no lesson is one more.
counts test_form(const course& from, const presenter& say, progress_line& line) {
    const auto findings = lint(from);
    int failed = 0;
    for (const auto& each : findings) {
        failed += each.note ? 0 : 1;
        line.print(fmt::format("  {} {}",
                               each.note ? say.look().faint("note  ") : say.look().bad("FAILED"),
                               to_string(each)));
    }
    const int tests = static_cast<int>(from.lessons().size()) + 1;
    line.print(fmt::format("  {} lessons looked at, {} mistakes in their form.",
                           from.lessons().size(), failed));
    return {std::max(0, tests - failed), failed};
}

/// Tests of one preset, by their label, and the target that builds them.
struct preset_tests {
    std::string preset;
    std::string target;
    std::string label;
    std::string what;  ///< As said of them: "the tests of the tools".
};

/// Builds tests and runs them with ctest, as somebody who uses only the presets would.
counts run_tests(const preset_tests& wanted, runner& judge, progress_line& line,
                 const std::stop_token& stop) {
    const auto folder = judge.builds().folder() / wanted.preset;
    line.show(fmt::format("  building {} ...", wanted.what));
    command build{.arguments = {"cmake", "--build", folder.string(), "--target", wanted.target}};
    build.cpu_limit = build.wall_limit = std::chrono::minutes(60);
    // One file of the largest tests takes a minute where nothing else runs.
    build.idle_limit = std::chrono::minutes(25);
    const run_result built = run(build, stop);
    if (stop.stop_requested()) return {};
    if (built.ended != ending::exited || built.status != 0) {
        line.print(fmt::format("  {} do not build:\n{}{}", wanted.what, built.out, built.err));
        return {0, 1};
    }
    line.show(fmt::format("  running {} ...", wanted.what));
    command tests{.arguments = {"ctest", "--test-dir", folder.string(), "-L",
                                "^" + wanted.label + "$", "--output-on-failure", "--no-tests=error",
                                "-j", "2"}};
    tests.cpu_limit = tests.wall_limit = std::chrono::minutes(90);
    // ctest says nothing while its longest test runs, which has a limit of its own (20 minutes).
    tests.idle_limit = std::chrono::minutes(25);
    tests.output_limit = 4 << 20;
    const run_result ran = run(tests, stop);
    if (stop.stop_requested()) return {};
    static const std::regex closing(R"((\d+)% tests passed, (\d+) tests failed out of (\d+))");
    std::smatch found;
    if (!std::regex_search(ran.out, found, closing)) {
        line.print("  ctest did not come to its end:\n" + ran.out + ran.err);
        return {0, 1};
    }
    const int failed = std::stoi(found[2]);
    const int all = std::stoi(found[3]);
    if (failed > 0 || ran.status != 0) line.print(ran.out);
    line.print(fmt::format("  {} of {} passed, {} failed.", all - failed, wanted.what, failed));
    return {all - failed, std::max(failed, ran.status != 0 ? 1 : 0)};
}

counts test_tools(runner& judge, progress_line& line, const std::stop_token& stop) {
    return run_tests({"default", "tool_tests", "tools", "the tests of the tools"}, judge, line,
                     stop);
}

/// The solutions' checks as the presets build and run them, which is not how the runner does.
counts test_presets(runner& judge, progress_line& line, const std::stop_token& stop) {
    counts all;
    for (const std::string preset : {"default", "tsan", "asan"}) {
        try {
            judge.builds().get(preset, stop);
        } catch (const preset_error& error) {
            if (stop.stop_requested()) return all;
            line.print(fmt::format("  {}", error.what()));
            all += {0, 1};
            continue;
        }
        all += run_tests({preset, "solutions", "solution",
                          fmt::format("the solutions' tests of the preset {}", preset)},
                         judge, line, stop);
        if (stop.stop_requested()) return all;
    }
    return all;
}

}  // namespace

int test_command(const course& from, runner& judge, int jobs, progress_line& line,
                 const std::stop_token& stop) {
    const auto begin = std::chrono::steady_clock::now();
    const presenter say(style::of(stdout), from.root());
    counts all;
    line.print(say.look().strong("The form of the course"));
    all += test_form(from, say, line);
    line.print(say.look().strong("The tools"));
    all += test_tools(judge, line, stop);
    if (stop.stop_requested()) return exit_interrupted;
    line.print(say.look().strong("The presets"));
    all += test_presets(judge, line, stop);
    if (stop.stop_requested()) return exit_interrupted;
    line.print(say.look().strong("Every lesson, both ways"));
    const tally verified = verify(from, judge, {.jobs = jobs}, line, stop);
    if (stop.stop_requested()) return exit_interrupted;
    all += {verified.passed, verified.failed};
    if (verified.undecided > 0) {
        line.print(
            fmt::format("  {} speedups could not be shown on this machine now; all else of "
                        "those answers was judged.",
                        verified.undecided));
    }
    const auto minutes =
        std::chrono::duration<double, std::ratio<60>>(std::chrono::steady_clock::now() - begin);
    line.print(fmt::format("It took {:.1f} minutes.", minutes.count()));
    line.print(fmt::format("{} passed, {} failed", all.passed, all.failed));
    return all.failed == 0 ? exit_passed : exit_failed;
}

}  // namespace interleave
