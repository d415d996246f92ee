#include "course/lint.hpp"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "course/fixture.hpp"

namespace {

using namespace interleave;
using interleave::test::fixture_course;
namespace fs = std::filesystem;

const fs::path lesson = "lessons/01-lost-update";
const fs::path solution = "solutions/01-lost-update";
const fs::path check = "checks/01-lost-update";

/// What lint says, a line a finding.
std::string said(const fixture_course& files, lint_options options = {}) {
    std::string all;
    for (const finding& each : lint(course(files.root()), options)) all += to_string(each) + '\n';
    return all;
}

void edit_starter(const fixture_course& files, std::string_view from, std::string_view to) {
    files.replace(lesson / "counter.hpp", from, to);
    files.replace(check / "answers/starter/counter.hpp", from, to);
}

TEST_CASE("nothing is said of a course that keeps every rule") {
    const fixture_course files;
    CHECK(said(files).empty());
    CHECK(said(files, {.pristine = true}).empty());
}

TEST_CASE("a lesson needs its three folders and its line in the list") {
    const fixture_course files;
    SECTION("a folder without a lesson.toml") {
        fs::create_directories(files.root() / "lessons/03-embrace");
        CHECK(said(files) ==
              "CMakeLists.txt:1: the line lesson(03-embrace FILE) is missing.\n"
              "checks/03-embrace:1: this folder is missing.\n"
              "solutions/03-embrace:1: this folder is missing.\n"
              "lessons/03-embrace/lesson.toml:1: this file is missing.\n");
    }
    SECTION("not listed") {
        files.replace("CMakeLists.txt", "lesson(01", "# lesson(01");
        CHECK(said(files) ==
              "CMakeLists.txt:1: the line lesson(01-lost-update FILE) is missing.\n");
    }
    SECTION("listed twice, unknown, or with another file") {
        files.replace("CMakeLists.txt", "counter.hpp)",
                      "count.hpp)\nlesson(01-lost-update counter.hpp)\nlesson(09-none a.hpp)");
        CHECK(said(files) ==
              "CMakeLists.txt:3: lesson 01-lost-update is listed twice.\n"
              "CMakeLists.txt:4: there is no lesson 09-none.\n"
              "CMakeLists.txt:2: the file of 01-lost-update is counter.hpp in its lesson.toml.\n");
    }
    SECTION("a file between the lessons") {
        files.write("lessons/notes.txt", "");
        CHECK(said(files) == "lessons/notes.txt:1: this file belongs to no lesson.\n");
    }
}

TEST_CASE("ids are two digits, each once, and the symptom") {
    const fixture_course files;
    std::string id;
    std::string sentence;
    SECTION("not an id") {
        id = "2-overdraft";
        sentence = "an id is two digits and the symptom, as in 01-lost-update.";
    }
    SECTION("the same number") {
        id = "01-overdraft";
        sentence = "01-lost-update has the same number.";
    }
    for (const char* part : {"lessons", "solutions", "checks"}) {
        fs::rename(files.root() / part / "02-overdraft", files.root() / part / id);
    }
    files.remove("lessons/" + id + "/solution");
    fs::create_symlink("../../solutions/" + id, files.root() / "lessons" / id / "solution");
    files.replace("CMakeLists.txt", "02-overdraft", id);
    CHECK(said(files) == "lessons/" + id + ":1: " + sentence + "\n");
}

TEST_CASE("the points sum to ten") {
    const fixture_course files;
    files.replace(lesson / "lesson.toml", "race = 7", "race = 6");
    CHECK(
        said(files) ==
        "lessons/01-lost-update/lesson.toml:1: the points of the stages sum to 9, and have to sum "
        "to 10.\n");
}

TEST_CASE("a README has its headings in their order, and is short") {
    const fixture_course files;
    const fs::path readme = lesson / "README.md";
    const std::string at = readme.string() + ":";
    SECTION("missing file") {
        files.remove(readme);
        CHECK(said(files) == at + "1: the lesson's page cannot be read: No such file or "
                                  "directory.\n");
    }
    SECTION("another title") {
        files.replace(readme, "# Lost update", "# Lost updates");
        CHECK(said(files) == at + "1: the heading `# Lost update` is expected here, not `# Lost "
                                  "updates`.\n");
    }
    SECTION("missing in the middle") {
        files.replace(readme, "## Predict\n", "");
        CHECK(said(files) ==
              at + "10: the heading `## Predict` is expected here, not `## Run it`.\n");
    }
    SECTION("missing at the end") {
        files.replace(readme, "## Further reading", "Further reading");
        CHECK(said(files) == at + "31: the heading `## Further reading` is missing.\n");
    }
    SECTION("too many, of any level") {
        files.write(readme, files.read(readme) + "### More\n");
        CHECK(said(files) == at + "32: `### More` is a heading too many.\n");
    }
    SECTION("too long") {
        files.write(readme, files.read(readme) + std::string(30, '\n'));
        CHECK(said(files) == at + "61: the page has 61 lines, and may have 60.\n");
    }
    SECTION("just short enough") {
        files.write(readme, files.read(readme) + std::string(29, '\n'));
        CHECK(said(files).empty());
    }
}

TEST_CASE("hints have three rungs, and code in the last only") {
    const fixture_course files;
    const fs::path hints = lesson / "hints.md";
    const std::string at = hints.string() + ":";
    SECTION("two rungs") {
        files.replace(hints, "## What is missing", "What is missing");
        CHECK(said(files) == at + "1: hints need exactly three `## ` headings, not 2.\n");
    }
    SECTION("code too early") {
        files.replace(hints, "At the increment.", "```\ncode\n```");
        CHECK(said(files) == at + "5: only the last rung may show code.\n");
    }
    SECTION("an empty rung") {
        files.replace(hints, "An order of the two.", "");
        CHECK(said(files) == at + "7: this rung has no text.\n");
    }
}

TEST_CASE("a starter says what is wanted in the one spelling") {
    const fixture_course files;
    const std::string at = (check / "answers/starter/counter.hpp").string() + ":";
    const std::string spelling = "what the learner is to do is written `// TODO(learner): ...`.\n";
    const std::string needed =
        "a starter needs a `// TODO(learner): ...` where it is to be edited.\n";
    SECTION("none") {
        edit_starter(files, "// TODO(learner): no", "// No");
        CHECK(said(files) == at + "1: " + needed);
    }
    SECTION("another spelling") {
        edit_starter(files, "TODO(learner)", "TODO");
        CHECK(said(files) == at + "9: " + spelling + at + "1: " + needed);
    }
    SECTION("another word beside it") {
        edit_starter(files, "++value_;", "++value_; /* FIXME */");
        CHECK(said(files) == at + "10: " + spelling);
    }
    SECTION("a namespace opened") {
        edit_starter(files, "class counter", "using namespace std;\nclass counter");
        CHECK(said(files) == at + "7: `using namespace` has no place in a header.\n");
    }
}

TEST_CASE("an edited starter is a note for a learner and a mistake in a release") {
    const fixture_course files;
    files.replace(lesson / "counter.hpp", "++value_", "value_++");
    CHECK(said(files) ==
          "lessons/01-lost-update/counter.hpp:10: note: this was edited since it was shipped.\n");
    CHECK(said(files, {.pristine = true}) ==
          "lessons/01-lost-update/counter.hpp:10: this differs from its pristine copy, "
          "checks/01-lost-update/answers/starter/counter.hpp.\n");
}

TEST_CASE("a missing starter, copy or solution is told") {
    const fixture_course files;
    const std::string cannot = " cannot be read: No such file or directory.\n";
    SECTION("starter") {
        files.remove(lesson / "counter.hpp");
        CHECK(said(files) == (lesson / "counter.hpp").string() + ":1: the starter" + cannot);
    }
    SECTION("copy") {
        files.remove(check / "answers/starter/counter.hpp");
        CHECK(said(files) == (check / "answers/starter/counter.hpp").string() +
                                 ":1: the pristine copy of the starter" + cannot);
    }
    SECTION("solution") {
        files.remove(solution / "counter.hpp");
        CHECK(said(files) == (solution / "counter.hpp").string() + ":1: the solution" + cannot);
    }
    SECTION("reason") {
        files.remove(solution / "README.md");
        CHECK(said(files) == (solution / "README.md").string() +
                                 ":1: the page that says why the solution works" + cannot);
    }
}

TEST_CASE("a solution is code to learn from") {
    const fixture_course files;
    const fs::path file = solution / "counter.hpp";
    const std::string at = file.string() + ":";
    SECTION("a mark left") {
        files.replace(file, "// guarded", "// XXX guarded");
        CHECK(said(files) == at + "16: XXX belongs into a starter only.\n");
    }
    SECTION("a sleep, a detach, a namespace") {
        files.replace(file, "        ++value_;\n",
                      "        std::this_thread::sleep_for(1s);\n"
                      "        thread.detach();\n"
                      "        using namespace std;  // no sleep_for, no detach() here\n");
        CHECK(said(files) == at + "13: `using namespace` has no place in a header.\n" + at +
                                 "12: a solution joins its threads.\n" + at +
                                 "11: a solution waits for what it needs, and never sleeps.\n");
    }
    SECTION("no guard, and macros") {
        files.replace(file, "#pragma once", "#define LOCK lock()\n#ifdef X\n#endif");
        const std::string macros = "only #include and #pragma once may be used: no macros.\n";
        CHECK(said(files) == at + "1: " + macros + at + "2: " + macros + at + "3: " + macros + at +
                                 "1: `#pragma once` is missing.\n");
    }
    SECTION("too long") {
        files.write(file, files.read(file) + std::string(120, '\n'));
        CHECK(said(files) == at +
                                 "1: note: the solution changes 129 lines of the starter; 25 or "
                                 "fewer are easier to learn from.\n" +
                                 at + "121: the solution has 139 lines, and may have 120.\n");
    }
}

TEST_CASE("headers are standard ones, or named in the lesson.toml") {
    const fixture_course files;
    const fs::path file = solution / "counter.hpp";
    files.replace(file, "#include <mutex>", "#include <mutex>\n#include <curl/curl.h>");
    CHECK(said(files) == file.string() +
                             ":4: curl/curl.h is neither a standard header nor among "
                             "the includes of the lesson.toml.\n");
    files.replace(lesson / "lesson.toml", "includes = []", "includes = [\"curl/curl.h\"]");
    CHECK(said(files).empty());
}

TEST_CASE("the link beside a lesson leads to its solution") {
    const fixture_course files;
    const std::string wanted =
        "lessons/01-lost-update/solution:1: this has to be a symbolic link to "
        "../../solutions/01-lost-update.\n";
    files.remove(lesson / "solution");
    CHECK(said(files) == wanted);
    files.write(lesson / "solution", "../../solutions/01-lost-update");
    CHECK(said(files) == wanted);
    files.remove(lesson / "solution");
    fs::create_symlink("../../solutions/02-overdraft", files.root() / lesson / "solution");
    CHECK(said(files) == wanted);
}

TEST_CASE("eight wrong and four right answers, each with its first line") {
    const fixture_course files;
    SECTION("too few") {
        files.remove(check / "answers/wrong/way-8.hpp");
        files.remove(check / "answers/right");
        CHECK(said(files) ==
              "checks/01-lost-update/answers/wrong:1: a lesson needs 8 or more wrong answers, and "
              "has 7.\n"
              "checks/01-lost-update/answers/right:1: a lesson needs 4 or more right answers, and "
              "has 0.\n");
    }
    SECTION("a kind that does not exist") {
        files.replace(check / "answers/wrong/way-2.hpp", "race:", "rave:");
        CHECK(said(files) ==
              "checks/01-lost-update/answers/wrong/way-2.hpp:1: \"rave\" is no kind of failure, as "
              "race and wrong-result are.\n");
    }
    SECTION("no first line") {
        files.replace(check / "answers/right/way-2.hpp", "// right", "// good");
        CHECK(said(files) ==
              "checks/01-lost-update/answers/right/way-2.hpp:1: the first line has to be `// "
              "right: SENTENCE`.\n");
    }
    SECTION("a mark left, a macro") {
        files.write(check / "answers/right/way-1.hpp",
                    "// right: it works.\n#pragma once\n#define A\n// TODO(learner): x\n");
        CHECK(said(files) ==
              "checks/01-lost-update/answers/right/way-1.hpp:3: only #include and #pragma once "
              "may be used: no macros.\n"
              "checks/01-lost-update/answers/right/way-1.hpp:4: TODO belongs into a starter "
              "only.\n");
    }
}

TEST_CASE("files that nothing expects are told") {
    const fixture_course files;
    for (const fs::path& stray :
         {lesson / "a.out", solution / "old.hpp", check / "check.cpp.orig", check / "answers/notes",
          check / "answers/starter/counter.hpp~", check / "answers/wrong/way-1.cpp"}) {
        files.write(stray, "");
        CHECK(said(files) == stray.string() + ":1: nothing expects this file here: remove it.\n");
        files.remove(stray);
    }
}

TEST_CASE("a check reads as the contract, and does not depend on time or machine") {
    const fixture_course files;
    const fs::path file = check / "check.cpp";
    const std::string at = file.string() + ":";
    SECTION("a name that is no sentence") {
        files.replace(file, "no increment is lost", "increment");
        CHECK(said(files) == at + "5: \"increment\" is no sentence that says what is observed.\n");
    }
    SECTION("no case, and another header") {
        files.write(file, "#include \"count.hpp\"\n#include <catch2/catch_all.hpp>\n");
        CHECK(said(files) == at + "2: include the Catch2 headers that are used, not all.\n" + at +
                                 "1: the check does not include counter.hpp.\n" + at +
                                 "1: the check has no TEST_CASE.\n");
    }
    SECTION("sleeps") {
        files.write(file, files.read(file) +
                              "void a() { sleep_for(1s); }\n"
                              "void b() { sleep_until(\"//\"); }\n"
                              "void c() { sleep_for(1s); }  // a slow reader is the subject\n"
                              "\n"
                              "// A slow reader is the subject.\n"
                              "void d() { sleep_for(1s); }\n");
        const std::string why =
            "a check does not sleep to let something happen; say why if it must.\n";
        CHECK(said(files) == at + "6: " + why + at + "7: " + why);
    }
    SECTION("as many threads as the machine likes") {
        files.replace(file, "{}", "{ std::thread::hardware_concurrency(); }");
        CHECK(said(files) == at + "5: the number of threads of a check is fixed.\n");
    }
    SECTION("a tag without its stage") {
        files.replace(file, "lost\"", "lost\", \"[interleavings]\"");
        CHECK(said(files) ==
              at + "1: cases are tagged [interleavings], but lesson.toml has no such stage.\n");
    }
    SECTION("a stage without its tag") {
        files.replace(lesson / "lesson.toml", "race = 7", "interleavings = 7");
        CHECK(said(files) ==
              at + "1: lesson.toml has the stage interleavings, but no case has its tag.\n");
    }
}

}  // namespace
