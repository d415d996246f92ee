#include "runner/workspace.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>

#include "course/fixture.hpp"
#include "runner/process.hpp"

namespace {

using namespace interleave;
using interleave::test::temporary_folder;
namespace fs = std::filesystem;

/// The number of a process that is gone. Until the next one starts, nobody has it.
pid_t gone_process() {
    const pid_t child = fork();
    if (child == 0) _exit(0);
    waitpid(child, nullptr, 0);
    return child;
}

TEST_CASE("a workspace is a new folder that goes with everything in it") {
    const temporary_folder parent;
    fs::path folder;
    {
        const workspace one(parent.path() / "run");
        const workspace other(parent.path() / "run");
        folder = one.folder();
        CHECK(fs::is_directory(folder));
        CHECK(folder != other.folder());
        fs::create_directories(folder / "a" / "b");
        std::ofstream(folder / "a" / "file") << "text";
    }
    CHECK_FALSE(fs::exists(folder));
    CHECK(fs::exists(parent.path() / "run"));
}

TEST_CASE("what a killed process left behind goes, what a living one works in stays") {
    const temporary_folder parent;
    const fs::path abandoned = parent.path() / (std::to_string(gone_process()) + "-1");
    const fs::path living = parent.path() / (std::to_string(getppid()) + "-1");
    const fs::path other = parent.path() / "notes";
    for (const auto& each : {abandoned, living, other}) fs::create_directories(each / "deep");
    const workspace mine(parent.path());
    CHECK_FALSE(fs::exists(abandoned));
    CHECK(fs::exists(living));
    CHECK(fs::exists(other));
}

TEST_CASE("a folder that cannot be made is an error with its name and a way out") {
    const temporary_folder parent;
    std::ofstream(parent.path() / "file") << "not a folder";
    CHECK_THROWS_WITH(workspace(parent.path() / "file" / "run"),
                      Catch::Matchers::ContainsSubstring("INTERLEAVE_BUILD"));
    CHECK_THROWS_AS(workspace(parent.path() / "file" / "run"), process_error);
}

}  // namespace
