#pragma once
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "course/lesson.hpp"
#include "runner/runner.hpp"

namespace interleave {

/// A runner at work in a thread of its own, so that keys and saves are heard meanwhile. What it has
/// found so far can be read at any time; a new start ends the run before.
class background_run {
  public:
    /// Where a run stands.
    struct snapshot {
        bool running = false;
        std::string doing;                 ///< "race ...", or a long preparation.
        std::vector<stage_result> stages;  ///< That have ended, in their order.
        std::vector<stage_result> ahead;   ///< That have failed before those in between ended.
        std::optional<verdict> record;     ///< Once all have.
        std::string failure;               ///< The machine's or the course's fault, in a sentence.
    };

    /// `descriptor()` becomes readable when there is something new.
    explicit background_run(runner&);
    background_run(const background_run&) = delete;
    ~background_run();

    void start(const lesson&, const answer&);
    /// Ends the run and waits until nothing of it is left.
    void stop();
    /// The same, and nothing of it is shown any more.
    void clear();

    int descriptor() const { return pipe_[0]; }
    snapshot look();

  private:
    void work(const lesson&, const answer&, const std::stop_token&);
    void change(const std::function<void(snapshot&)>&);

    runner& runner_;
    int pipe_[2] = {-1, -1};
    std::mutex mutex_;
    snapshot state_;  // guarded by mutex_
    std::jthread thread_;
};

}  // namespace interleave
