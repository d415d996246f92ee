#pragma once

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    // TODO(learner): ten threads call increment() at the same time, and no increment may be lost.
    void increment() { ++value_; }

    long value() const { return value_; }

  private:
    long value_ = 0;
};

}  // namespace lesson
