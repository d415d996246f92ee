// wrong: wrong-result: Notes what was refused, to refuse it without the lock next time; the note
// may come after the money.
#pragma once

#include <atomic>
#include <limits>
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
        {
            std::lock_guard lock(mutex_);
            cents_ += cents;
        }
        too_much_ = nothing;
    }

    /// Pays `cents` out. Returns false, and pays nothing, when there is less.
    bool withdraw(long cents) {
        if (cents >= too_much_) return false;
        {
            std::lock_guard lock(mutex_);
            if (cents_ >= cents) {
                cents_ -= cents;
                return true;
            }
        }
        too_much_ = cents;
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
    static constexpr long nothing = std::numeric_limits<long>::max();

    mutable std::mutex mutex_;
    long cents_;  // guarded by mutex_
    std::atomic<long> too_much_ = nothing;
};

}  // namespace lesson
