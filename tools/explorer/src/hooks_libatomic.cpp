// libatomic's functions for objects of any size, which compilers call for what the machine has no
// instruction for. Here each of them is one step that both acquires and releases.

#include "race.hpp"
#include "scheduler.hpp"
#include "trace.hpp"

using namespace interleave::detail;

namespace {

std::uintptr_t number(const volatile void* address) {
    return reinterpret_cast<std::uintptr_t>(address);
}

bool equal_bytes(const void* a, const void* b, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
        if (static_cast<const char*>(a)[i] != static_cast<const char*>(b)[i]) return false;
    return true;
}

/// One of these operations: a step of the schedule inside an execution, a lock outside.
class one_step {
  public:
    one_step(const volatile void* place, std::size_t size, operation what, std::uintptr_t pc)
        : inside_(rt.active) {
        if (!inside_) {
            while (__atomic_exchange_n(&locked, true, __ATOMIC_ACQUIRE)) {
            }
            return;
        }
        const std::uintptr_t address = number(place);
        const bool read_only = what == operation::atomic_load;
        cell& c = cell_of(address);
        point(c, address, read_only);
        check_range(address, size, read_only ? access_read : access_write, pc);
        sync_object& object = sync_object_in(c, address);
        acquire(*rt.current, object.release);
        if (!read_only) release_join(*rt.current, object.release);
        trace_event(what, address, 0, pc, static_cast<int>(size < 255 ? size : 255), 5);
    }
    ~one_step() {
        if (!inside_) __atomic_store_n(&locked, false, __ATOMIC_RELEASE);
    }
    one_step(const one_step&) = delete;
    one_step& operator=(const one_step&) = delete;

  private:
    static inline INTERLEAVE_KEEP bool locked;
    bool inside_;
};

}  // namespace

// Names of builtins, hence the labels.
extern "C" {
void any_load(std::size_t, const void*, void*, int) asm("__atomic_load");
void any_store(std::size_t, void*, const void*, int) asm("__atomic_store");
void any_exchange(std::size_t, void*, const void*, void*, int) asm("__atomic_exchange");
bool any_exchange_if(std::size_t, void*, void*, const void*, int,
                     int) asm("__atomic_compare_exchange");

void any_load(std::size_t size, const void* from, void* to, int) {
    const one_step step(from, size, operation::atomic_load, INTERLEAVE_CALLER);
    copy_bytes(to, from, size);
}
void any_store(std::size_t size, void* to, const void* from, int) {
    const one_step step(to, size, operation::atomic_store, INTERLEAVE_CALLER);
    copy_bytes(to, from, size);
}
void any_exchange(std::size_t size, void* place, const void* from, void* before, int) {
    const one_step step(place, size, operation::atomic_rmw, INTERLEAVE_CALLER);
    copy_bytes(before, place, size);
    copy_bytes(place, from, size);
}
bool any_exchange_if(std::size_t size, void* place, void* expected, const void* from, int, int) {
    const one_step step(place, size, operation::atomic_rmw, INTERLEAVE_CALLER);
    const bool holds = equal_bytes(place, expected, size);
    if (holds)
        copy_bytes(place, from, size);
    else
        copy_bytes(expected, place, size);
    return holds;
}
}
