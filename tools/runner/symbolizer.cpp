#include "runner/symbolizer.hpp"

#include <elf.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <map>
#include <optional>

#include "runner/process.hpp"

namespace interleave {
namespace {

namespace fs = std::filesystem;

/// What the addresses of an executable count from: 0 for a position-independent one.
std::uintptr_t load_address(const fs::path& executable) {
    std::ifstream file(executable, std::ios::binary);
    Elf64_Ehdr header{};
    if (!file.read(reinterpret_cast<char*>(&header), sizeof header)) return 0;
    if (std::string_view(ELFMAG, SELFMAG) !=
            std::string_view(reinterpret_cast<const char*>(header.e_ident), SELFMAG) ||
        header.e_type != ET_EXEC || header.e_ident[EI_CLASS] != ELFCLASS64) {
        return 0;
    }
    std::uintptr_t lowest = std::numeric_limits<std::uintptr_t>::max();
    file.seekg(static_cast<std::streamoff>(header.e_phoff));
    for (int i = 0; i < header.e_phnum; ++i) {
        Elf64_Phdr segment{};
        if (!file.read(reinterpret_cast<char*>(&segment), sizeof segment)) return 0;
        if (segment.p_type == PT_LOAD) lowest = std::min<std::uintptr_t>(lowest, segment.p_vaddr);
    }
    return lowest == std::numeric_limits<std::uintptr_t>::max() ? 0 : lowest;
}

std::vector<fs::path> folders_of_path() {
    std::vector<fs::path> folders;
    const char* path = std::getenv("PATH");
    const std::string text = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(':', at), text.size());
        if (end > at) folders.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return folders;
}

/// llvm-symbolizer, or the newest llvm-symbolizer-N where only versioned names are installed.
std::optional<std::string> find_llvm_symbolizer() {
    const std::string prefix = "llvm-symbolizer-";
    std::optional<std::string> newest;
    int newest_version = 0;
    for (const fs::path& folder : folders_of_path()) {
        const fs::path plain = folder / "llvm-symbolizer";
        if (access(plain.c_str(), X_OK) == 0) return plain.string();
        std::error_code unreadable;
        for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
            const std::string name = entry.path().filename().string();
            if (!name.starts_with(prefix)) continue;
            int version = 0;
            std::from_chars(name.data() + prefix.size(), name.data() + name.size(), version);
            if (version > newest_version && access(entry.path().c_str(), X_OK) == 0) {
                newest_version = version;
                newest = entry.path().string();
            }
        }
    }
    return newest;
}

std::optional<std::string> find_addr2line() {
    for (const fs::path& folder : folders_of_path()) {
        const fs::path program = folder / "addr2line";
        if (access(program.c_str(), X_OK) == 0) return program.string();
    }
    return {};
}

std::vector<std::string> symbolizer_call(const fs::path& executable) {
    if (const auto llvm = find_llvm_symbolizer()) {
        return {*llvm, "--print-address", "--inlining", "--demangle",
                "--obj=" + executable.string()};
    }
    if (const auto binutils = find_addr2line()) {
        return {*binutils, "-a", "-i", "-f", "-C", "-e", executable.string()};
    }
    return {};
}

std::string hexadecimal(std::uintptr_t value) {
    char digits[2 * sizeof value];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, 16);
    return "0x" + std::string(digits, end.ptr);
}

/// Takes ":123" off the end of a text.
std::optional<int> take_number(std::string_view& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return {};
    const std::string_view digits = text.substr(colon + 1);
    int number = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (digits != "?" &&
        (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size())) {
        return {};
    }
    text = text.substr(0, colon);
    return number;
}

void parse_place(std::string_view text, frame& into) {
    if (const std::size_t note = text.find(" (discriminator"); note != std::string_view::npos) {
        text = text.substr(0, note);
    }
    const auto last = take_number(text);
    if (!last) return;
    if (const auto line = take_number(text)) {
        into.line = *line;
        into.column = *last;
    } else {
        into.line = *last;
    }
    if (!text.starts_with("??")) into.file = fs::path(text).lexically_normal();
}

}  // namespace

std::vector<std::vector<frame>> parse_symbolizer_output(std::string_view text) {
    std::vector<std::vector<frame>> answers;
    std::optional<std::string> function;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty()) continue;
        if (!function && line.starts_with("0x")) {
            answers.emplace_back();
        } else if (!function) {
            function = line.starts_with("??") ? std::string() : std::string(line);
        } else {
            frame found{.function = std::move(*function), .file = {}};
            function.reset();
            parse_place(line, found);
            const bool known = !found.function.empty() || !found.file.empty();
            if (known && !answers.empty()) answers.back().push_back(std::move(found));
        }
    }
    return answers;
}

std::vector<std::vector<frame>> symbolize(const fs::path& executable,
                                          const std::vector<std::uintptr_t>& addresses) {
    std::vector<std::vector<frame>> answers(addresses.size());
    const std::uintptr_t base = load_address(executable);
    std::map<std::uintptr_t, std::vector<std::size_t>> wanted;
    for (std::size_t i = 0; i < addresses.size(); ++i) wanted[addresses[i]].push_back(i);
    command call{.arguments = symbolizer_call(executable), .directory = {}, .environment = {}};
    if (call.arguments.empty() || addresses.empty()) return answers;
    for (const auto& [address, places] : wanted) {
        call.arguments.push_back(hexadecimal(base + address));
    }
    call.output_limit = call.output_kill;
    try {
        const run_result result = run(call);
        const auto found = parse_symbolizer_output(result.out);
        if (found.size() != wanted.size()) return answers;
        auto next = found.begin();
        for (const auto& [address, places] : wanted) {
            for (const std::size_t place : places) answers[place] = *next;
            ++next;
        }
    } catch (const process_error&) {
        // Stacks without lines still say which thread waits for which.
    }
    return answers;
}

}  // namespace interleave
