#include "course/course.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstdlib>

#include "course/fixture.hpp"

namespace {

using namespace interleave;
using Catch::Matchers::ContainsSubstring;
using interleave::test::fixture_course;
namespace fs = std::filesystem;

/// Sets or unsets an environment variable until the end of the scope.
class environment {
  public:
    environment(const char* name, const char* value) : name_(name) {
        if (const char* before = std::getenv(name)) before_ = before;
        value ? ::setenv(name, value, 1) : ::unsetenv(name);
    }
    ~environment() { before_ ? ::setenv(name_, before_->c_str(), 1) : ::unsetenv(name_); }
    environment(const environment&) = delete;
    environment& operator=(const environment&) = delete;

  private:
    const char* name_;
    std::optional<std::string> before_;
};

std::string complaint(const course& in, std::string_view name) {
    try {
        return "found " + in.find(name).id;
    } catch (const unknown_lesson& unknown) {
        return unknown.what();
    }
}

std::string loading_complaint(const fixture_course& files) {
    try {
        course(files.root());
    } catch (const course_error& mistake) {
        return mistake.what();
    }
    return "";
}

TEST_CASE("a lesson is what its folders and its lesson.toml say") {
    const fixture_course files;
    const course loaded(files.root());
    REQUIRE(loaded.lessons().size() == 2);
    const lesson& first = loaded.lessons().front();
    CHECK(first.id == "01-lost-update");
    CHECK(first.title == "Lost update");
    CHECK(first.chapter == "Shared state");
    CHECK(first.python == "counter += 1");
    CHECK(first.fails_with == kind::race);
    CHECK(first.includes.empty());
    CHECK(first.points == std::map<stage, int>{{stage::behaviour, 3}, {stage::race, 7}});
    CHECK(first.learner_file() == files.root() / "lessons/01-lost-update/counter.hpp");
    CHECK(first.solution == files.root() / "solutions/01-lost-update/counter.hpp");
    CHECK(first.starter == files.root() / "checks/01-lost-update/answers/starter/counter.hpp");
    CHECK(first.check == files.root() / "checks/01-lost-update/check.cpp");
}

TEST_CASE("a lesson is found by id, number, start of its name, or a path into it") {
    const fixture_course files;
    const course loaded(files.root());
    for (const char* name : {"1", "01", "01-lost-update", "01-lo", "lost", "l", "Lost-Update",
                             "lost-update", "lessons/01-lost-update/", "lessons/01-lost-update",
                             "./lessons/01-lost-update/counter.hpp"}) {
        CHECK(complaint(loaded, name) == "found 01-lost-update");
    }
    CHECK(complaint(loaded, "2") == "found 02-overdraft");
}

TEST_CASE("a number means the lesson with that number, not every id that starts with it") {
    const fixture_course files;
    fs::rename(files.root() / "lessons/02-overdraft", files.root() / "lessons/10-overdraft");
    const course loaded(files.root());
    CHECK(complaint(loaded, "1") == "found 01-lost-update");
    CHECK(complaint(loaded, "10") == "found 10-overdraft");
    CHECK_THAT(complaint(loaded, "0"), ContainsSubstring("There is no lesson \"0\""));
}

TEST_CASE("an unknown name is answered with the nearest lessons") {
    const fixture_course files;
    const course loaded(files.root());
    CHECK(complaint(loaded, "lost-updaet") ==
          "There is no lesson \"lost-updaet\". Did you mean 01-lost-update?");
    CHECK(complaint(loaded, "overdarft") ==
          "There is no lesson \"overdarft\". Did you mean 02-overdraft?");
    CHECK(complaint(loaded, "zebra-crossing") ==
          "There is no lesson \"zebra-crossing\". `tools/interleave list` shows all 2.");
    CHECK_THAT(complaint(loaded, ""), ContainsSubstring("There is no lesson \"\""));
    CHECK_THAT(complaint(loaded, "99"), ContainsSubstring("There is no lesson \"99\""));
}

TEST_CASE("a name that may be several lessons names them all") {
    const fixture_course files;
    fs::rename(files.root() / "lessons/02-overdraft", files.root() / "lessons/02-lost-wake-up");
    const course loaded(files.root());
    CHECK_THAT(complaint(loaded, "lost"),
               ContainsSubstring("may be 01-lost-update or 02-lost-wake-up"));
}

TEST_CASE("a mistake in a lesson.toml is told with its line, and all of them at once") {
    const fixture_course files;
    const fs::path toml = "lessons/01-lost-update/lesson.toml";
    const std::string at = (files.root() / toml).string();

    SECTION("unknown key") {
        files.replace(toml, "includes = []", "includes = []\ninclude = []");
        CHECK(loading_complaint(files) == at + ":8: the key \"include\" is not known.");
    }
    SECTION("missing keys") {
        files.replace(toml, "title = \"Lost update\"\n", "");
        files.replace(toml, "includes = []\n", "");
        CHECK(loading_complaint(files) == at + ":1: the key \"title\" is missing.\n" + at +
                                              ":1: the key \"includes\" is missing.");
    }
    SECTION("unknown stage") {
        files.replace(toml, "race = 7", "rcae = 7");
        CHECK(loading_complaint(files) == at + ":11: there is no stage \"rcae\".");
    }
    SECTION("points that are no number") {
        files.replace(toml, "race = 7", "race = \"7\"");
        CHECK_THAT(loading_complaint(files), ContainsSubstring(at + ":11: the points of race"));
    }
    SECTION("unknown kind") {
        files.replace(toml, "\"race\"", "\"raze\"");
        CHECK_THAT(loading_complaint(files), ContainsSubstring(at + ":5: \"raze\" is no kind"));
    }
    SECTION("wrong types") {
        files.replace(toml, "title = \"Lost update\"", "title = 7");
        files.replace(toml, "includes = []", "includes = [1]");
        CHECK_THAT(loading_complaint(files), ContainsSubstring(at + ":1: \"title\" has to be"));
        CHECK_THAT(loading_complaint(files), ContainsSubstring(at + ":7: \"includes\" may hold"));
    }
    SECTION("not TOML") {
        files.replace(toml, "[stages]", "[stages");
        CHECK_THAT(loading_complaint(files), ContainsSubstring(at + ":9: this is not TOML"));
    }
    SECTION("a file outside of the lesson") {
        files.replace(toml, "counter.hpp", "../counter.hpp");
        CHECK_THAT(loading_complaint(files), ContainsSubstring("without a folder"));
    }
    SECTION("in two lessons") {
        files.replace(toml, "[stages]", "[stage]");
        files.replace("lessons/02-overdraft/lesson.toml", "[stages]", "[stage]");
        CHECK_THAT(loading_complaint(files),
                   ContainsSubstring("01-lost-update") && ContainsSubstring("02-overdraft"));
    }
}

TEST_CASE("the shipped answers come with what they declare") {
    const fixture_course files;
    const course loaded(files.root());
    const lesson& first = loaded.lessons().front();
    const auto all = answers(first);
    REQUIRE(all.size() == 2 + 8 + 4);
    CHECK(all[0].whose == role::starter);
    CHECK(all[0].declared == kind::race);
    CHECK(all[0].file == first.starter);
    CHECK(all[1].whose == role::solution);
    CHECK_FALSE(all[1].declared);
    CHECK(all[2].name == "wrong/way-1");
    CHECK(all[2].declared == kind::race);
    CHECK(all[2].summary == "the increment is not ordered.");
    CHECK(all[10].whose == role::right);
    CHECK(all[10].name == "right/way-1");
    CHECK_FALSE(all[10].declared);
    CHECK(learner_answer(first).file == first.learner_file());
}

TEST_CASE("an answer whose first line does not say what it is, is refused with its place") {
    const fixture_course files;
    const course loaded(files.root());
    const fs::path file = "checks/01-lost-update/answers/wrong/way-3.hpp";
    for (const char* line :
         {"", "#pragma once", "// wrong: race", "// wrong: race: ", "// wrong: none: nothing",
          "// wrong: wrong_result: a sentence", "// right: a sentence", "//wrong: race: x"}) {
        files.write(file, line);
        CHECK_THROWS_WITH(answers(loaded.lessons().front()),
                          ContainsSubstring((files.root() / file).string() + ":1: "));
    }
    files.write(file, "// wrong: lost-wakeup: it notifies: too early.\r\n");
    CHECK(answers(loaded.lessons().front()).at(4).summary == "it notifies: too early.");
}

TEST_CASE("a missing starter copy or solution is told, not skipped") {
    const fixture_course files;
    const course loaded(files.root());
    files.remove("checks/01-lost-update/answers/starter/counter.hpp");
    CHECK_THROWS_WITH(answers(loaded.lessons().front()),
                      ContainsSubstring("answers/starter/counter.hpp:1: "));
}

TEST_CASE("the course is found from its folder and from below it") {
    const fixture_course files;
    const environment unset("INTERLEAVE_ROOT", nullptr);
    CHECK(find_root(files.root()) == files.root());
    CHECK(find_root(files.root() / "lessons/01-lost-update/") == files.root());
    CHECK(course(files.root() / "").root() == files.root());
    const test::temporary_folder elsewhere;
    CHECK_THROWS_WITH(find_root(elsewhere.path()), ContainsSubstring(elsewhere.path().string()) &&
                                                       ContainsSubstring("INTERLEAVE_ROOT"));
}

TEST_CASE("INTERLEAVE_ROOT names the course, and is not overlooked when it is wrong") {
    const fixture_course files;
    const test::temporary_folder elsewhere;
    {
        const environment set("INTERLEAVE_ROOT", files.root().c_str());
        CHECK(find_root(elsewhere.path()) == files.root());
    }
    const environment set("INTERLEAVE_ROOT", elsewhere.path().c_str());
    CHECK_THROWS_WITH(find_root(files.root()), ContainsSubstring("INTERLEAVE_ROOT is"));
}

}  // namespace
