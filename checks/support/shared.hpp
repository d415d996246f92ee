#pragma once
#include <sys/mman.h>

#include <new>

#include "support/infrastructure.hpp"

namespace interleave {

/// An object that this process and those it forks from now on all see, each at the same address.
/// Its members have to be made for that: lock-free atomics, or a process_gate.
template <class T>
class shared {
  public:
    shared() {
        void* const memory =
            ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) throw infrastructure_error("There is no memory to share.");
        object_ = new (memory) T;
    }

    ~shared() {
        object_->~T();
        ::munmap(object_, sizeof(T));
    }

    shared(const shared&) = delete;
    shared& operator=(const shared&) = delete;

    T& operator*() const { return *object_; }
    T* operator->() const { return object_; }
    T* get() const { return object_; }

  private:
    T* object_;
};

}  // namespace interleave
