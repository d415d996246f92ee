// wrong: wrong-result: A transfer that is refused gives the semaphore back twice, and from then on
// two get in at once.
#pragma once

#include <semaphore>

namespace lesson {

/// Money of one owner, in cents, never less than nothing. Any thread may call anything here, on any
/// accounts. No amount is negative.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const {
        free_.acquire();
        const long now = cents_;
        free_.release();
        return now;
    }

    void deposit(long cents) {
        free_.acquire();
        cents_ += cents;
        free_.release();
    }

    /// Pays `cents` out. Returns false, and pays nothing, when there is less.
    bool withdraw(long cents) {
        free_.acquire();
        const bool covered = cents_ >= cents;
        if (covered) cents_ -= cents;
        free_.release();
        return covered;
    }

    /// Moves `cents` to an account, which may be the same one. Returns false, and moves nothing,
    /// when there is less. In between, the money may be on neither account.
    bool transfer(account& to, long cents) {
        free_.acquire();
        const bool covered = cents_ >= cents;
        if (covered) {
            cents_ -= cents;
        } else {
            free_.release();
        }
        free_.release();
        if (covered) to.deposit(cents);
        return covered;
    }

  private:
    mutable std::counting_semaphore<> free_{1};
    long cents_;  // guarded by free_
};

}  // namespace lesson
