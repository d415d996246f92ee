#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "trace.hpp"

namespace interleave::detail {

/// Names for what the threads share, taken from the source lines that use it.
class labels {
  public:
    /// A line that does this with the object at the address.
    void learn(const trace_record& record, const std::string& text);
    /// Letters for objects that the source calls alike, of those that are told: mutex A, mutex B.
    void settle(const std::set<std::uintptr_t>& told);
    /// The source has a word for it, and it is a variable.
    [[nodiscard]] bool is_named_variable(std::uintptr_t address) const;
    [[nodiscard]] std::string of(std::uintptr_t address) const;

  private:
    struct entry {
        std::string name, kind;
        std::size_t order = 0;
        bool guessed = false;  ///< the kind, from a wait alone
    };
    std::map<std::uintptr_t, entry> entries_;
};

}  // namespace interleave::detail
