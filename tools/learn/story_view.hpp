#pragma once
#include <interleave/story.hpp>
#include <string>
#include <vector>

#include "terminal/style.hpp"

namespace interleave {

/// A story to step through: which step is being looked at, and what it looks like.
class story_view {
  public:
    story_view() = default;

    /// `message` says what the story comes to; it is shown with the last step.
    story_view(const story& told, std::string message);

    bool empty() const { return steps_.empty(); }
    void forward();
    void backward();
    void to_the_beginning() { at_ = 0; }
    void to_the_end();

    /// The step, its source line, what each thread is doing by then, the values last seen, and the
    /// steps around it; the most telling first, for small windows. At most `rows` lines, each no
    /// wider than the window.
    std::vector<std::string> page(const style& look, int rows) const;

  private:
    std::vector<std::string> threads_by_now() const;
    std::string values_by_now() const;
    std::string title_of(const story_event&) const;

    std::vector<story_event> steps_;  ///< Without the starting and joining of threads.
    std::string message_;
    std::size_t at_ = 0;
};

}  // namespace interleave
