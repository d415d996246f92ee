#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "runner/symbolizer.hpp"
#include "verdict/verdict.hpp"

namespace interleave {

/// Whose line a frame stands in.
enum class line_owner { answer, check, library };

/// A frame, and whose it is. The check's frames are those under the root that are not the answer's.
struct owned_frame {
    frame at;
    line_owner owner = line_owner::library;
};

using owned_stack = std::vector<owned_frame>;  ///< Innermost first.

/// Looks up the frames of several stacks at once and sorts them by owner.
class stack_reader {
  public:
    stack_reader(std::filesystem::path program, const std::filesystem::path& answer,
                 const std::filesystem::path& root);
    std::vector<owned_stack> read(const std::vector<std::vector<std::uintptr_t>>& stacks) const;

  private:
    line_owner owner_of(const std::filesystem::path& file) const;

    std::filesystem::path program_;
    std::filesystem::path answer_;
    std::filesystem::path root_;
};

/// The innermost frame of the answer, else of the check; nullptr when there is neither.
const owned_frame* telling_frame(const owned_stack& stack);

/// "bank.hpp:23", or "check.cpp:23 in the check".
std::string name_of_place(const owned_frame& frame);

/// The frame's line without its indentation, cut to fit a terminal; empty when it cannot be read.
std::string text_of_line(const owned_frame& frame);

place place_of(const owned_frame& frame);

/// Text that a program wrote, without control characters and no longer than `limit` bytes.
std::string harmless_text(std::string_view text, std::size_t limit);

}  // namespace interleave
