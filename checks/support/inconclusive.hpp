#pragma once

#include <stdexcept>
#include <string>

namespace interleave {

/// The machine could not show what a check wanted to see: too few cores, too busy. It says nothing
/// about the answer, and a check lets it pass. Another run, on a quieter machine, may decide.
class inconclusive : public std::runtime_error {
  public:
    /// `what` is a sentence: what could not be seen, and why.
    explicit inconclusive(const std::string& what) : std::runtime_error(what) {}
};

}  // namespace interleave
