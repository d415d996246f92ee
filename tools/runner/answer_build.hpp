#pragma once
#include <filesystem>
#include <stop_token>

#include "course/lesson.hpp"
#include "runner/recipe.hpp"
#include "verdict/verdict.hpp"

namespace interleave {

/// An answer compiled against its lesson's check with one preset's recipe.
struct built_answer {
    std::filesystem::path program;
    stage_result result;  ///< of stage::build; says why there is no program unless it passed.
    bool cancelled = false;
    bool stale_parts = false;  ///< It failed because the preset's parts have to be made again.

    /// The same objects linked with the explorer, when that was asked for. Where the explorer is
    /// not ported it is `program`: its scenarios are sampled then.
    std::filesystem::path explored;
    stage_result explored_result;  ///< Of that link.
};

/// Compiles and links into `folder`, which must exist, and with `explore` links once more with the
/// explorer, side by side. Nothing outside of `folder` is written.
built_answer build_answer(const recipe&, const lesson&, const answer&,
                          const std::filesystem::path& folder, bool explore, std::stop_token stop);

}  // namespace interleave
