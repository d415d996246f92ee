// wrong: wrong-result: Indivisible, and too narrow for more than 21 million.
#pragma once

#include <atomic>

namespace lesson {

/// Money of one owner, in cents, never less than nothing. Any thread may call anything here, on any
/// accounts. No amount is negative.
class account {
  public:
    explicit account(long cents) : cents_(static_cast<int>(cents)) {}

    long balance() const { return cents_; }

    void deposit(long cents) { cents_ += static_cast<int>(cents); }

    /// Pays `cents` out. Returns false, and pays nothing, when there is less.
    bool withdraw(long cents) {
        int seen = cents_;
        do {
            if (seen < cents) return false;
        } while (!cents_.compare_exchange_weak(seen, seen - static_cast<int>(cents)));
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
    std::atomic<int> cents_;
};

}  // namespace lesson
