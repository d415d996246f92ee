#pragma once
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "course/lesson.hpp"
#include "runner/check_cases.hpp"
#include "runner/presets.hpp"
#include "runner/runner.hpp"
#include "verdict/verdict.hpp"

namespace interleave {

/// Runs an answer's built check for one stage after the other and decides each. Any thread; what is
/// given by reference must outlive it.
class stage_executor {
  public:
    stage_executor(presets& builds, const std::filesystem::path& root, const lesson& what,
                   const answer& whose, const run_options& options, std::stop_token stop);

    /// `program` is of this preset. `has_hung`: another stage has waited in vain, so that this one
    /// may be endless as well. Throws process_error and preset_error.
    [[nodiscard]] stage_result execute(stage which, const std::string& preset,
                                       const std::filesystem::path& program, bool has_hung) const;

  private:
    struct run_conditions {
        bool has_hung = false;
        bool one_processor = false;
    };
    [[nodiscard]] stage_result execute_once(stage which, const std::string& preset,
                                            const std::filesystem::path& program,
                                            run_conditions conditions) const;
    [[nodiscard]] bool left_to_the_explorer(const recipe& how,
                                            const std::filesystem::path& built_in) const;

    presets& builds_;
    const std::filesystem::path& root_;
    const lesson& lesson_;
    const answer& answer_;
    const run_options& options_;
    const std::stop_token stop_;
    const std::vector<declared_case> cases_;
};

}  // namespace interleave
