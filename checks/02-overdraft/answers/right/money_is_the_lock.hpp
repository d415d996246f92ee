// right: Whoever wants to change the balance takes all the money out, and the others wait until it
// is back.
#pragma once

#include <atomic>

namespace lesson {

/// Money of one owner, in cents, never less than nothing. Any thread may call anything here, on any
/// accounts. No amount is negative.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const {
        long seen = cents_.load();
        while (seen == taken) {
            cents_.wait(taken);
            seen = cents_.load();
        }
        return seen;
    }

    void deposit(long cents) { put_back(take_out() + cents); }

    /// Pays `cents` out. Returns false, and pays nothing, when there is less.
    bool withdraw(long cents) {
        const long all = take_out();
        const bool covered = all >= cents;
        put_back(covered ? all - cents : all);
        return covered;
    }

    /// Moves `cents` to an account, which may be the same one. Returns false, and moves nothing,
    /// when there is less. In between, the money may be on neither account.
    bool transfer(account& to, long cents) {
        if (!withdraw(cents)) return false;
        to.deposit(cents);
        return true;
    }

  private:
    static constexpr long taken = -1;  // which no balance ever is

    long take_out() {
        for (;;) {
            const long all = cents_.exchange(taken);
            if (all != taken) return all;
            cents_.wait(taken);
        }
    }
    void put_back(long cents) {
        cents_.store(cents);
        cents_.notify_all();
    }

    std::atomic<long> cents_;
};

}  // namespace lesson
