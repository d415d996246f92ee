// right: A binary semaphore in the place of a mutex.
#pragma once

#include <semaphore>

namespace lesson {

/// Counts events. Any thread may call any member.
class counter {
  public:
    void increment() {
        free_.acquire();
        ++value_;
        free_.release();
    }

    long value() const {
        free_.acquire();
        const long result = value_;
        free_.release();
        return result;
    }

  private:
    mutable std::binary_semaphore free_{1};
    long value_ = 0;  // guarded by free_
};

}  // namespace lesson
