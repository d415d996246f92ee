#include "course/fixture.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <fstream>
#include <stdexcept>

#include "course/files.hpp"

namespace interleave::test {

namespace fs = std::filesystem;

temporary_folder::temporary_folder() {
    std::string name = (fs::temp_directory_path() / "interleave-test-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("mkdtemp failed for " + name);
    path_ = fs::canonical(name);
}

temporary_folder::~temporary_folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

fixture_course::fixture_course() {
    add_lesson("01-lost-update", "Lost update", "counter");
    add_lesson("02-overdraft", "Overdraft", "account");
    write("CMakeLists.txt",
          "project(course)\n"
          "lesson(01-lost-update counter.hpp)\n"
          "lesson(02-overdraft account.hpp LIBRARIES CURL::libcurl)\n");
    fs::create_directories(root() / "checks/support");
}

void fixture_course::add_lesson(const std::string& id, const std::string& title,
                                const std::string& type) const {
    const fs::path lesson = fs::path("lessons") / id;
    const fs::path solution = fs::path("solutions") / id;
    const fs::path check = fs::path("checks") / id;
    const std::string file = type + ".hpp";

    write(lesson / "lesson.toml", fmt::format("title = \"{}\"\n"
                                              "chapter = \"Shared state\"\n"
                                              "idea = \"Two writers need an order.\"\n"
                                              "file = \"{}\"\n"
                                              "fails_with = \"race\"\n"
                                              "python = \"counter += 1\"\n"
                                              "includes = []\n"
                                              "\n"
                                              "[stages]\n"
                                              "behaviour = 3\n"
                                              "race = 7\n",
                                              title, file));
    write(lesson / "README.md",
          fmt::format("# {}\n"
                      "\n## The idea\n\nText.\n"
                      "\n## Predict\n\nText.\n"
                      "\n## Run it\n\n```\n# a shell comment, no heading\n```\n"
                      "\n## What goes wrong\n\nText.\n"
                      "\n## In Python\n\nText.\n"
                      "\n## Out of scope\n\nText.\n"
                      "\n## Further reading\n\nText.\n",
                      title));
    write(lesson / "hints.md",
          "# Hints\n"
          "\n## Where to look\n\nAt the increment.\n"
          "\n## What is missing\n\nAn order of the two.\n"
          "\n## How\n\n```cpp\n## not a heading\nstd::mutex mutex_;\n```\n");

    const std::string head = "#pragma once\n\n#include <mutex>\n\nnamespace lesson {\n\n";
    const std::string starter = head + "class " + type +
                                " {\n"
                                "  public:\n"
                                "    // TODO(learner): no increment may be lost.\n"
                                "    void increment() { ++value_; }\n"
                                "\n"
                                "  private:\n"
                                "    long value_ = 0;\n"
                                "};\n"
                                "\n"
                                "}  // namespace lesson\n";
    const std::string solved = head + "class " + type +
                               " {\n"
                               "  public:\n"
                               "    void increment() {\n"
                               "        std::lock_guard lock(mutex_);\n"
                               "        ++value_;\n"
                               "    }\n"
                               "\n"
                               "  private:\n"
                               "    std::mutex mutex_;\n"
                               "    long value_ = 0;  // guarded by mutex_\n"
                               "};\n"
                               "\n"
                               "}  // namespace lesson\n";
    write(lesson / file, starter);
    write(check / "answers/starter" / file, starter);
    write(solution / file, solved);
    write(solution / "README.md", "# Why it works\n\nOne at a time.\n");
    fs::create_directory_symlink(fs::path("../../solutions") / id, root() / lesson / "solution");
    write(check / "check.cpp", fmt::format("#include \"{}\"\n\n"
                                           "#include <catch2/catch_test_macros.hpp>\n\n"
                                           "TEST_CASE(\"no increment is lost\") {{}}\n",
                                           file));
    for (int i = 1; i <= 8; ++i) {
        write(check / fmt::format("answers/wrong/way-{}.hpp", i),
              "// wrong: race: the increment is not ordered.\n" + head + "}\n");
    }
    for (int i = 1; i <= 4; ++i) {
        write(check / fmt::format("answers/right/way-{}.hpp", i),
              "// right: a mutex orders the increments.\n" + head + "}\n");
    }
}

void fixture_course::write(const fs::path& file, std::string_view text) const {
    fs::create_directories((root() / file).parent_path());
    std::ofstream out(root() / file, std::ios::binary);
    out << text;
    if (!out.flush()) throw std::runtime_error("cannot write " + (root() / file).string());
}

std::string fixture_course::read(const fs::path& file) const {
    return read_file(root() / file);
}

void fixture_course::remove(const fs::path& file) const {
    fs::remove_all(root() / file);
}

void fixture_course::replace(const fs::path& file, std::string_view from,
                             std::string_view to) const {
    std::string text = read(file);
    const std::size_t at = text.find(from);
    if (at == std::string::npos) throw std::runtime_error("nothing to replace in " + file.string());
    write(file, text.replace(at, from.size(), to));
}

}  // namespace interleave::test
