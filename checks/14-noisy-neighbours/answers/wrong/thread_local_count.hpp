// wrong: wrong-result: a thread_local count is far from the others, and total() sees the caller's
// only.
#pragma once

namespace lesson {

class per_thread_counter {
  public:
    explicit per_thread_counter(int) { count() = 0; }

    long& slot(int) { return count(); }

    long total() const { return count(); }

  private:
    static long& count() {
        thread_local long mine = 0;
        return mine;
    }
};

}  // namespace lesson
