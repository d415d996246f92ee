#pragma once

#include "labels.hpp"
#include "library_call.hpp"
#include "symbols.hpp"
#include "trace.hpp"

namespace interleave::detail {

/// The records of the traced execution with their places in the program's own source. The beginning
/// of a long run is left out.
class placed_trace {
  public:
    /// `pc` is one more address to look up, of the failure itself.
    explicit placed_trace(std::uintptr_t pc);

    /// The first record that has a place.
    [[nodiscard]] std::size_t first() const { return first_; }

    /// The innermost line of the program that led to the record; nullptr when there is none.
    [[nodiscard]] const source_place* place_of(const trace_record&) const;
    /// The outermost one: where the thread's own code begins.
    [[nodiscard]] const source_place* origin_of(const trace_record&) const;
    /// The function of the standard library that the program's line calls; empty when there is
    /// none.
    [[nodiscard]] library_call call_of(const trace_record&) const;
    /// Whether a file of this name is in the record's innermost frames.
    [[nodiscard]] bool mentions(const trace_record&, const char* file) const;

    [[nodiscard]] const std::vector<source_place>& at(std::uintptr_t pc) const {
        return symbols_.at(pc);
    }

  private:
    [[nodiscard]] const std::vector<source_place>& frame(const trace_record&, int index) const;

    symbol_table symbols_;
    std::size_t first_ = 0;
};

}  // namespace interleave::detail
