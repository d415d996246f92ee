#include "runner/stack_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace interleave {
namespace {

namespace fs = std::filesystem;

fs::path resolved(const fs::path& file) {
    std::error_code unreadable;
    const fs::path found = fs::weakly_canonical(file, unreadable);
    return unreadable ? file.lexically_normal() : found;
}

bool lies_under(const fs::path& file, const fs::path& folder) {
    return !folder.empty() &&
           std::mismatch(folder.begin(), folder.end(), file.begin(), file.end()).first ==
               folder.end();
}

}  // namespace

stack_reader::stack_reader(fs::path program, const fs::path& answer, const fs::path& root)
    : program_(std::move(program)), answer_(resolved(answer)), root_(resolved(root)) {}

line_owner stack_reader::owner_of(const fs::path& file) const {
    if (file.empty()) return line_owner::library;
    const fs::path place = resolved(file);
    if (place == answer_) return line_owner::answer;
    // Libraries that were fetched lie under the root too; the handlers that wrote the stack are
    // nobody's.
    const bool fetched = std::find(place.begin(), place.end(), fs::path("_deps")) != place.end();
    if (fetched || place.filename() == "post_mortem.cpp") return line_owner::library;
    return lies_under(place, root_) ? line_owner::check : line_owner::library;
}

std::vector<owned_stack> stack_reader::read(
    const std::vector<std::vector<std::uintptr_t>>& stacks) const {
    std::vector<std::uintptr_t> addresses;
    for (const auto& stack : stacks) addresses.insert(addresses.end(), stack.begin(), stack.end());
    const auto frames = symbolize(program_, addresses);
    std::vector<owned_stack> answers;
    auto next = frames.begin();
    for (const auto& stack : stacks) {
        owned_stack& answer = answers.emplace_back();
        for (std::size_t i = 0; i < stack.size(); ++i, ++next) {
            for (const frame& each : *next) answer.push_back({each, owner_of(each.file)});
        }
    }
    return answers;
}

const owned_frame* telling_frame(const owned_stack& stack) {
    const owned_frame* in_support = nullptr;
    const owned_frame* in_check = nullptr;
    for (const owned_frame& each : stack) {
        if (each.at.line == 0) continue;
        if (each.owner == line_owner::answer) return &each;
        if (each.owner != line_owner::check) continue;
        const bool support = each.at.file.parent_path().filename() == "support";
        const owned_frame*& found = support ? in_support : in_check;
        if (found == nullptr) found = &each;
    }
    return in_check != nullptr ? in_check : in_support;
}

std::string name_of_place(const owned_frame& frame) {
    return fmt::format("{}:{}{}", frame.at.file.filename().string(), frame.at.line,
                       frame.owner == line_owner::check ? " in the check" : "");
}

std::string text_of_line(const owned_frame& frame) {
    constexpr std::size_t widest = 92;
    std::ifstream in(frame.at.file);
    std::string line;
    for (int i = 0; i < frame.at.line; ++i) {
        if (!std::getline(in, line)) return {};
    }
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string::npos) return {};
    // The end of a block, where destructors run, explains nothing.
    if (line.find_first_not_of(" \t\r{}();") == std::string::npos) return {};
    line = line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
    return harmless_text(line, widest);
}

place place_of(const owned_frame& frame) {
    return {.file = frame.at.file,
            .line = frame.at.line,
            .column = frame.at.column,
            .text = text_of_line(frame)};
}

std::string harmless_text(std::string_view text, std::size_t limit) {
    std::string kept;
    for (const char c : text) {
        if (kept.size() == limit) return kept.substr(0, limit - 3) + "...";
        const auto byte = static_cast<unsigned char>(c);
        kept += byte < 0x20 || byte == 0x7f ? ' ' : c;
    }
    return kept;
}

}  // namespace interleave
