#pragma once

/// A counter that loses increments: nothing orders the threads that call it.
class counter {
  public:
    void increment() { ++value_; }
    long value() const { return value_; }

  private:
    long value_ = 0;
};
