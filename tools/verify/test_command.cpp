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

/// Builds everything in the default preset and runs the tests of the tools.
counts test_tools(runner& judge, progress_line& line, const std::stop_token& stop) {
    const auto folder = judge.builds().folder() / "default";
    line.show("  building the tests of the tools ...");
    command build{.arguments = {"cmake", "--build", folder.string(), "--target", "tool_tests"}};
    build.cpu_limit = build.wall_limit = std::chrono::minutes(60);
    build.idle_limit = std::chrono::minutes(5);
    const run_result built = run(build, stop);
    if (stop.stop_requested()) return {};
    if (built.ended != ending::exited || built.status != 0) {
        line.print("  The tests of the tools do not build:\n" + built.out + built.err);
        return {0, 1};
    }
    line.show("  running the tests of the tools ...");
    command tests{.arguments = {"ctest", "--test-dir", folder.string(), "-L", "^tools$",
                                "--output-on-failure", "--no-tests=error", "-j", "2"}};
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
    line.print(fmt::format("  {} unit tests passed, {} failed.", all - failed, failed));
    return {all - failed, std::max(failed, ran.status != 0 ? 1 : 0)};
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
