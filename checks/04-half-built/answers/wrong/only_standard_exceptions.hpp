// wrong: deadlock: Frees the place after a std::exception only: whatever else the constructor
// throws leaves the others asleep.
#pragma once

#include <atomic>
#include <exception>
#include <memory>

namespace lesson {

/// The one T of the program, made when it is first asked for. Every T has a singleton of its own.
template <class T>
class singleton {
  public:
    /// The finished T, the same one for all who ask. The first call makes it with T's default
    /// constructor, which may ask for singletons of other types; whoever asks meanwhile waits. No
    /// second T is ever made. An exception of the constructor leaves the call that made the
    /// attempt, and the next call makes another. Any thread.
    static T& instance() {
        for (;;) {
            state seen = state::none;
            if (state_.compare_exchange_strong(seen, state::being_made)) {
                build();
                return *value_;
            }
            if (seen == state::made) return *value_;
            state_.wait(state::being_made);
        }
    }

  private:
    enum class state { none, being_made, made };

    static void build() {
        try {
            value_ = std::make_unique<T>();
        } catch (const std::exception&) {
            go_to(state::none);
            throw;
        }
        go_to(state::made);
    }

    static void go_to(state next) {
        state_ = next;
        state_.notify_all();
    }

    static inline std::atomic<state> state_ = state::none;
    static inline std::unique_ptr<T> value_;  // belongs to whoever went to being_made
};

}  // namespace lesson
