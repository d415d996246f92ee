#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace interleave::detail {

struct source_place {
    std::string function, file;
    int line = 0;
};

/// Source places of code addresses, asked of llvm-symbolizer or addr2line, after the fact.
class symbol_table {
  public:
    /// Looks up all of them at once; return addresses, as the trace has them.
    void load(std::vector<std::uintptr_t> addresses);
    /// Innermost inlined function first; empty when nothing is known.
    [[nodiscard]] const std::vector<source_place>& at(std::uintptr_t address) const;

  private:
    void give_lines(const std::vector<std::uintptr_t>& sorted);

    std::map<std::uintptr_t, std::vector<source_place>> places_;
};

/// Where the executable is loaded: what its addresses on disk are relative to.
[[nodiscard]] std::uintptr_t load_address();
/// True for files of the program, false for those of the system and of the explorer.
[[nodiscard]] bool is_program_source(const std::string& file);
/// The line's text without indentation; empty when it cannot be read.
[[nodiscard]] std::string source_text(const std::string& file, int line);

}  // namespace interleave::detail
