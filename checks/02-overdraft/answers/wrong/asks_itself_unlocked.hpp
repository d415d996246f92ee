// wrong: race: A transfer to itself moves nothing, it thinks, and reads without the lock.
#pragma once

#include <mutex>

namespace lesson {

/// Money of one owner, in cents, never less than nothing. Any thread may call anything here, on any
/// accounts. No amount is negative.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const {
        std::lock_guard lock(mutex_);
        return cents_;
    }

    void deposit(long cents) {
        std::lock_guard lock(mutex_);
        cents_ += cents;
    }

    /// Pays `cents` out. Returns false, and pays nothing, when there is less.
    bool withdraw(long cents) {
        std::lock_guard lock(mutex_);
        if (cents_ < cents) return false;
        cents_ -= cents;
        return true;
    }

    /// Moves `cents` to an account, which may be the same one. Returns false, and moves nothing,
    /// when there is less. In between, the money may be on neither account.
    bool transfer(account& to, long cents) {
        if (&to == this) return cents_ >= cents;
        if (!withdraw(cents)) return false;
        to.deposit(cents);
        return true;
    }

  private:
    mutable std::mutex mutex_;
    long cents_;  // guarded by mutex_
};

}  // namespace lesson
