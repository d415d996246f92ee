#include "course/progress.hpp"

#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <csignal>
#include <cstdlib>

#include "course/files.hpp"
#include "course/fixture.hpp"

namespace {

using namespace interleave;
using Catch::Matchers::ContainsSubstring;
using interleave::test::temporary_folder;
namespace fs = std::filesystem;

const progress::time noon{std::chrono::seconds(1'769'860'800)};  // 2026-01-31 12:00:00 UTC

TEST_CASE("progress is there again when the program starts anew") {
    const temporary_folder folder;
    {
        progress first(folder.path() / "state");
        CHECK(first.of("01-lost-update").state == lesson_state::untouched);
        CHECK(first.current().empty());
        first.set_current("02-overdraft");
        first.mark_tried("02-overdraft");
        first.mark_hints("02-overdraft", 2);
        first.mark_done("01-lost-update", noon);
        first.mark_solution_seen("01-lost-update");
        CHECK(first.take_warnings().empty());
    }
    const progress again(folder.path() / "state");
    CHECK(again.current() == "02-overdraft");
    CHECK(again.of("02-overdraft").state == lesson_state::tried);
    CHECK(again.of("02-overdraft").hints_shown == 2);
    CHECK_FALSE(again.of("02-overdraft").solution_seen);
    CHECK(again.of("01-lost-update").state == lesson_state::done);
    CHECK(again.of("01-lost-update").first_done == "2026-01-31T12:00:00Z");
    CHECK(again.of("01-lost-update").solution_seen);
    CHECK(again.of("01-lost-update").hints_shown == 0);
}

TEST_CASE("what was reached is not taken back by a later try") {
    const temporary_folder folder;
    progress own(folder.path());
    own.mark_done("a", noon);
    own.mark_tried("a");
    own.mark_done("a", noon + std::chrono::hours(1));
    own.mark_hints("a", 3);
    own.mark_hints("a", 1);
    CHECK(own.of("a").state == lesson_state::done);
    CHECK(own.of("a").first_done == "2026-01-31T12:00:00Z");
    CHECK(own.of("a").hints_shown == 3);
}

TEST_CASE("a lesson that starts over is untouched, and remembers when it was first done") {
    const temporary_folder folder;
    progress own(folder.path());
    own.mark_done("a", noon);
    own.mark_hints("a", 3);
    own.start_over("a");
    CHECK(own.of("a").state == lesson_state::untouched);
    CHECK(own.of("a").hints_shown == 0);
    CHECK(own.of("a").first_done == "2026-01-31T12:00:00Z");
}

TEST_CASE("keys that this version does not know are kept") {
    const temporary_folder folder;
    write_atomically(
        folder.path() / "progress.toml",
        "theme = \"dark\"\n[lessons.a]\nstate = \"tried\"\nmood = 7\n[other]\nx = 1\n");
    progress(folder.path()).mark_done("a", noon);
    const auto kept = toml::parse(read_file(folder.path() / "progress.toml"));
    CHECK(kept["theme"].value<std::string>() == "dark");
    CHECK(kept["lessons"]["a"]["mood"].value<int>() == 7);
    CHECK(kept["lessons"]["a"]["state"].value<std::string>() == "done");
    CHECK(kept["other"]["x"].value<int>() == 1);
}

TEST_CASE("a change that changes nothing does not touch the file") {
    const temporary_folder folder;
    write_atomically(folder.path() / "progress.toml", "# mine\ncurrent = \"a\"\n");
    progress(folder.path()).set_current("a");
    CHECK(read_file(folder.path() / "progress.toml") == "# mine\ncurrent = \"a\"\n");
}

TEST_CASE("values of a wrong type are overlooked, then replaced") {
    const temporary_folder folder;
    write_atomically(folder.path() / "progress.toml",
                     "current = 7\n[lessons.a]\nstate = 1\nhints_shown = -5\nsolution_seen = 3\n");
    progress own(folder.path());
    CHECK(own.current().empty());
    CHECK(own.of("a").state == lesson_state::untouched);
    CHECK(own.of("a").hints_shown == 0);
    own.set_current("a");
    own.mark_done("a", noon);
    CHECK(progress(folder.path()).of("a").state == lesson_state::done);
    CHECK(progress(folder.path()).current() == "a");
}

TEST_CASE("a file that cannot be understood is set aside, and nothing of it is lost") {
    const temporary_folder folder;
    const fs::path file = folder.path() / "progress.toml";
    int n = 0;
    for (const std::string broken :
         {"current = \"a", "lessons = 3", "[lessons]\na = 1\n", "\xff\xfe\n"}) {
        ++n;
        write_atomically(file, broken);
        progress own(folder.path());
        CHECK(own.of("a").state == lesson_state::untouched);
        const fs::path aside = file.string() + ".broken-" + std::to_string(n);
        CHECK(read_file(aside) == broken);
        const auto warnings = own.take_warnings();
        REQUIRE(warnings.size() == 1);
        CHECK_THAT(warnings[0], ContainsSubstring(aside.filename().string()));
        CHECK(own.take_warnings().empty());
        own.mark_tried("a");
        CHECK(progress(folder.path()).of("a").state == lesson_state::tried);
    }
}

TEST_CASE("where nothing can be written, progress lives in memory, with one warning") {
    progress own("/dev/null/state");
    CHECK(own.take_warnings().empty());
    own.mark_done("a", noon);
    own.mark_tried("b");
    own.set_current("b");
    CHECK(own.of("a").state == lesson_state::done);
    CHECK(own.of("b").state == lesson_state::tried);
    own.reload();
    CHECK(own.current() == "b");
    const auto warnings = own.take_warnings();
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings[0], ContainsSubstring("INTERLEAVE_STATE"));
}

TEST_CASE("INTERLEAVE_STATE names the folder of progress and backups") {
    ::unsetenv("INTERLEAVE_STATE");
    CHECK(state_folder("/course") == "/course/.interleave");
    ::setenv("INTERLEAVE_STATE", "/elsewhere", 1);
    CHECK(state_folder("/course") == "/elsewhere");
    ::unsetenv("INTERLEAVE_STATE");
}

TEST_CASE("several programs at once lose none of their changes") {
    const temporary_folder folder;
    constexpr int programs = 4;
    constexpr int changes = 10;
    std::vector<pid_t> children;
    for (int child = 0; child < programs; ++child) {
        const pid_t id = ::fork();
        REQUIRE(id >= 0);
        if (id == 0) {
            progress own(folder.path());
            for (int i = 0; i < changes; ++i) {
                own.mark_tried(std::to_string(child) + "-" + std::to_string(i));
            }
            ::_exit(own.take_warnings().empty() ? 0 : 1);
        }
        children.push_back(id);
    }
    for (const pid_t id : children) {
        int status = 0;
        ::waitpid(id, &status, 0);
        CHECK(status == 0);
    }
    const progress all(folder.path());
    for (int child = 0; child < programs; ++child) {
        for (int i = 0; i < changes; ++i) {
            CHECK(all.of(std::to_string(child) + "-" + std::to_string(i)).state ==
                  lesson_state::tried);
        }
    }
}

enum class fate { killed, finished, untraceable };

/// Runs `body` in a child and kills it at its `stop`-th entry to or exit from a system call.
template <class Body>
fate kill_at(int stop, Body body) {
    const pid_t child = ::fork();
    if (child < 0) return fate::untraceable;
    if (child == 0) {
        if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(9);
        ::raise(SIGSTOP);
        body();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status)) return fate::untraceable;
    for (int i = 0; i < stop; ++i) {
        ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
        ::waitpid(child, &status, 0);
        if (!WIFSTOPPED(status)) return fate::finished;
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    return fate::killed;
}

TEST_CASE("a writer killed at any system call leaves the old progress or the new, and no litter") {
    bool saw_old = false;
    bool saw_new = false;
    int stop = 1;
    for (;; ++stop) {
        const temporary_folder folder;
        progress(folder.path()).mark_done("before", noon);
        const fate met = kill_at(stop, [&] { progress(folder.path()).mark_done("after", noon); });
        if (met == fate::untraceable) SKIP("this system does not let a process trace its child");

        progress found(folder.path());
        REQUIRE(found.of("before").state == lesson_state::done);
        const bool is_new = found.of("after").state == lesson_state::done;
        // Each round is a run of its own, and runs differ by a system call now and then: at which
        // step the old becomes the new is not promised. That a finished write is there, is.
        if (met == fate::finished) REQUIRE(is_new);
        (is_new ? saw_new : saw_old) = true;

        found.mark_tried("later");
        REQUIRE(found.take_warnings().empty());
        REQUIRE(progress(folder.path()).of("later").state == lesson_state::tried);
        REQUIRE(std::distance(fs::directory_iterator(folder.path()), {}) == 2);  // and the lock
        if (met == fate::finished) break;
        REQUIRE(stop < 1'000);
    }
    CHECK(saw_old);
    CHECK(saw_new);
    CHECK(stop > 20);
}

TEST_CASE("a set aside that is killed at any system call loses nothing of the broken file") {
    for (int stop = 1;; ++stop) {
        const temporary_folder folder;
        const fs::path file = folder.path() / "progress.toml";
        write_atomically(file, "broken = ");
        const fate met = kill_at(stop, [&] { progress(folder.path()).mark_tried("a"); });
        if (met == fate::untraceable) SKIP("this system does not let a process trace its child");
        const fs::path aside = file.string() + ".broken-1";
        REQUIRE(read_file(fs::exists(aside) ? aside : file) == "broken = ");
        if (met == fate::finished) break;
        REQUIRE(stop < 1'000);
    }
}

}  // namespace
