#include "fiber.hpp"

#include <cxxabi.h>
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "outcomes.hpp"
#include "real.hpp"
#include "scheduler.hpp"
#include "strategy.hpp"
#include "thread_end.hpp"
#include "trace.hpp"

namespace interleave::detail {
namespace {

struct thread_local_image {
    const char* begin = nullptr;
    std::size_t initialized = 0, size = 0, alignment = 1;
};
constexpr std::size_t outermost_frames = 512;
constexpr int left_over = 0xa5;

INTERLEAVE_KEEP thread_local_image image;
INTERLEAVE_KEEP fiber storage[max_threads];
INTERLEAVE_KEEP bool prepared;

int read_image(dl_phdr_info* info, std::size_t, void*) {
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const auto& header = info->dlpi_phdr[i];
        if (header.p_type == PT_TLS)
            image = {reinterpret_cast<const char*>(info->dlpi_addr + header.p_vaddr),
                     header.p_filesz, header.p_memsz, header.p_align ? header.p_align : 1};
    }
    return 1;  // the executable comes first; no other object is of interest
}

/// A real thread that gives away its thread pointer and sleeps for ever.
void* donor(void* given) {
    auto* pointer = static_cast<std::uintptr_t*>(given);
    __atomic_store_n(pointer, thread_pointer(), __ATOMIC_RELEASE);
    for (;;) real().pause();
}

std::uintptr_t borrow_thread_pointer() {
    const bool was_active = rt.active;
    rt.active = false;
    std::uintptr_t pointer = 0;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 64 << 10);
    pthread_t handle;
    const int error = real().pthread_create(&handle, &attributes, donor, &pointer);
    pthread_attr_destroy(&attributes);
    if (!error)
        while (!__atomic_load_n(&pointer, __ATOMIC_ACQUIRE)) real().sched_yield();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (error)
        fail(failure::resource_limit, "The system allows no further threads (%d are in use).",
             rt.made);
    rt.active = was_active;
    return pointer;
}

void make_fiber() {
    const bool was_active = rt.active;
    rt.active = false;
    fiber& f = storage[rt.made];
    f.id = static_cast<std::uint16_t>(rt.made);
    for (unsigned records = 1; records <= cell::inline_records; ++records)
        f.place[records] = static_cast<std::uint8_t>(f.id % records);
    f.stack = rt.stacks + stack_slot * static_cast<std::size_t>(rt.made) + stack_guard;
    mprotect(f.stack - stack_guard, stack_guard, PROT_NONE);
    f.destructors.reserve(4096);
    f.calls.reserve(1 << 16);
    rt.fibers[rt.made++] = &f;
    rt.active = was_active;
}

void restore_thread_locals(fiber& f) {
    f.locals = {};
    if (!rt.own_thread_pointers) return;
    if (!f.thread_pointer) f.thread_pointer = borrow_thread_pointer();
    if (!image.size) return;
    char* block = thread_local_block(f.thread_pointer, image.size, image.alignment);
    copy_bytes(block, image.begin, image.initialized);
    zero_bytes(block + image.initialized, image.size - image.initialized);
}

void set_own_thread_pointers(bool own) {
    rt.own_thread_pointers = own;
    rt.switch_to = own ? best_switch() : interleave_switch_stack;
}

void* run_body(void*) {
    rt.body(rt.context);
    return nullptr;
}

}  // namespace

void fibers_prepare() {
    if (prepared) return;
    dl_iterate_phdr(read_image, nullptr);
    void* memory = mmap(reinterpret_cast<void*>(0x500000000000), stack_slot * max_threads,
                        PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        fail(failure::resource_limit, "There is no address space left for the threads' stacks.");
    rt.stacks = static_cast<char*>(memory);
    // One real thread there must be: without any, the C++ library saves itself the atomic
    // operations.
    storage[0].thread_pointer = borrow_thread_pointer();
    make_fiber();
    set_own_thread_pointers(has_thread_locals());
    rt.places = find_library_places();
    prepared = true;
}

void need_thread_pointers() {
    if (rt.own_thread_pointers) return;
    set_own_thread_pointers(true);
    leave(ending::grown);
}

fiber& spawn_fiber(void* (*start)(void*), void* argument) {
    if (rt.count >= max_threads - 6)
        fail(failure::resource_limit, "The explorer runs at most %d threads in one execution.",
             max_threads - 6);
    if (static_cast<std::uint32_t>(rt.count) >= rt.stride) {
        rt.stride *= 2;
        leave(ending::grown);
    }
    if (rt.made <= rt.count) make_fiber();
    fiber& f = *rt.fibers[rt.count];
    const int id = rt.count++;
    thread_set::announce(id);
    ++rt.alive;
    f.start = start;
    f.argument = argument;
    f.returned = nullptr;
    f.operations = 0;
    f.plain_until = 5'000;
    f.clock = new_clock();
    f.clock[id] = 1;
    f.epoch = static_cast<std::uint64_t>(id) << epoch_thread_at | 1;
    f.wait = waiting::nothing;
    f.started = f.finished = f.detached = f.joined = false;
    f.woken = f.timed_out = f.yielding = false;
    f.yields = f.streak = f.stale_streak = f.stale_of_one = f.stale_wakes = 0;
    f.stale_place = 0;
    f.ignore_depth = 0;
    f.deadline = -1;
    f.pending = 0;
    f.decision_at = 0;
    f.acquire_pending = f.release_fence = nullptr;
    f.destructors.clear();
    f.calls.clear();
    f.cleanup = nullptr;
    if (f.has_specific) {
        for (void*& value : f.specific) value = nullptr;
        f.has_specific = false;
    }
    thread_priority(f);
    replay_thread_started(f);
    restore_thread_locals(f);
    // What the last execution left in the outermost frames is no variable's value in this one.
    fill_bytes(f.stack + stack_size - outermost_frames, left_over, outermost_frames);
    f.stack_pointer = prepare_stack(f.stack + stack_size);
    rt.runnable.add(id);
    return f;
}

void run_execution() {
    fiber& f = spawn_fiber(run_body, nullptr);
    rt.current = &f;
    rt.driver_thread_pointer = thread_pointer();
    library_locals drivers;
    const bool exchanged = !rt.own_thread_pointers;
    if (exchanged) rt.places.exchange(drivers, f.locals);
    rt.active = true;
    rt.switch_to(&rt.driver_stack_pointer, f.stack_pointer, f.thread_pointer);
    rt.active = false;
    if (exchanged) rt.places.exchange(rt.current->locals, drivers);
    rt.current = nullptr;
}

void for_each_living_range(void (*visit)(const char* begin, std::size_t size)) {
    const auto object = [visit](const auto& o) {
        visit(reinterpret_cast<const char*>(&o), sizeof o);
    };
    for (int id = 0; id < rt.count; ++id) {
        const fiber& f = *rt.fibers[id];
        if (f.finished) continue;
        const char* const top = static_cast<const char*>(f.stack_pointer);
        visit(top, static_cast<std::size_t>(f.stack + stack_size - top));
        object(f.specific);
        if (!rt.own_thread_pointers) {
            object(f.locals);
            continue;
        }
        // The C++ library's share lies at the same distance from every thread pointer.
        const std::uintptr_t caught =
            reinterpret_cast<std::uintptr_t>(rt.places.caught) - rt.driver_thread_pointer;
        visit(reinterpret_cast<const char*>(f.thread_pointer + caught), sizeof(void*));
        if (image.size)
            visit(thread_local_block(f.thread_pointer, image.size, image.alignment), image.size);
    }
}

void note_ended_stack(const fiber& f) noexcept {
    const auto all = reinterpret_cast<std::uintptr_t>(rt.stacks);
    const std::uintptr_t begin = all + stack_slot * f.id;
    if (rt.ended_stacks_size && begin >= rt.ended_stacks) return;
    rt.ended_stacks = begin;
    rt.ended_stacks_size = all + stack_slot * max_threads - begin;
}

bool in_stack_guard(std::uintptr_t address) noexcept {
    const std::uintptr_t offset = address - reinterpret_cast<std::uintptr_t>(rt.stacks);
    return offset < stack_slot * max_threads && offset % stack_slot < stack_guard;
}

void leave(ending how) {
    if (rt.end == ending::running) rt.end = how;
    rt.active = false;
    rt.switch_to(&rt.current->stack_pointer, rt.driver_stack_pointer, rt.driver_thread_pointer);
    __builtin_unreachable();
}

}  // namespace interleave::detail

using namespace interleave::detail;

extern "C" [[gnu::visibility("hidden")]] void interleave_fiber_main() {
    fiber& f = *rt.current;
    f.started = true;
    // What an abandoned execution left of exceptions in flight; without a thread pointer of its
    // own, the fiber has brought its own.
    if (rt.own_thread_pointers)
        zero_bytes(abi::__cxa_get_globals(), sizeof(void*) + sizeof(unsigned));
    trace_event(operation::start, 0, 0, 0);
    void* const returned = f.start(f.argument);
    if (f.id == 0) rt.body_finished = true;
    finish_thread(returned);
}
