// right: Who reads locks nothing: it reads the accounts, and again when the version of one has
// changed.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>

namespace lesson {

/// Money of one owner, in cents. Any thread may call anything here, on any accounts.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const;

    /// Moves `cents`, which is not negative, between two accounts. Returns false, and moves
    /// nothing, when `from` has less. Both may be the same account: then nothing moves either way.
    friend bool transfer(account& from, account& to, long cents);

    /// The money on two different accounts at one moment: a transfer between them is seen whole or
    /// not at all.
    friend long total(const account& left, const account& right);

  private:
    friend class glance;
    std::mutex mutex_;                        // of those who transfer
    std::atomic<unsigned long> version_ = 0;  // odd while a transfer is under way
    std::atomic<long> cents_;
};

// A look at one account, that is only good if it was unchanged to the end.
class glance {
  public:
    explicit glance(const account& at) : at_(at), version_(at.version_.load()) {}
    // All in one order: who finds one of the new balances finds the versions odd, or higher.
    long cents() const { return at_.cents_.load(); }
    bool good() const { return version_ % 2 == 0 && at_.version_.load() == version_; }

  private:
    const account& at_;
    const unsigned long version_;
};

inline long account::balance() const {
    for (;; std::this_thread::yield()) {
        const glance here(*this);
        const long result = here.cents();
        if (here.good()) return result;
    }
}

inline bool transfer(account& from, account& to, long cents) {
    if (&from == &to) return from.balance() >= cents;
    std::scoped_lock both(from.mutex_, to.mutex_);
    const long rest = from.cents_.load() - cents;
    if (rest < 0) return false;
    const long more = to.cents_.load() + cents;
    const unsigned long from_version = from.version_.load();
    const unsigned long to_version = to.version_.load();
    from.version_.store(from_version + 1);
    to.version_.store(to_version + 1);
    from.cents_.store(rest);
    to.cents_.store(more);
    from.version_.store(from_version + 2);
    to.version_.store(to_version + 2);
    return true;
}

inline long total(const account& left, const account& right) {
    for (;; std::this_thread::yield()) {
        const glance at_left(left);
        const glance at_right(right);
        const long sum = at_left.cents() + at_right.cents();
        if (at_left.good() && at_right.good()) return sum;
    }
}

}  // namespace lesson
