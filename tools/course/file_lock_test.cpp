#include "course/file_lock.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <mutex>

#include "course/fixture.hpp"

namespace {

using interleave::file_lock;
using interleave::test::temporary_folder;

/// Whether another process could have the lock now.
bool free_for_others(const std::filesystem::path& file) {
    const pid_t child = ::fork();
    if (child == 0) {
        file_lock theirs(file);
        ::_exit(theirs.try_lock() ? 0 : 1);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    return status == 0;
}

TEST_CASE("one process at a time has a file's lock") {
    const temporary_folder folder;
    const auto file = folder.path() / "build.lock";
    file_lock ours(file);
    CHECK(free_for_others(file));
    {
        const std::lock_guard alone(ours);
        CHECK_FALSE(free_for_others(file));
    }
    CHECK(free_for_others(file));
}

TEST_CASE("a lock that cannot be made is an error that names the file") {
    const temporary_folder folder;
    CHECK_THROWS_AS(file_lock(folder.path() / "missing" / "build.lock"),
                    std::filesystem::filesystem_error);
}

}  // namespace
