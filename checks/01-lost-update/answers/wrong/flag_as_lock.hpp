// wrong: race: A volatile bool is no lock, and looking at it is a race of its own.
#pragma once

#include <thread>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() {
        while (busy_) std::this_thread::yield();
        busy_ = true;
        ++value_;
        busy_ = false;
    }

    long value() const { return value_; }

  private:
    volatile bool busy_ = false;
    long value_ = 0;
};

}  // namespace lesson
