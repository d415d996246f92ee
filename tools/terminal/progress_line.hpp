#pragma once
#include <mutex>
#include <string>
#include <string_view>

#include "terminal/style.hpp"

namespace interleave {

/// One line at the bottom of a terminal that says what is going on, rewritten in place; off a
/// terminal nothing of it is written. Ordinary lines go above it. Any thread.
class progress_line {
  public:
    explicit progress_line(const style& look) : style_(look) {}
    progress_line(const progress_line&) = delete;
    ~progress_line() { clear(); }

    void show(std::string_view text);
    void clear();

    /// Writes a whole line to standard output, above the progress line.
    void print(std::string_view line);

  private:
    void erase();

    const style style_;
    std::mutex mutex_;
    std::string shown_;  // guarded by mutex_
};

}  // namespace interleave
