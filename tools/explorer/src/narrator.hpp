#pragma once

#include <map>

#include "interleave/story.hpp"
#include "placed_trace.hpp"

namespace interleave::detail {

/// "the main thread" or "thread 2".
[[nodiscard]] std::string thread_in_words(int id);

/// A lock that a thread holds, and the record that took it.
struct held_lock {
    std::uintptr_t address;
    const trace_record* taken;
};

/// Puts records into words, in their order: it follows who holds which lock.
class narrator {
  public:
    narrator(const placed_trace& trace, const labels& names) : trace_(trace), names_(names) {}

    /// To be called for every record in turn, before tell().
    void follow(const trace_record&);
    /// The record that was followed last, as a step of the story.
    [[nodiscard]] story_event tell(const trace_record&, const source_place&);

    /// The locks that a thread holds after what was followed so far, in the order of taking.
    [[nodiscard]] const std::vector<held_lock>& held_by(int thread) { return state_[thread].held; }

  private:
    struct thread_locks {
        std::vector<held_lock> held;
        std::uintptr_t given_up = 0;  ///< while it waits on a condition
        const trace_record* woken = nullptr;
        std::uintptr_t taken_again = 0;  ///< after such a wait, and not yet told
    };

    void put_into_words(story_event&, const trace_record&);
    void fold_into_call(story_event&, const trace_record&) const;

    const placed_trace& trace_;
    const labels& names_;
    std::map<int, thread_locks> state_;
};

}  // namespace interleave::detail
