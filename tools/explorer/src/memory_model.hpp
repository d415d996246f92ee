#pragma once

#include "sync_object.hpp"

namespace interleave::detail {

// As the compilers pass them.
enum : int {
    order_relaxed,
    order_consume,
    order_acquire,
    order_release,
    order_acq_rel,
    order_seq_cst
};

/// Chooses what the load returns and applies what it learns; true: an older value.
bool load_effects(sync_object& object, bits128& value, int size, int order);
/// A compare-exchange that fails has only loaded, and may have loaded an older value. Chooses
/// whether this one does so; true: with this value, which is not the expected one.
[[nodiscard]] bool older_value_fails(sync_object& object, bits128& value, bits128 expected,
                                     int size, int order);
/// A load that returns the newest value.
void newest_load_effects(sync_object& object, bits128 value, int size, int order);
// The parts of store_effects(): without a history of the variable's values, and with one.
void store_effects_at_once(sync_object& object, int order, bool read_modify_write);
void store_effects_kept(sync_object& object, bits128 before, bits128 value, int size, int order,
                        bool read_modify_write);
/// A store, or the store of a read-modify-write (which also loads).
inline void store_effects(sync_object& object, bits128 before, bits128 value, int size, int order,
                          bool read_modify_write) {
    if (!rt.now.weak) return store_effects_at_once(object, order, read_modify_write);
    store_effects_kept(object, before, value, size, order, read_modify_write);
}
void fence_effects(int order);
/// A weak compare-exchange fails now and then without a reason.
[[nodiscard]] bool spurious_failure();
void memory_model_restart() noexcept;

/// Code of a library is about to run that may store to atomic variables with nothing to show it:
/// whoever acquires anything from now on may have learnt what the running thread knows.
void library_releases();

}  // namespace interleave::detail
