#pragma once
#include <string>
#include <vector>

#include "terminal/style.hpp"

namespace interleave {

/// Builds one screenful: a top, a middle that gives way when the window is small, and a bottom that
/// is always there. No line is wider than the window, so that the window never scrolls.
class screen {
  public:
    explicit screen(const style& look) : style_(look) {}

    void top(const std::string& text) { add(top_, text); }
    void middle(const std::string& text) { add(middle_, text); }
    void bottom(const std::string& text) { add(bottom_, text); }

    /// As many lines as the window has.
    std::vector<std::string> lines() const;

    /// The escape sequences and text that replace what the window shows.
    std::string paint() const;

  private:
    void add(std::vector<std::string>& part, const std::string& text) const;

    style style_;
    std::vector<std::string> top_;
    std::vector<std::string> middle_;
    std::vector<std::string> bottom_;
};

}  // namespace interleave
