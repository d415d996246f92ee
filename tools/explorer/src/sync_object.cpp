#include "sync_object.hpp"

namespace interleave::detail {
namespace {
constexpr std::size_t most_objects = 1 << 21;
}  // namespace

INTERLEAVE_KEEP fixed_vector<sync_object> sync_objects;

sync_object& new_sync_object(cell& home, std::uintptr_t address) {
    sync_objects.reserve(most_objects);
    if (sync_objects.full())
        fail(failure::resource_limit,
             "The execution uses more mutexes and atomic variables than the explorer can record "
             "(2 million). Let the scenario do less.");
    sync_object& object = sync_objects.grow();
    object = {};
    object.address = address;
    object.owner = -1;
    object.next = home.sync;
    object.home = &home;
    home.sync = static_cast<std::uint32_t>(sync_objects.size());
    home.flags |= cell::synchronizes;
    return object;
}

void sync_objects_restart() noexcept {
    sync_objects.clear();
}

void forget_sync_objects(cell& home, std::uintptr_t address, std::size_t size) {
    for (std::uint32_t i = home.sync; i; i = sync_at(i).next) {
        sync_object& object = sync_at(i);
        if (object.address < address || object.address >= address + size) continue;
        object.history = nullptr;
        object.size = 0;
        if (object.owner < 0 && !object.readers && !object.busy) {
            object.release = nullptr;
            object.readers_release = nullptr;
        }
    }
}

}  // namespace interleave::detail
