// wrong: wrong-result: The look is indivisible, and so is the payment; the two together are not.
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
    std::atomic<long> cents_;
};

}  // namespace lesson
