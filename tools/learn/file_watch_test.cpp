#include "learn/file_watch.hpp"

#include <poll.h>

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "course/fixture.hpp"

namespace {

using namespace interleave;
using interleave::test::temporary_folder;
namespace fs = std::filesystem;

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::trunc) << text;
}

/// Whether the watch says by itself that there is something to ask about.
bool wakes(const file_watch& watch) {
    pollfd source{watch.descriptor(), POLLIN, 0};
    return poll(&source, 1, 0) == 1;
}

TEST_CASE("a save is noticed once, however the editor does it") {
    const temporary_folder folder;
    const fs::path file = folder.path() / "counter.hpp";
    write(file, "one");
    file_watch watch(file);
    CHECK_FALSE(watch.changed());

    SECTION("in place") {
        write(file, "three");
    }
    SECTION("in place, with a text of the same size, at once") {
        write(file, "two");
    }
    SECTION("with the very same text") {
        write(file, "one");
    }
    SECTION("by renaming another file over it") {
        write(folder.path() / ".counter.hpp.swp", "two");
        fs::rename(folder.path() / ".counter.hpp.swp", file);
    }
    SECTION("by renaming the old one away and writing a new one") {
        fs::rename(file, folder.path() / "counter.hpp~");
        write(file, "two");
    }
#ifdef __linux__
    CHECK(wakes(watch));
#endif
    CHECK(watch.changed());
    CHECK_FALSE(watch.changed());
    CHECK_FALSE(wakes(watch));
}

TEST_CASE("a file that is removed and brought back is noticed both times") {
    const temporary_folder folder;
    const fs::path file = folder.path() / "counter.hpp";
    write(file, "one");
    file_watch watch(file);
    fs::remove(file);
    CHECK(watch.changed());
    CHECK_FALSE(watch.changed());
    write(file, "one");
    CHECK(watch.changed());
    CHECK_FALSE(watch.changed());
}

TEST_CASE("a file that was not there is noticed when it comes") {
    const temporary_folder folder;
    file_watch watch(folder.path() / "counter.hpp");
    CHECK_FALSE(watch.changed());
    write(folder.path() / "counter.hpp", "one");
    CHECK(watch.changed());
}

TEST_CASE("other files of the folder, and reading, are no change") {
    const temporary_folder folder;
    const fs::path file = folder.path() / "counter.hpp";
    write(file, "one");
    file_watch watch(file);
    write(folder.path() / "other.hpp", "one");
    write(folder.path() / "counter.hpp.swp", "one");
    std::string text;
    std::ifstream(file) >> text;
    CHECK(text == "one");
    CHECK_FALSE(watch.changed());
}

TEST_CASE("without the kernel's help the file itself tells") {
    const temporary_folder folder;
    const fs::path file = folder.path() / "no" / "folder" / "yet" / "counter.hpp";
    file_watch watch(file);
    CHECK(watch.descriptor() == -1);
    CHECK_FALSE(watch.changed());
    fs::create_directories(file.parent_path());
    write(file, "one");
    CHECK(watch.changed());
    write(file, "longer");
    CHECK(watch.changed());
}

}  // namespace
