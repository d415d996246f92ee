#include "course/edits.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstdlib>
#include <set>

#include "course/diff.hpp"
#include "course/files.hpp"
#include "course/fixture.hpp"

namespace {

using namespace interleave;
using Catch::Matchers::ContainsSubstring;
using interleave::test::fixture_course;
using interleave::test::temporary_folder;
namespace fs = std::filesystem;

const fs::path learner_file = "lessons/01-lost-update/counter.hpp";
const fs::path starter_file = "checks/01-lost-update/answers/starter/counter.hpp";
// 2026-01-31 12:00:00 UTC
const std::chrono::system_clock::time_point noon{std::chrono::seconds(1'769'860'800)};

TEST_CASE("a reset keeps the learner's version and brings the starter back") {
    const fixture_course files;
    const course loaded(files.root());
    const lesson& first = loaded.find("1");
    const std::string pristine = files.read(starter_file);
    files.write(learner_file, "my work\n");

    const auto done = reset(loaded, first, noon);
    CHECK(done.changed);
    REQUIRE(done.backup);
    CHECK(*done.backup ==
          files.root() / ".interleave/backups/01-lost-update/counter.hpp.20260131-120000");
    CHECK(read_file(*done.backup) == "my work\n");
    CHECK(files.read(learner_file) == pristine);
    CHECK(std::distance(fs::directory_iterator(first.folder), {}) == 5);  // nothing left behind
}

TEST_CASE("resets within one second keep every version") {
    const fixture_course files;
    const course loaded(files.root());
    const lesson& first = loaded.find("1");
    std::set<std::string> kept;
    for (int i = 1; i <= 11; ++i) {
        files.write(learner_file, "version " + std::to_string(i));
        kept.insert(read_file(reset(loaded, first, noon).backup.value()));
    }
    CHECK(kept.size() == 11);
    const auto all = backups(loaded, first);
    REQUIRE(all.size() == 11);
    CHECK(read_file(all.front()) == "version 11");
    CHECK(read_file(all.back()) == "version 1");
}

TEST_CASE("a reset of an untouched file changes and keeps nothing") {
    const fixture_course files;
    const course loaded(files.root());
    const auto done = reset(loaded, loaded.find("1"), noon);
    CHECK_FALSE(done.changed);
    CHECK_FALSE(done.backup);
    CHECK(backups(loaded, loaded.find("1")).empty());
}

TEST_CASE("a deleted file is offered back, and a reset restores it") {
    const fixture_course files;
    const course loaded(files.root());
    const lesson& first = loaded.find("1");
    CHECK_FALSE(missing_file(loaded, first));
    files.write(learner_file, "my work\n");
    reset(loaded, first, noon);
    files.remove(learner_file);

    const auto offer = missing_file(loaded, first);
    REQUIRE(offer);
    CHECK_THAT(*offer, ContainsSubstring("interleave reset 01-lost-update") &&
                           ContainsSubstring("counter.hpp.20260131-120000"));
    const auto done = reset(loaded, first, noon);
    CHECK(done.changed);
    CHECK_FALSE(done.backup);
    CHECK(files.read(learner_file) == files.read(starter_file));
}

TEST_CASE("a reset that cannot keep the learner's version leaves the file alone") {
    const fixture_course files;
    const course loaded(files.root());
    files.write(learner_file, "my work\n");
    files.write(".interleave/backups", "a file where the folder should be");
    CHECK_THROWS_WITH(reset(loaded, loaded.find("1"), noon),
                      ContainsSubstring("lessons/01-lost-update/counter.hpp was not reset"));
    CHECK(files.read(learner_file) == "my work\n");
}

TEST_CASE("a reset follows a link to where the learner keeps the file") {
    const fixture_course files;
    const course loaded(files.root());
    const temporary_folder elsewhere;
    const fs::path own = elsewhere.path() / "mine.hpp";
    write_atomically(own, "my work\n");
    fs::permissions(own, fs::perms::owner_read | fs::perms::owner_write);
    files.remove(learner_file);
    fs::create_symlink(own, files.root() / learner_file);

    CHECK(read_file(reset(loaded, loaded.find("1"), noon).backup.value()) == "my work\n");
    CHECK(fs::is_symlink(files.root() / learner_file));
    CHECK(read_file(own) == files.read(starter_file));
    CHECK(fs::status(own).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a new file never replaces one that is there") {
    const temporary_folder folder;
    CHECK(write_new(folder.path() / "note", "first"));
    CHECK_FALSE(write_new(folder.path() / "note", "second"));
    CHECK(read_file(folder.path() / "note") == "first");
}

TEST_CASE("a folder is not read as if it were an empty file") {
    const temporary_folder folder;
    CHECK_THROWS_AS(read_file(folder.path()), fs::filesystem_error);
    CHECK_THROWS_AS(read_file(folder.path() / "none"), fs::filesystem_error);
}

TEST_CASE("the diff leads from the learner's file to the solution") {
    const fixture_course files;
    const course loaded(files.root());
    const lesson& first = loaded.find("1");
    const std::string text = diff(loaded, first);
    CHECK(text ==
          "--- lessons/01-lost-update/counter.hpp\n"
          "+++ solutions/01-lost-update/counter.hpp\n"
          "@@ -6,11 +6,14 @@\n"
          " \n"
          " class counter {\n"
          "   public:\n"
          "-    // TODO(learner): no increment may be lost.\n"
          "-    void increment() { ++value_; }\n"
          "+    void increment() {\n"
          "+        std::lock_guard lock(mutex_);\n"
          "+        ++value_;\n"
          "+    }\n"
          " \n"
          "   private:\n"
          "-    long value_ = 0;\n"
          "+    std::mutex mutex_;\n"
          "+    long value_ = 0;  // guarded by mutex_\n"
          " };\n"
          " \n"
          " }  // namespace lesson\n");
    CHECK_THAT(diff(loaded, first, diff_from::starter), ContainsSubstring(starter_file.string()));

    files.write(learner_file, read_file(first.solution));
    CHECK(diff(loaded, first).empty());
    files.remove(learner_file);
    CHECK_THROWS_AS(diff(loaded, first), course_error);
}

/// Whether diff's own output, applied by patch, turns `before` into `after`: the standard tools
/// judge the format.
bool patch_agrees(const std::string& before, const std::string& after) {
    const temporary_folder folder;
    write_atomically(folder.path() / "f", before);
    write_atomically(folder.path() / "d", unified_diff(before, after, "f", "f"));
    const std::string command =
        "cd '" + folder.path().string() + "' && patch -s -F0 f < d > log 2>&1";
    return std::system(command.c_str()) == 0 && read_file(folder.path() / "f") == after;
}

TEST_CASE("patch accepts every diff and arrives at the second text") {
    if (std::system("patch --version > /dev/null 2>&1") != 0) SKIP("there is no patch program");
    const std::string lines = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\n";
    CHECK(patch_agrees(lines, "X\n" + lines));
    CHECK(patch_agrees(lines, lines + "X\n"));
    CHECK(patch_agrees(lines, lines + "X"));
    CHECK(patch_agrees(lines + "X", lines));
    CHECK(patch_agrees(lines + "X", lines + "X\n"));
    CHECK(patch_agrees(lines, "b\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\n"));
    CHECK(patch_agrees(lines, "a\nb\nX\nd\ne\nf\ng\nh\nY\nj\nk\nl\nm\nn\n"));  // one hunk
    CHECK(patch_agrees(lines, "a\nX\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nY\nn\n"));  // two hunks
    CHECK(patch_agrees("", lines));
    CHECK(patch_agrees("one\n", "two\n"));

    // All pairs of short texts over two lines.
    std::vector<std::string> texts{""};
    for (std::size_t i = 0; texts.size() < 31; ++i) {
        texts.push_back(texts[i] + "a\n");
        texts.push_back(texts[i] + "b\n");
    }
    for (std::size_t i = 15; i < texts.size(); ++i) {
        const std::string& other = texts[(i * 7) % texts.size()];
        if (other != texts[i] && !other.empty()) CHECK(patch_agrees(texts[i], other));
    }
}

TEST_CASE("equal texts have no diff, and changed lines are counted both ways") {
    CHECK(unified_diff("a\nb\n", "a\nb\n", "x", "y").empty());
    CHECK(changed_lines("a\nb\n", "a\nb\n") == 0);
    CHECK(changed_lines("a\nb\n", "a\nc\n") == 2);
    CHECK(changed_lines("a\nb\nc\n", "a\nc\n") == 1);
    CHECK(changed_lines("b\na\nb\na\n", "a\nb\na\nb\n") == 2);  // the shortest way
}

TEST_CASE("texts too long for a table are still compared") {
    std::string left;
    std::string right;
    for (int i = 0; i < 5'000; ++i) {
        left += "left " + std::to_string(i) + '\n';
        right += "right " + std::to_string(i) + '\n';
    }
    CHECK(changed_lines("same\n" + left, "same\n" + right) == 10'000);
}

TEST_CASE("hints are the three rungs of hints.md") {
    const fixture_course files;
    const course loaded(files.root());
    const auto rungs = hints(loaded.find("1"));
    REQUIRE(rungs.size() == 3);
    CHECK(rungs[0].title == "Where to look");
    CHECK(rungs[0].text == "At the increment.");
    CHECK(rungs[0].line == 3);
    CHECK(rungs[2].text == "```cpp\n## not a heading\nstd::mutex mutex_;\n```");
}

TEST_CASE("hints that are missing or not three are told with their place") {
    const fixture_course files;
    const course loaded(files.root());
    const lesson& first = loaded.find("1");
    files.write("lessons/01-lost-update/hints.md", "## One\n\nText.\n");
    CHECK_THROWS_WITH(hints(first), ContainsSubstring("hints.md:1: ") && ContainsSubstring("1"));
    files.remove("lessons/01-lost-update/hints.md");
    CHECK_THROWS_WITH(hints(first), ContainsSubstring("there are no hints"));
}

}  // namespace
