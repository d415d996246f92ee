#pragma once
#include <algorithm>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <vector>

#include "course/lesson.hpp"
#include "runner/machine_lock.hpp"
#include "runner/presets.hpp"
#include "verdict/verdict.hpp"

namespace interleave {

/// Which stages to run, and how.
struct run_options {
    /// Only these of the lesson's stages; empty: all of them. `build` is always among them.
    std::vector<stage> only;
    bool gcc = false;  ///< Build with the gcc presets instead of clang's.
    /// Leave out the stages that cannot change the kind of an answer which has failed already.
    bool kind_only = false;
    bool solo = true;  ///< Use every core for this answer: builds of several stages side by side.
    std::string schedule;  ///< interleavings: replay this schedule instead of exploring.

    [[nodiscard]] bool selects(stage which) const {
        return only.empty() || std::find(only.begin(), only.end(), which) != only.end();
    }
};

/// Told of each stage's beginning and end, from the thread that calls runner::run.
struct run_observer {
    std::function<void(stage)> started;
    std::function<void(const stage_result&)> finished;
    /// A stage has failed while one before it is still under way: what it found can be shown
    /// already. It is told as `finished` in its turn.
    std::function<void(const stage_result&)> failed_ahead;
};

/// Takes one answer through its stages: the only place where it is decided whether an answer is
/// right. Any thread; several runs at once share the machine, and a speedup stage has it alone.
class runner {
  public:
    /// `root` is the checkout; `builds` the parent of the preset folders. Both absolute.
    runner(std::filesystem::path root, std::filesystem::path builds);

    /// Runs the stages and returns the record. Stages after a failed build are skipped, and with
    /// `kind_only` those that cannot change the kind; no other failure keeps a later stage from
    /// being run, so that an answer has one kind on every machine. After `stop` the record holds
    /// the stages that had ended. Throws preset_error, course_error or process_error when the
    /// machine or the course, not the answer, is at fault.
    verdict run(const lesson&, const answer&, const run_options& = {}, const run_observer& = {},
                std::stop_token stop = {});

    presets& builds() { return presets_; }

  private:
    class job;

    const std::filesystem::path root_;
    presets presets_;
    machine_lock machine_;  ///< Held shared by a stage, alone by a speedup stage.
};

}  // namespace interleave
