#include "places.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <system_error>

#include "text.hpp"

namespace interleave::sanitizer {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_source = 1U << 20U;

fs::path canonical_path(const fs::path& path) {
    std::error_code error;
    fs::path result = fs::weakly_canonical(path, error);
    return error ? path.lexically_normal() : result;
}

bool is_inside(const fs::path& file, const fs::path& folder) {
    if (folder.empty()) return false;
    const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
    return end == folder.end() && rest != file.end();
}

bool contains_any(std::string_view text, const auto& parts) {
    return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
        return text.find(part) != std::string_view::npos;
    });
}

// Folders of libraries, runtimes, the test framework, and the checks' support code.
constexpr std::array foreign_folders{
    std::string_view{"/usr/"},
    std::string_view{"/include/c++/"},
    std::string_view{"libsanitizer"},
    std::string_view{"compiler-rt"},
    std::string_view{"sysdeps"},
    std::string_view{"nptl/"},
    std::string_view{"csu/"},
    std::string_view{"/catch2/"},
    std::string_view{"/_deps/"},
    std::string_view{"checks/support/"},
    std::string_view{"tools/explorer/"},
};

constexpr std::array foreign_functions{
    std::string_view{"Catch::"},
    std::string_view{"__interceptor_"},
};

}  // namespace

places::places(const digest_options& options)
    : root_(options.root.empty() ? fs::path() : canonical_path(options.root)) {
    for (const fs::path& file : options.answer_files) {
        answers_.push_back(canonical_path(file.is_relative() ? root_ / file : file));
    }
}

fs::path places::resolve(const std::string& file) const {
    const fs::path path(file);
    return canonical_path(path.is_relative() ? root_ / path : path);
}

frame_owner places::owner(const source_frame& frame) const {
    if (frame.file.empty() || frame.line == 0) return frame_owner::foreign;
    const fs::path path = resolve(frame.file);
    if (std::find(answers_.begin(), answers_.end(), path) != answers_.end()) {
        return frame_owner::answer;
    }
    if (!is_inside(path, root_)) return frame_owner::foreign;
    const std::string inside = "/" + path.lexically_relative(root_).string();
    if (contains_any(inside, foreign_folders)) return frame_owner::foreign;
    if (contains_any(frame.function, foreign_functions)) return frame_owner::foreign;
    return answers_.empty() ? frame_owner::answer : frame_owner::course;
}

bool places::in_answer(const stack_trace& stack) const {
    return std::any_of(stack.begin(), stack.end(), [this](const source_frame& frame) {
        return owner(frame) == frame_owner::answer;
    });
}

std::optional<shown_frame> places::show(const stack_trace& stack) const {
    const auto first = [&](frame_owner wanted) {
        return std::find_if(stack.begin(), stack.end(), [&](const source_frame& frame) {
            return frame.line != 0 && !frame.file.empty() && owner(frame) == wanted;
        });
    };
    for (const auto wanted : {frame_owner::answer, frame_owner::course, frame_owner::foreign}) {
        const auto found = first(wanted);
        if (found == stack.end()) continue;
        shown_frame shown{*found, wanted, {}};
        if (found != stack.begin() && owner(found[-1]) == frame_owner::foreign) {
            shown.callee = short_function(found[-1].function);
        }
        return shown;
    }
    return std::nullopt;
}

std::string places::path_and_line(const source_frame& frame) const {
    const fs::path path = resolve(frame.file);
    const fs::path shown =
        is_inside(path, root_) ? path.lexically_relative(root_) : fs::path(frame.file);
    return shown.string() + ":" + std::to_string(frame.line);
}

/// A log may name any file of the machine, so only what the learner may read anyway is quoted.
bool places::may_quote(const fs::path& file) const {
    if (std::find(answers_.begin(), answers_.end(), file) != answers_.end()) return true;
    if (!is_inside(file, root_)) return false;
    const fs::path inside = file.lexically_relative(root_);
    return std::none_of(inside.begin(), inside.end(), [](const fs::path& part) {
        return part == "solutions" || part.string().starts_with('.');
    });
}

std::string places::source_line(const source_frame& frame, std::size_t* removed) const {
    if (frame.file.empty() || frame.line == 0) return {};
    const fs::path path = resolve(frame.file);
    std::error_code error;
    if (!may_quote(path) || !fs::is_regular_file(path, error) ||
        fs::file_size(path, error) > largest_source) {
        return {};
    }
    std::ifstream input(path, std::ios::binary);
    std::string line;
    for (unsigned number = 0; number < frame.line; ++number) {
        if (!std::getline(input, line)) return {};
    }
    line = printable(line);
    const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
    if (removed != nullptr) *removed = indent;
    line.erase(0, indent);
    line.erase(std::min(line.find_last_not_of(' ') + 1, line.size()));
    return line;
}

}  // namespace interleave::sanitizer
