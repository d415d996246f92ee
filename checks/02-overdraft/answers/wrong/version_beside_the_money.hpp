// wrong: wrong-result: A version shares the word with the balance, and leaves it room for 171
// million only.
#pragma once

#include <atomic>

namespace lesson {

/// Money of one owner, in cents, never less than nothing. Any thread may call anything here, on any
/// accounts. No amount is negative.
class account {
  public:
    explicit account(long cents) : word_(cents) {}

    long balance() const { return word_.load() & money; }

    void deposit(long cents) {
        long now = word_.load();
        while (!word_.compare_exchange_weak(now, next(now, (now & money) + cents))) {
        }
    }

    /// Pays `cents` out. Returns false, and pays nothing, when there is less.
    bool withdraw(long cents) {
        long now = word_.load();
        do {
            if ((now & money) < cents) return false;
        } while (!word_.compare_exchange_weak(now, next(now, (now & money) - cents)));
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
    static constexpr long money = (1L << 34) - 1;
    static long next(long word, long cents) { return ((word & ~money) + money + 1) | cents; }

    std::atomic<long> word_;
};

}  // namespace lesson
