#pragma once
#include <cstdio>
#include <string>
#include <string_view>

namespace interleave {

/// What the terminal can show. Colour only on a terminal, and never when NO_COLOR is set.
class style {
  public:
    /// For the terminal behind `stream`, or for a file or pipe: no colour, no line rewriting.
    static style of(std::FILE* stream);

    explicit style(bool colour = false, bool terminal = false, int columns = 100, int rows = 40)
        : colour_(colour), terminal_(terminal), columns_(columns), rows_(rows) {}

    std::string good(std::string_view text) const { return painted("32", text); }
    std::string bad(std::string_view text) const { return painted("31", text); }
    std::string unsure(std::string_view text) const { return painted("33", text); }
    std::string strong(std::string_view text) const { return painted("1", text); }
    std::string faint(std::string_view text) const { return painted("2", text); }

    bool terminal() const { return terminal_; }
    int columns() const { return columns_; }
    int rows() const { return rows_; }

  private:
    std::string painted(std::string_view code, std::string_view text) const;

    bool colour_;
    bool terminal_;
    int columns_;
    int rows_;
};

}  // namespace interleave
