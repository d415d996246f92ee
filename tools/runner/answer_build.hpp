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
};

/// Compiles and links into `folder`, which must exist. Nothing outside of it is written.
built_answer build_answer(const recipe&, const lesson&, const answer&,
                          const std::filesystem::path& folder, std::stop_token stop);

/// Links what build_answer has compiled in `folder` with the explorer. The program is the one that
/// was built there already where the explorer is not ported: its scenarios are sampled then.
built_answer link_explored(const recipe&, const built_answer&, const answer&, std::stop_token stop);

}  // namespace interleave
