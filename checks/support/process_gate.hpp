#pragma once
#include <semaphore.h>

#include <atomic>
#include <cerrno>
#include <ctime>

namespace interleave {

/// Holds calls until it is opened, in whichever process they are made; to be kept in memory that
/// those processes share (`shared`). Any thread of any of them.
///
/// The patience only bounds how long an answer whose calls never come together, or that does not
/// let the check go on to open the gate, keeps the check. Once one call has given up, nobody waits.
class process_gate {
  public:
    /// With `opened_by`, the call of that number opens it; otherwise only open() does.
    explicit process_gate(int opened_by = 0) : opened_by_(opened_by) { ::sem_init(&turn_, 1, 0); }
    ~process_gate() { ::sem_destroy(&turn_); }
    process_gate(const process_gate&) = delete;
    process_gate& operator=(const process_gate&) = delete;

    void visit() {
        if (arrived_.fetch_add(1, std::memory_order_relaxed) + 1 == opened_by_) open();
        timespec deadline{};
        ::clock_gettime(CLOCK_MONOTONIC, &deadline);
        deadline.tv_sec += patience_seconds;
        int failed = 0;
        do {
            failed = ::sem_clockwait(&turn_, CLOCK_MONOTONIC, &deadline);
        } while (failed != 0 && errno == EINTR);
        if (failed != 0) given_up_.store(true, std::memory_order_relaxed);
        ::sem_post(&turn_);  // the next one's turn
    }

    void open() { ::sem_post(&turn_); }

    /// How many calls have come so far, held or not.
    int arrived() const { return arrived_.load(std::memory_order_relaxed); }

    bool given_up() const { return given_up_.load(std::memory_order_relaxed); }

  private:
    static constexpr int patience_seconds = 5;

    const int opened_by_;
    sem_t turn_;  ///< Never below one again once the gate is open.
    std::atomic<int> arrived_ = 0;
    std::atomic<bool> given_up_ = false;
};

}  // namespace interleave
