#include "runner/recipe.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "course/fixture.hpp"

namespace {

using namespace interleave;
using Catch::Matchers::ContainsSubstring;
using interleave::test::temporary_folder;
using nlohmann::json;
using words = std::vector<std::string>;

/// A build folder as CMake leaves it behind.
class build_folder {
  public:
    explicit build_folder(const std::string& compile_command,
                          const std::string& compiler_id = "Clang") {
        write("recipe.json",
              json{{"compiler", "/usr/bin/clang++"},
                   {"compiler_id", compiler_id},
                   {"compiler_version", "14.0.6"},
                   {"sanitizer", "thread"},
                   {"link_options", {"-fsanitize=thread", ""}},
                   {"libraries", {"libcheck.a", "-pthread"}},
                   {"compile_commands", path() / "compile_commands.json"},
                   {"template_source", "/course/checks/support/recipe.cpp"},
                   {"measured_template_source", "/course/checks/support/measured_recipe.cpp"}});
        write("compile_commands.json",
              json::array(
                  {{{"file", "/course/other.cpp"}, {"command", "x"}},
                   {{"file", "/course/checks/support/measured_recipe.cpp"},
                    {"command", "c++ -O3 -o m.o -c /course/checks/support/measured_recipe.cpp"}},
                   {{"file", "/course/checks/support/recipe.cpp"}, {"command", compile_command}}}));
    }

    void write(const std::string& name, const json& content) const {
        std::ofstream(path() / name) << content.dump();
    }
    const std::filesystem::path& path() const { return folder_.path(); }

  private:
    temporary_folder folder_;
};

words compiled(const std::string& command, const std::string& compiler_id = "Clang") {
    const build_folder folder(command, compiler_id);
    return recipe(folder.path()).compile("check.cpp", "include", "check.o");
}

const std::string tail_of_flags = "-o recipe.o -c /course/checks/support/recipe.cpp";

TEST_CASE("a check is compiled with the flags of CMake, with its own source and object") {
    CHECK(compiled("/usr/bin/clang++ -DX=1 -std=c++20 " + tail_of_flags) ==
          words{"/usr/bin/clang++", "-DX=1", "-std=c++20", "-fno-color-diagnostics", "-I",
                "include", "-c", "check.cpp", "-o", "check.o"});
}

TEST_CASE("a check of which times are taken has flags of its own") {
    const build_folder folder("c++ -O0 " + tail_of_flags);
    const recipe how(folder.path());
    const auto level = [&](bool measured) {
        return how.compile("check.cpp", "include", "check.o", measured).at(1);
    };
    CHECK(level(false) == "-O0");
    CHECK(level(true) == "-O3");
}

TEST_CASE("gcc is told in its own way to leave out colours") {
    const words command = compiled("g++ -O1 " + tail_of_flags, "GNU");
    CHECK(std::count(command.begin(), command.end(), "-fno-color-diagnostics") == 0);
    CHECK(std::count(command.begin(), command.end(), "-fdiagnostics-color=never") == 1);
}

TEST_CASE("quoted words of a command line stay whole") {
    const auto second_word = [](const std::string& word) {
        const words command = compiled("c++ " + word + " " + tail_of_flags);
        REQUIRE(command.size() > 1);
        return command[1];
    };
    CHECK(second_word(R"(-DTEXT=\"a\ b\")") == R"(-DTEXT="a b")");
    CHECK(second_word(R"("-I/a folder/with \"quotes\"")") == R"(-I/a folder/with "quotes")");
    CHECK(second_word(R"('-DX=a "b" \c')") == R"(-DX=a "b" \c)");
    CHECK(second_word(R"(-I"/a b"/c)") == "-I/a b/c");
    CHECK(second_word("\"\"").empty());
    CHECK(second_word("   -O1   ") == "-O1");
}

TEST_CASE("a check is linked before the libraries, with the options that are not empty") {
    const build_folder folder("c++ " + tail_of_flags);
    CHECK(recipe(folder.path()).link("check.o", "check") ==
          words{"/usr/bin/clang++", "-fsanitize=thread", "check.o", "libcheck.a", "-pthread", "-o",
                "check"});
}

TEST_CASE("a folder that holds no usable recipe is an error that names the file") {
    const temporary_folder empty;
    CHECK_THROWS_WITH(recipe(empty.path()),
                      ContainsSubstring("There is no") && ContainsSubstring("recipe.json"));
    const build_folder folder("c++ " + tail_of_flags);
    folder.write("compile_commands.json", json::array());
    CHECK_THROWS_WITH(recipe(folder.path()), ContainsSubstring("says nothing about"));
    std::ofstream(folder.path() / "recipe.json") << "{\"compiler\": ";
    CHECK_THROWS_WITH(recipe(folder.path()), ContainsSubstring("cannot be read as JSON"));
    folder.write("recipe.json", json{{"compiler", 7}});
    CHECK_THROWS_AS(recipe(folder.path()), preset_error);
}

TEST_CASE("a program of one's own has the explorer's header before all of its own") {
    const build_folder folder("/usr/bin/clang++ " + tail_of_flags);
    const words all = recipe(folder.path()).compile_program("mine.c", "mine.o");
    const auto header = std::find(all.begin(), all.end(), "-include");
    REQUIRE(all.end() - header > 1);
    CHECK_THAT(header[1], ContainsSubstring("interleave/weak_exchange.h"));
}

}  // namespace
