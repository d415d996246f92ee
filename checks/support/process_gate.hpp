#pragma once
#include <semaphore.h>
#include <sys/types.h>

#include <atomic>

namespace interleave {

/// Holds calls until it is opened, in whichever process they are made; to be kept in memory that
/// those processes share (`shared`). Any thread of any of them.
///
/// A call that is held looks out for its turn again and again, and gives up when nobody else did
/// anything at so many looks, or went on and on: an answer whose calls never come together, or that
/// does not let the check go on to open the gate, would keep the check for ever. Who waits for a
/// processor is waited for. Once one call has given up, nobody waits. Made by the process from
/// which all that come to it descend.
class process_gate {
  public:
    /// With `opened_by`, the call of that number opens it; otherwise only open() does.
    explicit process_gate(int opened_by = 0);
    ~process_gate();
    process_gate(const process_gate&) = delete;
    process_gate& operator=(const process_gate&) = delete;

    void visit();
    void open();

    /// How many calls have come so far, held or not.
    int arrived() const { return arrived_.load(std::memory_order_relaxed); }

    bool given_up() const { return given_up_.load(std::memory_order_relaxed); }

  private:
    const int opened_by_;
    const pid_t maker_;
    sem_t turn_;  ///< Never below one again once the gate is open.
    std::atomic<int> arrived_ = 0;
    std::atomic<bool> given_up_ = false;
};

}  // namespace interleave
