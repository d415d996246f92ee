// wrong: wrong-result: A deposit needs no lock, it thinks, and a withdrawal overwrites it.
#pragma once

#include <atomic>
#include <mutex>

namespace lesson {

/// Money of one owner, in cents, never less than nothing. Any thread may call anything here, on any
/// accounts. No amount is negative.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const { return cents_; }

    void deposit(long cents) { cents_ += cents; }

    /// Pays `cents` out. Returns false, and pays nothing, when there is less.
    bool withdraw(long cents) {
        std::lock_guard lock(mutex_);
        const long seen = cents_;
        if (seen < cents) return false;
        cents_ = seen - cents;
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
    std::mutex mutex_;  // of those who withdraw
    std::atomic<long> cents_;
};

}  // namespace lesson
