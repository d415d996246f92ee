#pragma once
#include <semaphore.h>
#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstddef>

namespace interleave {

/// Holds calls until it is opened, in whichever process they are made; to be kept in memory that
/// those processes share (`shared`). Any thread of any of them.
///
/// A call whose gate cannot be opened any more, because the calls never come together or because
/// the answer does not let the check go on, sees that the others sleep or spin, and gives up. Once
/// one has given up, nobody waits.
class process_gate {
  public:
    /// With `opened_by`, the call of that number opens it; otherwise only open() does. Made in the
    /// process that all others descend from.
    explicit process_gate(int opened_by = 0);
    ~process_gate() { ::sem_destroy(&turn_); }
    process_gate(const process_gate&) = delete;
    process_gate& operator=(const process_gate&) = delete;

    void visit();

    void open() { ::sem_post(&turn_); }

    /// How many calls have come so far, held or not.
    int arrived() const { return arrived_.load(std::memory_order_relaxed); }

    bool given_up() const { return given_up_.load(std::memory_order_relaxed); }

    /// Whether `process` waits here.
    bool holds(pid_t process) const;

  private:
    bool wait_for_turn();

    const int opened_by_;
    const pid_t program_;
    sem_t turn_;  ///< Never below one again once the gate is open.
    std::array<std::atomic<pid_t>, 64> held_{};
    std::atomic<int> arrived_ = 0;
    std::atomic<bool> given_up_ = false;
};

}  // namespace interleave
