// wrong: wrong-result: A transfer that is refused gives one semaphore back twice, and from then on
// two get in at once.
#pragma once

#include <algorithm>
#include <atomic>
#include <semaphore>

namespace lesson {

/// Money of one owner, in cents. Any thread may call anything here, on any accounts.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const {
        free_.acquire();
        const long now = cents_;
        free_.release();
        return now;
    }

    /// Moves `cents`, which is not negative, between two accounts. Returns false, and moves
    /// nothing, when `from` has less. Both may be the same account: then nothing moves either way.
    friend bool transfer(account& from, account& to, long cents);

    /// The money on two different accounts at one moment: a transfer between them is seen whole or
    /// not at all.
    friend long total(const account& left, const account& right);

  private:
    mutable std::counting_semaphore<> free_{1};
    std::atomic<long> cents_;  // guarded by free_
};

inline bool transfer(account& from, account& to, long cents) {
    if (&from == &to) return from.balance() >= cents;
    const auto [first, second] = std::minmax({&from.free_, &to.free_});
    first->acquire();
    second->acquire();
    const bool covered = from.cents_ >= cents;
    if (covered) {
        from.cents_ = from.cents_ - cents;
        to.cents_ = to.cents_ + cents;
    } else {
        from.free_.release();
    }
    second->release();
    first->release();
    return covered;
}

inline long total(const account& left, const account& right) {
    const auto [first, second] = std::minmax({&left.free_, &right.free_});
    first->acquire();
    second->acquire();
    const long both = left.cents_ + right.cents_;
    second->release();
    first->release();
    return both;
}

}  // namespace lesson
