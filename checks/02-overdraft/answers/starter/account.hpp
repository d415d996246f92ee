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

    void deposit(long cents) { add(cents); }

    /// Pays `cents` out. Returns false, and pays nothing, when there is less.
    // TODO(learner): what one thread has been promised, no other thread may be paid.
    bool withdraw(long cents) {
        if (balance() < cents) return false;
        add(-cents);
        return true;
    }

    /// Moves `cents` to an account, which may be the same one. Returns false, and moves nothing,
    /// when there is less. In between, the money may be on neither account.
    // TODO(learner): the same holds here.
    bool transfer(account& to, long cents) {
        if (balance() < cents) return false;
        add(-cents);
        to.add(cents);
        return true;
    }

  private:
    void add(long cents) {
        std::lock_guard lock(mutex_);
        cents_ += cents;
    }

    mutable std::mutex mutex_;
    long cents_;  // guarded by mutex_
};

}  // namespace lesson
