// wrong: wrong-result: When its exchange failed ten times, refuses, though there is enough left.
#pragma once

#include <atomic>

namespace lesson {

/// Money of one owner, in cents, never less than nothing. Any thread may call anything here, on any
/// accounts. No amount is negative.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const { return cents_.load(); }

    void deposit(long cents) { cents_ += cents; }

    /// Pays `cents` out. Returns false, and pays nothing, when there is less.
    bool withdraw(long cents) {
        long now = cents_.load();
        for (int tries = 0; tries < 10 && now >= cents; ++tries) {
            if (cents_.compare_exchange_weak(now, now - cents)) return true;
        }
        return false;
    }

    /// Moves `cents` to an account, which may be the same one. Returns false, and moves nothing,
    /// when there is less. In between, the money may be on neither account.
    bool transfer(account& to, long cents) {
        if (!withdraw(cents)) return false;
        to.deposit(cents);
        return true;
    }

  private:
    std::atomic<long> cents_;
};

}  // namespace lesson
