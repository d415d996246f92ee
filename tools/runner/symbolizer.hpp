#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace interleave {

/// A function that was under way at an address.
struct frame {
    std::string function;        ///< Demangled; empty when not known.
    std::filesystem::path file;  ///< As the compiler was given it; empty when not known.
    int line = 0;
    int column = 0;  ///< 0 when not known.
};

/// For each address the functions under way there: the innermost inlined one first, the one that is
/// really called last; none when nothing is known. The addresses are relative to where the
/// executable is loaded. One call of llvm-symbolizer or addr2line answers all; where neither is
/// installed, or the executable cannot be read, every entry is empty. Any thread.
std::vector<std::vector<frame>> symbolize(const std::filesystem::path& executable,
                                          const std::vector<std::uintptr_t>& addresses);

/// The answers of `llvm-symbolizer --print-address` (name, file:line:column) and of `addr2line -a`
/// (name, file:line) are alike; both begin each address with its number.
std::vector<std::vector<frame>> parse_symbolizer_output(std::string_view text);

}  // namespace interleave
