#pragma once
#include <filesystem>
#include <string>

#include "course/lesson.hpp"
#include "terminal/style.hpp"
#include "verdict/verdict.hpp"

namespace interleave {

/// How verdicts are said to a person: by `check`, `learn` and `verify` alike.
class presenter {
  public:
    /// Paths are shown relative to `root` when they lie inside it.
    presenter(const style& look, std::filesystem::path root)
        : style_(look), root_(std::move(root)) {}

    /// "01-lost-update  Lost update"
    std::string title(const lesson&) const;

    /// One line: the stage, what it concluded, how long it took, and why in a sentence.
    std::string stage_line(const stage_result&) const;

    /// The decisive stage explained: its evidence, cut to `rows` lines. Empty when all passed.
    std::string explanation(const verdict&, int rows) const;

    /// The last line: points and, clickable, the place to look at.
    std::string closing(const lesson&, const verdict&) const;

    std::string path(const std::filesystem::path&) const;
    std::string path(const place&) const;

    const style& look() const { return style_; }

  private:
    /// The evidence, with a story told in as much room as there is.
    std::string fitted_evidence(const stage_result&, int rows) const;

    /// A line broken so that it fits the terminal, if it is one.
    std::string fitted(const std::string& line) const;
    std::string coloured(outcome, std::string_view text) const;

    style style_;
    std::filesystem::path root_;
};

}  // namespace interleave
