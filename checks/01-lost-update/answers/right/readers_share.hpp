// right: A shared_mutex: readers together, a writer alone.
#pragma once

#include <mutex>
#include <shared_mutex>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() {
        std::lock_guard lock(mutex_);
        ++value_;
    }

    long value() const {
        std::shared_lock lock(mutex_);
        return value_;
    }

  private:
    mutable std::shared_mutex mutex_;
    long value_ = 0;  // guarded by mutex_
};

}  // namespace lesson
