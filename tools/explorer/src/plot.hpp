#pragma once

#include <set>

#include "execute.hpp"
#include "placed_trace.hpp"

namespace interleave::detail {

/// Which records of the traced execution matter to the failure that ended it.
class plot {
  public:
    plot(const failure_record& failed, const placed_trace& trace);

    /// The records that the message speaks of: the two accesses of a race, the last step.
    [[nodiscard]] bool is_culprit(std::size_t index) const { return culprits_.contains(index); }
    [[nodiscard]] const std::set<std::size_t>& culprits() const { return culprits_; }

    /// Whether the record belongs to the story as far as its kind and its threads tell.
    [[nodiscard]] bool is_worth_telling(std::size_t index, const source_place&) const;
    /// Whether it still does once the names of things are known.
    [[nodiscard]] bool is_understood(std::size_t index, const labels&) const;
    /// Of a deadlock: what concerns the locks that are held or waited for at its end.
    void keep_involved(std::vector<std::size_t>& chosen) const;

  private:
    void find_shared();
    void find_culprits();

    const failure_record& failed_;
    const placed_trace& trace_;
    std::set<std::uintptr_t> shared_;
    std::set<std::size_t> culprits_;
    std::set<std::size_t> alone_;  ///< what the main thread did while there was no other
};

}  // namespace interleave::detail
