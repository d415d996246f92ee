#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <fstream>

#include "fixture_logs.hpp"

namespace interleave {
namespace {

namespace fs = std::filesystem;

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != '\x7f');
    });
}

std::string race_at(const std::string& place, const std::string& function = "f()") {
    return "WARNING: ThreadSanitizer: data race (pid=1)\n"
           "  Write of size 4 at 0x10 by thread T1:\n    #0 " +
           function + " " + place +
           " (p+0x1)\n\n  Previous read of size 4 at 0x10 by main thread:\n    #0 g() " + place +
           " (p+0x1)\n\nSUMMARY: ThreadSanitizer: data race\n";
}

TEST_CASE("a log cut anywhere still gives a plain digest") {
    const digest_options options = options_for("programs/one_locks.cpp");
    for (const std::string name : {"one_locks.clang", "one_locks.gcc", "asan_free.clang"}) {
        const std::string log = fixture_log(name);
        std::size_t with_report = 0;
        for (std::size_t length = 0; length < log.size(); length += 41) {
            const auto reports = parse_sanitizer_log(std::string_view(log).substr(0, length));
            const std::string text = digest(reports, options);
            if (!is_plain(text) || reports.size() > 1) FAIL("cut at " << length);
            if (!reports.empty()) ++with_report;
        }
        CHECK(with_report > 0);
    }
    const std::string log = fixture_log("one_locks.gcc");
    const auto reports = parse_sanitizer_log(log.substr(0, log.find("Mutex M")));
    REQUIRE(reports.size() == 1);
    CHECK_FALSE(reports[0].complete);
    CHECK(digest(reports, options).find("The report was cut off") != std::string::npos);
}

TEST_CASE("damaged bytes never end the parser") {
    std::uint32_t state = 12345;
    const auto next = [&state] { return state = state * 1664525U + 1013904223U, state >> 8U; };
    for (const std::string& name : fixture_names()) {
        const std::string log = fixture_log(name);
        if (log.empty()) continue;
        for (int round = 0; round < 6; ++round) {
            std::string damaged = log;
            for (int i = 0; i < 60; ++i)
                damaged[next() % damaged.size()] = static_cast<char>(next());
            const std::string text =
                digest(parse_sanitizer_log(damaged), options_for("programs/" + name));
            if (!is_plain(text)) FAIL(name << ": " << text);
        }
    }
}

TEST_CASE("a hundred megabytes of noise hide no report and cost no memory") {
    std::string log(100U << 20U, 'x');
    for (std::size_t i = 0; i < log.size(); i += 1000) log[i] = i % 3000 == 0 ? '\0' : '\n';
    log += "\n" + fixture_log("counter.gcc");
    CHECK(parse_sanitizer_log(log).size() == 1);
    std::fill(log.begin(), log.begin() + (100 << 20), '#');
    CHECK(parse_sanitizer_log(log).size() == 1);
    CHECK_FALSE(is_environment_failure(log));
}

TEST_CASE("what is kept of a log is bounded") {
    std::string many;
    for (int i = 0; i < 3000; ++i) many += race_at("/x.cpp:1");
    CHECK(parse_sanitizer_log(many).size() == 1000);

    std::string deep =
        "WARNING: ThreadSanitizer: data race (pid=1)\n  Write of size 4 at 0x10 by thread T1:\n";
    for (int i = 0; i < 100000; ++i) deep += "    #0 f() /x.cpp:1 (p+0x1)\n";
    for (int i = 0; i < 100000; ++i) deep += "  Mutex M1 (0x1) created at:\n";
    const auto reports = parse_sanitizer_log(deep);
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].shortened);
    CHECK(reports[0].accesses[0].stack.size() == 256);
    CHECK(reports[0].mutexes.size() < 60000);
}

TEST_CASE("numbers that fit nowhere are not believed") {
    const auto reports = parse_sanitizer_log(
        "WARNING: ThreadSanitizer: data race (pid=1)\n"
        "  Write of size 99999999999999999999999 at 0xfffffffffffffffffffff by thread T1:\n"
        "    #0 f() /x.cpp:99999999999999999999:1 (p+0x1)\n"
        "    #1 g() /x.cpp:4294967296 (p+0xffffffffffffffffffff)\n");
    REQUIRE(reports.size() == 1);
    for (const access& each : reports[0].accesses) {
        CHECK(each.size == 0);
        for (const source_frame& frame : each.stack) CHECK(frame.line <= 1);
    }
    digest(reports, options_for("programs/global.cpp"));
}

TEST_CASE("control characters of a log reach no digest") {
    const std::string log = race_at("/x\x1b[2J\x07/y.cpp:3", "evil\x1b]0;owned\x07\x9b()");
    const auto reports = parse_sanitizer_log(log);
    REQUIRE(reports.size() == 1);
    const std::string text = digest(reports, options_for("programs/global.cpp"));
    CHECK(is_plain(text));
    CHECK(text.find("owned") == std::string::npos);
}

TEST_CASE("text that only mentions a report is none") {
    CHECK(parse_sanitizer_log("my log: WARNING: ThreadSanitizer: data race (pid=1)\n").empty());
    CHECK(parse_sanitizer_log("  WARNING: ThreadSanitizer: data race (pid=1)\n").empty());
    CHECK(parse_sanitizer_log("ThreadSanitizer: reported 1 warnings\n").empty());
    CHECK(parse_sanitizer_log("SUMMARY: ThreadSanitizer: data race\n").empty());
    CHECK(parse_sanitizer_log("    #0 f() /x.cpp:1 (p+0x1)\n").empty());
}

TEST_CASE("a race is not excused by a printed failure of the machine") {
    const std::string excuse = "FATAL: ThreadSanitizer: unexpected memory mapping 0x1-0x2\n";
    CHECK(is_environment_failure(excuse));
    CHECK_FALSE(is_environment_failure(fixture_log("counter.clang") + excuse));
    CHECK_FALSE(is_environment_failure("I print: " + excuse));
}

TEST_CASE("a made-up report quotes no file that the learner may not read") {
    const fs::path root =
        fs::temp_directory_path() / ("interleave-sanitizer-" + std::to_string(getpid()));
    fs::remove_all(root);
    for (const auto* folder : {"course/solutions/01", "course/lessons/01"}) {
        fs::create_directories(root / folder);
    }
    std::ofstream(root / "secret.hpp") << "int secret = 1;\n";
    std::ofstream(root / "course/solutions/01/counter.hpp") << "int solved = 1;\n";
    std::ofstream(root / "course/lessons/01/counter.hpp") << "int broken = 1;\n";
    fs::create_symlink("../../solutions/01", root / "course/lessons/01/solution");
    fs::create_symlink(root / "secret.hpp", root / "course/lessons/01/link.hpp");
    const digest_options options{root / "course", {root / "course/lessons/01/counter.hpp"}, 100};
    const auto text = [&](const std::string& file) {
        return digest(parse_sanitizer_log(race_at(file + ":1")), options);
    };
    const std::string course = (root / "course").string();
    CHECK(text(course + "/lessons/01/counter.hpp").find("broken = 1") != std::string::npos);
    CHECK(text(course + "/solutions/01/counter.hpp").find("solved") == std::string::npos);
    CHECK(text(course + "/lessons/01/solution/counter.hpp").find("solved") == std::string::npos);
    CHECK(text(course + "/lessons/01/link.hpp").find("secret =") == std::string::npos);
    CHECK(text(course + "/../secret.hpp").find("secret =") == std::string::npos);
    CHECK(text("../secret.hpp").find("secret =") == std::string::npos);
    CHECK(text("/etc/passwd").find("root:") == std::string::npos);
    CHECK(text("/dev/zero").find("/dev/zero:1") != std::string::npos);
    fs::remove_all(root);
}

}  // namespace
}  // namespace interleave
