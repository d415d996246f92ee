#include "trace.hpp"

#include <unwind.h>

#include "memory.hpp"

namespace interleave::detail {
namespace {

constexpr std::size_t most_records = 1 << 19, most_frames = 1 << 22;
constexpr int frames_kept = 14;
struct traced {
    fixed_vector<trace_record> records;
    fixed_vector<std::uintptr_t> frames;
    bool unsettled = false;
};
INTERLEAVE_KEEP traced all;

std::uint64_t load(std::uintptr_t address, std::size_t size) {
    std::uint64_t value = 0;
    copy_bytes(&value, reinterpret_cast<const void*>(address), size < 8 ? size : 8);
    return value;
}

struct library_walk {
    trace_record* record;
    int depth;
    bool in_library;
};

_Unwind_Reason_Code past_library(_Unwind_Context* context, void* given) {
    auto& walk = *static_cast<library_walk*>(given);
    const auto pc = static_cast<std::uintptr_t>(_Unwind_GetIP(context));
    if (!in_program(pc)) {
        walk.in_library = true;
    } else if (walk.in_library) {
        all.frames.push(pc);
        if (++walk.record->frames >= 4) return _URC_END_OF_STACK;
    }
    return ++walk.depth < 40 ? _URC_NO_REASON : _URC_END_OF_STACK;
}

}  // namespace

void trace_restart() {
    all.records.reserve(most_records);
    all.frames.reserve(most_frames);
    all.records.clear();
    all.frames.clear();
    all.unsettled = false;
}

void trace_settle() {
    if (!all.unsettled) return;
    trace_record& last = all.records.back();
    last.value = load(last.address, last.size);
    all.unsettled = false;
}

void trace_slow(operation what, std::uintptr_t address, std::uint64_t value, int size,
                std::uintptr_t pc, int order, std::uint64_t before) {
    trace_settle();
    if (all.records.full() || all.frames.size() + frames_kept > most_frames) return;
    const fiber& f = *rt.current;
    trace_record& r = all.records.grow();
    r = {};
    r.what = what;
    r.size = static_cast<std::uint8_t>(size > 255 ? 255 : size);
    r.order = static_cast<std::uint8_t>(order);
    r.thread = f.id;
    r.clock = f.clock[f.id];
    r.address = address;
    r.value = value;
    r.before = before;
    r.first_frame = static_cast<std::uint32_t>(all.frames.size());
    if (pc && !in_program(pc)) {
        // Called by a library: the program's own frames lie behind it.
        library_walk walk{&r, 0, false};
        rt.active = false;
        _Unwind_Backtrace(past_library, &walk);
        rt.active = true;
    } else if (pc) {
        all.frames.push(pc), ++r.frames;
    }
    for (std::size_t i = f.calls.size(); i > 0 && r.frames < frames_kept; --i, ++r.frames)
        all.frames.push(f.calls[i - 1]);
    if (what == operation::read) r.value = load(address, r.size);
    if (what == operation::write) r.before = load(address, r.size), all.unsettled = true;
}

const fixed_vector<trace_record>& trace_records() {
    return all.records;
}
const fixed_vector<std::uintptr_t>& trace_frames() {
    return all.frames;
}

}  // namespace interleave::detail
