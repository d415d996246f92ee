// right: The balance can only be reached through a function that is run under the lock.
#pragma once

#include <mutex>
#include <type_traits>

namespace lesson {

/// Money of one owner, in cents, never less than nothing. Any thread may call anything here, on any
/// accounts. No amount is negative.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const {
        return locked([](long cents) { return cents; });
    }

    void deposit(long cents) {
        locked([=](long& mine) { mine += cents; });
    }

    /// Pays `cents` out. Returns false, and pays nothing, when there is less.
    bool withdraw(long cents) {
        return locked([=](long& mine) {
            const bool covered = mine >= cents;
            if (covered) mine -= cents;
            return covered;
        });
    }

    /// Moves `cents` to an account, which may be the same one. Returns false, and moves nothing,
    /// when there is less. In between, the money may be on neither account.
    bool transfer(account& to, long cents) {
        if (!withdraw(cents)) return false;
        to.deposit(cents);
        return true;
    }

  private:
    template <class Work>
    std::invoke_result_t<Work, long&> locked(Work work) const {
        std::lock_guard lock(mutex_);
        return work(cents_);
    }

    mutable std::mutex mutex_;
    mutable long cents_;  // guarded by mutex_
};

}  // namespace lesson
