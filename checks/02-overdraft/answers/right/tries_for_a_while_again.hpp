// right: A timed mutex: who has not got it in time tries again, and does nothing before it has it.
#pragma once

#include <chrono>
#include <mutex>

namespace lesson {

/// Money of one owner, in cents, never less than nothing. Any thread may call anything here, on any
/// accounts. No amount is negative.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const {
        const auto lock = patiently();
        return cents_;
    }

    void deposit(long cents) {
        const auto lock = patiently();
        cents_ += cents;
    }

    /// Pays `cents` out. Returns false, and pays nothing, when there is less.
    bool withdraw(long cents) {
        const auto lock = patiently();
        if (cents_ < cents) return false;
        cents_ -= cents;
        return true;
    }

    /// Moves `cents` to an account, which may be the same one. Returns false, and moves nothing,
    /// when there is less. In between, the money may be on neither account.
    bool transfer(account& to, long cents) {
        if (!withdraw(cents)) return false;
        to.deposit(cents);
        return true;
    }

  private:
    std::unique_lock<std::timed_mutex> patiently() const {
        std::unique_lock lock(mutex_, std::defer_lock);
        while (!lock.try_lock_for(std::chrono::milliseconds(20))) {
        }
        return lock;
    }

    mutable std::timed_mutex mutex_;
    long cents_;  // guarded by mutex_
};

}  // namespace lesson
