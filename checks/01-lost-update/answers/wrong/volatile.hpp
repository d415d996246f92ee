// wrong: race: volatile orders nothing between threads.
#pragma once

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() { value_ = value_ + 1; }

    long value() const { return value_; }

  private:
    volatile long value_ = 0;
};

}  // namespace lesson
