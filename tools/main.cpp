// The interleave program: reads the command line and hands each command what it needs.

#include <fmt/format.h>
#include <signal.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <stop_token>
#include <thread>

#include "course/course.hpp"
#include "course/progress.hpp"
#include "doctor/doctor.hpp"
#include "learn/check_command.hpp"
#include "learn/explore_command.hpp"
#include "learn/learn_command.hpp"
#include "learn/plain_commands.hpp"
#include "runner/runner.hpp"
#include "verify/races.hpp"
#include "verify/test_command.hpp"
#include "verify/verify.hpp"

namespace {

using namespace interleave;

/// Turns Ctrl-C and a polite kill into a stop that every run obeys, so that no process and no
/// folder is left behind. Made before any other thread.
class interruption {
  public:
    interruption() {
        sigset_t signals;
        sigemptyset(&signals);
        for (const int each : {SIGINT, SIGTERM, SIGHUP, farewell}) sigaddset(&signals, each);
        pthread_sigmask(SIG_BLOCK, &signals, nullptr);
        waiter_ = std::thread([this, signals] {
            for (int received = 0; received != farewell;) {
                if (sigwait(&signals, &received) == 0 && received != farewell) {
                    source_.request_stop();
                }
            }
        });
    }
    interruption(const interruption&) = delete;
    interruption& operator=(const interruption&) = delete;

    ~interruption() {
        pthread_kill(waiter_.native_handle(), farewell);
        waiter_.join();
    }

    std::stop_token token() const { return source_.get_token(); }

  private:
    static constexpr int farewell = SIGUSR1;  ///< Ends the waiting thread.

    std::stop_source source_;
    std::thread waiter_;
};

std::filesystem::path builds_folder(const std::filesystem::path& root) {
    const char* chosen = std::getenv("INTERLEAVE_BUILD");
    return chosen != nullptr && *chosen != '\0' ? std::filesystem::absolute(chosen)
                                                : root / "build";
}

std::vector<stage> parse_stages(const std::vector<std::string>& names) {
    std::vector<stage> stages;
    for (const auto& each : names) {
        const auto known = parse_stage(each);
        if (!known) {
            throw course_error(
                fmt::format("There is no stage '{}'. The stages are behaviour, race, "
                            "interleavings, lifetime and speedup.",
                            each));
        }
        stages.push_back(*known);
    }
    return stages;
}

/// Everything that the commands share.
struct suite {
    std::filesystem::path root = find_root();
    course lessons{root};
    progress so_far{state_folder(root)};
    runner judge{root, builds_folder(root)};
};

int run(int argc, char** argv) {
    std::stop_token stop;  // of the interruption, for the commands that run something
    bool at_once = false;  // Ctrl-C may end the command where it stands: it only asks and writes
    CLI::App app("Learn C++20 concurrency by fixing broken programs.", "tools/interleave");
    app.require_subcommand(1);
    bool yes = false;
    app.add_flag("--yes", yes, "Install what is missing without asking (done by tools/interleave)");
    std::function<int(suite&)> chosen;

    std::string lesson_name;
    bool json = false;
    bool sure = false;
    std::vector<std::string> stage_names;
    std::string compiler = "clang";
    const auto with_stages = [&](CLI::App* command) {
        command->add_option("--stage", stage_names, "Only these stages")->delimiter(',');
        command->add_option("--compiler", compiler, "clang or gcc")
            ->check(CLI::IsMember({"clang", "gcc"}));
    };

    CLI::App* learn = app.add_subcommand("learn", "Watch a lesson: every save gets its verdict");
    learn->add_option("lesson", lesson_name, "Which; the current one without");
    learn->callback([&] {
        chosen = [&](suite& all) {
            return learn_command(all.lessons, all.so_far, all.judge, lesson_name, stop);
        };
    });

    CLI::App* list = app.add_subcommand("list", "The lessons, and how far you are");
    list->add_flag("--json", json, "As JSON");
    list->callback([&] {
        at_once = true;
        chosen = [&](suite& all) { return list_command(all.lessons, all.so_far, json); };
    });

    CLI::App* next = app.add_subcommand("next", "Go on to the next lesson");
    next->callback([&] {
        at_once = true;
        chosen = [&](suite& all) { return next_command(all.lessons, all.so_far); };
    });

    check_request check_what;
    CLI::App* check = app.add_subcommand("check", "Judge your answer, or any file as the answer");
    check->add_option("lessons", check_what.lessons, "Which; the current one without");
    check->add_flag("--all", check_what.all, "Every lesson");
    check->add_option("--answer", check_what.answer, "Judge this file instead of yours");
    check->add_option("--schedule", check_what.schedule,
                      "Replay one recorded interleaving, as a story's last line has it");
    check->add_flag("--json", check_what.json, "The whole record, as JSON");
    with_stages(check);
    check->callback([&] {
        chosen = [&](suite& all) {
            check_what.only = parse_stages(stage_names);
            check_what.gcc = compiler == "gcc";
            return check_command(all.lessons, all.so_far, all.judge, check_what, stop);
        };
    });

    int rung = 0;
    CLI::App* hint = app.add_subcommand("hint", "The next hint for a lesson");
    hint->add_option("lesson", lesson_name, "Which; the current one without");
    hint->add_option("--rung", rung, "Up to this rung, 1 to 3")->check(CLI::Range(1, 3));
    hint->callback([&] {
        at_once = true;
        chosen = [&](suite& all) {
            return hint_command(all.lessons, all.so_far, lesson_name, rung);
        };
    });

    CLI::App* reset = app.add_subcommand("reset", "Put the starter back; your version is kept");
    reset->add_option("lesson", lesson_name, "Which; the current one without");
    reset->add_flag("-y,--sure", sure, "Do not ask");
    reset->callback([&] {
        at_once = true;
        chosen = [&](suite& all) {
            return reset_command(all.lessons, all.so_far, lesson_name, sure);
        };
    });

    CLI::App* solution =
        app.add_subcommand("solution", "How the solution differs from your answer");
    solution->add_option("lesson", lesson_name, "Which; the current one without");
    solution->add_flag("-y,--sure", sure, "Do not ask");
    solution->callback([&] {
        at_once = true;
        chosen = [&](suite& all) {
            return solution_command(all.lessons, all.so_far, lesson_name, sure);
        };
    });

    CLI::App* doctor = app.add_subcommand("doctor", "Look at everything a verdict depends on");
    doctor->add_flag("--json", json, "As JSON");
    doctor->callback(
        [&] { chosen = [&](suite& all) { return doctor_command(all.judge, json, stop); }; });

    // One for a core, as threads that yield while others compile take longer than what an answer
    // that waits leaves unused.
    int jobs = std::max(2, static_cast<int>(std::thread::hardware_concurrency()));
    const auto with_jobs = [&](CLI::App* command) {
        command->add_option("-j,--jobs", jobs, "Answers under way at once")
            ->check(CLI::Range(1, 64));
    };
    const auto progress_for = [](suite& all, progress_line& line) {
        all.judge.builds().progress = [&line](const std::string& step) {
            line.print("  " + step + " ...");
        };
    };

    CLI::App* test = app.add_subcommand("test", "Prove the whole suite");
    with_jobs(test);
    test->callback([&] {
        chosen = [&](suite& all) {
            progress_line line(style::of(stdout));
            progress_for(all, line);
            return test_command(all.lessons, all.judge, jobs, line, stop);
        };
    });

    verify_request verify_what;
    CLI::App* verify_app = app.add_subcommand("verify", "Prove lessons both ways");
    verify_app->add_option("lessons", verify_what.lessons, "Which; all without");
    verify_app->add_flag("--json", verify_what.json, "The whole records, as JSON");
    with_stages(verify_app);
    with_jobs(verify_app);
    verify_app->callback([&] {
        chosen = [&](suite& all) {
            progress_line line(style::of(stdout));
            if (!verify_what.json) progress_for(all, line);
            verify_what.only = parse_stages(stage_names);
            verify_what.gcc = compiler == "gcc";
            verify_what.jobs = jobs;
            const tally found = verify(all.lessons, all.judge, verify_what, line, stop);
            if (stop.stop_requested()) return static_cast<int>(exit_interrupted);
            if (!verify_what.json) {
                line.print(fmt::format("{} passed, {} failed", found.passed, found.failed));
            }
            return static_cast<int>(found.failed == 0 ? exit_passed : exit_failed);
        };
    });

    races_request races_what;
    CLI::App* races_app =
        app.add_subcommand("races", "Every answer under ThreadSanitizer, with clang and with gcc");
    races_app->add_option("lessons", races_what.lessons, "Which; all without");
    races_app->add_option("--compiler", races_what.compilers, "clang, gcc; both without")
        ->delimiter(',')
        ->check(CLI::IsMember({"clang", "gcc"}));
    races_app->add_option("--runs", races_what.runs, "How often each")->check(CLI::Range(1, 1000));
    races_app->add_flag("--json", races_what.json, "As JSON, with the digests");
    with_jobs(races_app);
    races_app->callback([&] {
        chosen = [&](suite& all) {
            progress_line line(style::of(stdout));
            if (!races_what.json) progress_for(all, line);
            races_what.jobs = jobs;
            const races_tally found = races(all.lessons, all.judge, races_what, line, stop);
            if (stop.stop_requested()) return static_cast<int>(exit_interrupted);
            if (!races_what.json) {
                line.print(fmt::format("{} passed, {} failed", found.passed, found.failed));
            }
            return static_cast<int>(found.failed == 0 ? exit_passed : exit_failed);
        };
    });

    explore_request explore_what;
    CLI::App* explore = app.add_subcommand(
        "explore", "A program of your own under every interleaving: its explore(), or its main()");
    explore->add_option("sources", explore_what.sources, "Its C++ or C files")->required();
    explore->add_option("--schedule", explore_what.schedule, "Replay one recorded interleaving");
    explore->add_option("--executions", explore_what.executions, "How many at most")
        ->check(CLI::PositiveNumber);
    explore->add_option("--seconds", explore_what.seconds, "Of processor time, at most")
        ->check(CLI::PositiveNumber);
    explore->add_option("--seed", explore_what.seed, "Another order of the search")
        ->check(CLI::NonNegativeNumber);
    explore->add_option("--strategy", explore_what.strategy, "How the next thread is chosen")
        ->check(CLI::IsMember({"rotate", "random", "sticky", "pct2", "pct3", "depth-first"}));
    explore->add_flag("--json", explore_what.json, "The whole record, as JSON");
    explore->callback([&] {
        chosen = [&](suite& all) {
            return explore_command(all.lessons.root(), all.judge, explore_what, stop);
        };
    });

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int status = app.exit(error);
        return status == 0 ? exit_passed : exit_usage;
    }
    std::optional<interruption> signals;
    if (!at_once) stop = signals.emplace().token();
    suite all;
    int status = exit_interrupted;
    try {
        status = chosen(all);
    } catch (const std::exception&) {
        // What was interrupted may well complain: that is not the machine's fault.
        if (!stop.stop_requested()) throw;
    }
    for (const auto& warning : all.so_far.take_warnings()) fmt::print(stderr, "{}\n", warning);
    return stop.stop_requested() ? exit_interrupted : status;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const course_error& error) {
        fmt::print(stderr, "{}\n", error.what());
        return exit_usage;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return exit_machine;
    }
}
