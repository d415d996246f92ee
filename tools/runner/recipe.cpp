#include "runner/recipe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace interleave {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json read_json(const fs::path& file) {
    std::ifstream in(file);
    if (!in) throw preset_error(fmt::format("There is no {}.", file.string()));
    json value = json::parse(in, nullptr, false);
    if (value.is_discarded()) {
        throw preset_error(fmt::format("{} cannot be read as JSON.", file.string()));
    }
    return value;
}

/// Splits a command line as a POSIX shell would; CMake quotes with backslashes and double quotes.
std::vector<std::string> split_command(std::string_view line) {
    std::vector<std::string> words;
    std::string word;
    bool inside = false;
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote != 0) {
            if (c == quote) {
                quote = 0;
            } else if (c == '\\' && quote == '"' && i + 1 < line.size()) {
                word += line[++i];
            } else {
                word += c;
            }
        } else if (c == '"' || c == '\'') {
            quote = c;
            inside = true;
        } else if (c == '\\' && i + 1 < line.size()) {
            word += line[++i];
            inside = true;
        } else if (c == ' ') {
            if (inside) words.push_back(std::move(word));
            word.clear();
            inside = false;
        } else {
            word += c;
            inside = true;
        }
    }
    if (inside) words.push_back(std::move(word));
    return words;
}

/// What of a command is not the compiler, the source and the object.
std::vector<std::string> flags(std::string_view command) {
    std::vector<std::string> kept;
    const auto words = split_command(command);
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (words[i] == "-o" || words[i] == "-c") {
            ++i;
        } else {
            kept.push_back(words[i]);
        }
    }
    return kept;
}

}  // namespace

recipe::recipe(const fs::path& build_folder) try : directory_(build_folder) {
    const json description = read_json(build_folder / "recipe.json");
    compiler_ = description.at("compiler");
    compiler_name_ = fmt::format("{} {}", description.at("compiler_id").get<std::string>(),
                                 description.at("compiler_version").get<std::string>());
    sanitizer_ = description.at("sanitizer");
    probe_ = build_folder / "bin" / "recipe";
    for (const auto& option : description.at("link_options")) {
        if (!option.get<std::string>().empty()) link_options_.push_back(option);
    }
    for (const auto& library : description.at("libraries")) libraries_.push_back(library);
    for (const auto& library : description.value("explored_libraries", json::array())) {
        explored_libraries_.push_back(library);
    }
    explorer_include_ = description.value("explorer_include", "");
    explorer_library_ = description.value("explorer_library", "");
    for (const auto& word : description.value("whole_program", json::array())) {
        whole_program_.push_back(word);
    }

    const std::string commands = description.at("compile_commands");
    const json known = read_json(commands);
    const auto flags_of = [&](const std::string& source) {
        for (const auto& entry : known) {
            if (fs::path(entry.at("file").get<std::string>()) == fs::path(source)) {
                return flags(entry.at("command").get<std::string>());
            }
        }
        throw preset_error(fmt::format("{} says nothing about {}.", commands, source));
    };
    flags_ = flags_of(description.at("template_source"));
    measured_flags_ = flags_of(description.at("measured_template_source"));
} catch (const json::exception& error) {
    throw preset_error(
        fmt::format("{} is not as CMake writes it: {}. Remove the folder, and it is "
                    "made anew.",
                    (build_folder / "recipe.json").string(), error.what()));
}

std::vector<std::string> recipe::compile(const fs::path& source, const fs::path& include_folder,
                                         const fs::path& object, bool measured) const {
    const auto& flags = measured ? measured_flags_ : flags_;
    std::vector<std::string> words{compiler_};
    words.insert(words.end(), flags.begin(), flags.end());
    words.insert(words.end(), {"-fno-color-diagnostics", "-I", include_folder.string(), "-c",
                               source.string(), "-o", object.string()});
    if (compiler_name_.starts_with("GNU")) {
        std::erase(words, "-fno-color-diagnostics");
        words.emplace_back("-fdiagnostics-color=never");
    }
    return words;
}

std::vector<std::string> recipe::link(const fs::path& object, const fs::path& program) const {
    std::vector<std::string> words{compiler_};
    words.insert(words.end(), link_options_.begin(), link_options_.end());
    // The answer's instrumented templates come first, before uninstrumented copies in libraries.
    words.push_back(object.string());
    words.insert(words.end(), libraries_.begin(), libraries_.end());
    words.insert(words.end(), {"-o", program.string()});
    return words;
}

std::vector<std::string> recipe::link_explored(const fs::path& object,
                                               const fs::path& program) const {
    if (explored_libraries_.empty()) return {};
    std::vector<std::string> words{compiler_};
    for (const auto& option : link_options_) {
        if (!option.starts_with("-fsanitize")) words.push_back(option);
    }
    words.push_back(object.string());
    words.insert(words.end(), explored_libraries_.begin(), explored_libraries_.end());
    words.insert(words.end(), {"-o", program.string()});
    return words;
}

std::vector<std::string> recipe::compile_program(const fs::path& source,
                                                 const fs::path& object) const {
    const bool c = source.extension() == ".c";
    std::vector<std::string> words{compiler_, "-g", "-O1", "-fno-omit-frame-pointer",
                                   "-fsanitize=thread"};
    // As the checks are compiled: a story needs the reads.
    const auto reads = std::find(flags_.begin(), flags_.end(), "-mllvm");
    if (reads != flags_.end() && reads + 1 != flags_.end()) {
        words.insert(words.end(), reads, reads + 2);
    }
    words.insert(words.end(), {"-include", explorer_include_ + "/interleave/weak_exchange.h"});
    words.push_back(c ? "-std=gnu17" : "-std=c++20");
    words.insert(words.end(), {"-I", explorer_include_, "-I", source.parent_path().string()});
    if (c) words.insert(words.end(), {"-x", "c"});
    words.insert(words.end(), {"-c", source.string(), "-o", object.string()});
    return words;
}

std::vector<std::string> recipe::link_program(const std::vector<fs::path>& objects,
                                              const fs::path& program, bool whole) const {
    std::vector<std::string> words{compiler_};
    for (const auto& option : link_options_) {
        if (explores() && option.starts_with("-fsanitize")) continue;
        // lld keeps the start-up code's call of main() out of --wrap.
        if (whole && option.starts_with("-fuse-ld")) continue;
        words.push_back(option);
    }
    for (const fs::path& object : objects) words.push_back(object.string());
    if (whole) words.insert(words.end(), whole_program_.begin(), whole_program_.end());
    words.push_back(explorer_library_);
    words.insert(words.end(), {"-pthread", "-ldl", "-latomic"});
    if (explores()) words.emplace_back("-Wl,-z,now");
    words.insert(words.end(), {"-o", program.string()});
    return words;
}

}  // namespace interleave
