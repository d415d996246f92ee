// wrong: race: The mutex is thread_local, so that it keeps nobody else out.
#pragma once

#include <mutex>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() {
        std::lock_guard lock(mutex());
        ++value_;
    }

    long value() const {
        std::lock_guard lock(mutex());
        return value_;
    }

  private:
    static std::mutex& mutex() {
        thread_local std::mutex mutex;
        return mutex;
    }

    long value_ = 0;
};

}  // namespace lesson
