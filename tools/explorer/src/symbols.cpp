#include "symbols.hpp"

#include <link.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "runtime.hpp"

namespace interleave::detail {

std::uintptr_t load_address() {
    std::uintptr_t base = 0;
    dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* out) {
            *static_cast<std::uintptr_t*>(out) = info->dlpi_addr;
            return 1;
        },
        &base);
    return base;
}

namespace {

std::string quoted(const std::string& text) {
    std::string q = "'";
    for (const char c : text) q += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return q + "'";
}

std::string executable() {
    char path[PATH_MAX];
    const ssize_t size = readlink("/proc/self/exe", path, sizeof path);
    return size > 0 ? std::string(path, static_cast<std::size_t>(size)) : std::string();
}

constexpr std::size_t most_at_once = 3'000;  // a command line must hold them

using places_of = std::map<std::uintptr_t, std::vector<source_place>>;

/// What it has said, for all searches of this process. Looked at in the middle of a search, so that
/// it must not be set back with the program's variables.
INTERLEAVE_KEEP places_of* asked;

/// Asks the symbolizer, a process that reads the whole executable.
void look_up(const std::vector<std::uintptr_t>& addresses, places_of& places) {
    const std::uintptr_t base = load_address();
    std::string list;
    for (const std::uintptr_t a : addresses) {
        places[a];
        char text[32];
        std::snprintf(text, sizeof text, " 0x%lx", static_cast<unsigned long>(a - base - 1));
        list += text;
    }
    const std::string exe = quoted(executable());
    const std::string command = "{ llvm-symbolizer --output-style=GNU -afiC -e " + exe + list +
                                " || llvm-symbolizer-14 --output-style=GNU -afiC -e " + exe + list +
                                " || addr2line -afiC -e " + exe + list + "; } 2>/dev/null";
    FILE* pipe = popen(command.c_str(), "r");
    if (!pipe) return;
    char* line = nullptr;
    std::size_t capacity = 0;
    std::size_t index = 0;
    bool begun = false, is_function = true;
    std::string function;
    for (ssize_t size; (size = getline(&line, &capacity, pipe)) > 0;) {
        std::string text(line, static_cast<std::size_t>(size));
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
        if (text.rfind("0x", 0) == 0 && is_function) {
            index = begun ? index + 1 : 0;
            begun = true;
        } else if (text.empty()) {
            continue;
        } else if (is_function) {
            function = text;
            is_function = false;
        } else {
            is_function = true;
            const auto colon = text.rfind(':');
            if (!begun || index >= addresses.size() || colon == std::string::npos) continue;
            places[addresses[index]].push_back(
                {function, text.substr(0, colon), std::atoi(text.c_str() + colon + 1)});
        }
    }
    std::free(line);
    pclose(pipe);
}

}  // namespace

void symbol_table::load(std::vector<std::uintptr_t> addresses) {
    if (!asked) asked = new places_of;
    places_of& known = *asked;
    std::sort(addresses.begin(), addresses.end());
    addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
    std::erase_if(addresses, [&](std::uintptr_t a) { return !a || places_.count(a); });
    if (addresses.size() > most_at_once) addresses.resize(most_at_once);

    std::vector<std::uintptr_t> unknown;
    std::copy_if(addresses.begin(), addresses.end(), std::back_inserter(unknown),
                 [&](std::uintptr_t a) { return !known.count(a); });
    if (!unknown.empty()) look_up(unknown, known);
    for (const std::uintptr_t a : addresses) places_[a] = known[a];
    give_lines(addresses);
}

/// What the optimizer has merged or moved has line 0: it is told at the line of its neighbour.
void symbol_table::give_lines(const std::vector<std::uintptr_t>& sorted) {
    const auto take_from = [&](source_place& to, std::size_t neighbour) {
        for (const source_place& from : places_[sorted[neighbour]])
            if (to.line == 0 && from.line != 0 && from.function == to.function &&
                from.file == to.file)
                to.line = from.line;
    };
    for (std::size_t i = 0; i < sorted.size(); ++i)
        for (source_place& place : places_[sorted[i]]) {
            if (i + 1 < sorted.size()) take_from(place, i + 1);
            if (i > 0) take_from(place, i - 1);
        }
}

const std::vector<source_place>& symbol_table::at(std::uintptr_t address) const {
    static const std::vector<source_place> nothing;
    const auto found = places_.find(address);
    return found == places_.end() ? nothing : found->second;
}

bool is_program_source(const std::string& file) {
    static const std::string own = [] {
        const std::string here = __FILE__;
        return here.substr(0, here.rfind('/') + 1);
    }();
    for (const std::string& part : rt.how.harness)
        if (file.find(part) != std::string::npos) return false;
    return file.rfind(own, 0) != 0 && !file.empty() && file[0] != '?' &&
           file.rfind("/usr/", 0) != 0 && file.find("/c++/") == std::string::npos &&
           file.find("interleave/explore.hpp") == std::string::npos &&
           file.find("/catch2/") == std::string::npos && file.find("./nptl/") == std::string::npos;
}

std::string source_text(const std::string& file, int line) {
    std::ifstream in(file);
    std::string text;
    for (int n = 0; n < line; ++n)
        if (!std::getline(in, text)) return {};
    const auto begin = text.find_first_not_of(" \t");
    return begin == std::string::npos ? std::string() : text.substr(begin);
}

}  // namespace interleave::detail
