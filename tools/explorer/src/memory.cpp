#include "memory.hpp"

#include "outcomes.hpp"
#include "race.hpp"
#include "scheduler.hpp"
#include "trace.hpp"

extern "C" {
extern char __executable_start, etext;
}

namespace interleave::detail {
namespace {

constexpr std::size_t arena_bytes = std::size_t{1} << 30;
constexpr std::uint32_t alive = 0xA11C0DE, freed = 0xDEADB10C;

// Each thread allocates in a place of its own first, so that its addresses do not depend on what
// the others do: containers that order or hash pointers then do the same under a changed schedule.
constexpr std::size_t home_bytes = 64 << 10;
constexpr int common = max_threads;

struct region {
    std::size_t used, low, end;
    std::uint32_t generation;
};

struct arena {
    char* begin = nullptr;
    region regions[max_threads + 1];
    block_header* last = nullptr;
    long blocks_alive = 0;
};
INTERLEAVE_KEEP arena a;

block_header* header_of(const void* memory) {
    return reinterpret_cast<block_header*>(const_cast<char*>(static_cast<const char*>(memory)) -
                                           sizeof(block_header));
}
char* memory_of(const block_header* block) {
    return reinterpret_cast<char*>(const_cast<block_header*>(block)) + sizeof(block_header);
}

/// The offset of the next block in this region; 0: it is full.
std::size_t place_for(int owner, std::size_t size, std::size_t alignment) {
    region& r = a.regions[owner];
    if (r.generation != rt.generation) {
        r.generation = rt.generation;
        r.used = r.low;
    }
    const std::size_t offset = (r.used + sizeof(block_header) + alignment - 1) & ~(alignment - 1);
    // A gap, so that neighbours share no eight bytes.
    if (offset > r.end || size > r.end - offset || r.end - offset - size < 32) return 0;
    r.used = (offset + size + 8 + 15) & ~15ul;
    return offset;
}

region& region_at(std::size_t offset) {
    const std::size_t home = offset / home_bytes;
    return a.regions[home < common ? home : common];
}

}  // namespace

bool in_program(std::uintptr_t pc) noexcept {
    return pc >= reinterpret_cast<std::uintptr_t>(&__executable_start) &&
           pc < reinterpret_cast<std::uintptr_t>(&etext);
}

bool in_arena(const void* memory) noexcept {
    return static_cast<std::size_t>(static_cast<const char*>(memory) - a.begin) < arena_bytes &&
           a.begin;
}

void arena_prepare() {
    if (a.begin) return;
    void* memory = mmap(reinterpret_cast<void*>(0x600000000000), arena_bytes,
                        PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        fail(failure::resource_limit, "There is no address space left for the program's heap.");
    a.begin = static_cast<char*>(memory);
    std::size_t at = 0;
    for (int t = 0; t < common; ++t, at += home_bytes) a.regions[t] = {at, at, at + home_bytes, 0};
    a.regions[common] = {at, at, arena_bytes, 0};
}

void arena_restart() noexcept {
    a.last = nullptr;
    a.blocks_alive = 0;
}

void* arena_allocate(std::size_t size, std::size_t alignment, std::uintptr_t pc) {
    if (alignment < 16) alignment = 16;
    std::size_t offset = place_for(rt.current->id, size, alignment);
    if (!offset) offset = place_for(common, size, alignment);
    if (!offset)
        fail(failure::resource_limit,
             "The program allocates more than 1 GiB in one execution (freed memory is not used "
             "again, so that every access to it is seen). Let the scenario do less.");
    char* memory = a.begin + offset;
    zero_bytes(memory, size);  // not what the last execution left there
    block_header& block = *header_of(memory);
    block.size = size;
    block.allocated_pc = pc;
    block.state = alive;
    block.allocated_by = rt.current->id;
    block.reached = false;
    block.previous = reinterpret_cast<std::uint64_t>(a.last);
    a.last = &block;
    ++a.blocks_alive;
    return memory;
}

std::size_t arena_size_of(const void* memory) noexcept {
    return header_of(memory)->size;
}

void arena_free(void* memory, std::uintptr_t pc) {
    block_header& block = *header_of(memory);
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    if (address % 16 || (block.state != alive && block.state != freed))
        report_bad_free(address, pc);
    if (block.state == freed) {
        trace_event(operation::release, address, 0, pc);
        char buffer[24];
        rt.failed.address = address;
        fail(failure::double_free, "A block of %zu bytes is freed twice; %s has freed it before.",
             block.size, describe_thread(block.freed_by, buffer));
    }
    note_freed(address, block.size, pc);
    block.state = freed;
    block.freed_pc = pc;
    block.freed_by = rt.current->id;
    --a.blocks_alive;
}

void note_freed(std::uintptr_t address, std::size_t size, std::uintptr_t pc) {
    trace_event(operation::release, address, 0, pc, static_cast<int>(size));
    free_range(address, size, in_program(pc) && !rt.current->ignore_depth, pc);
}

void report_bad_free(std::uintptr_t address, std::uintptr_t pc) {
    trace_event(operation::release, address, 0, pc);
    rt.failed.address = address;
    fail(failure::double_free,
         "Memory is freed that was not allocated like this: the pointer is not the one that "
         "new or malloc returned.");
}

const block_header* block_around(std::uintptr_t address) noexcept {
    for (const block_header* block = a.last; block;
         block = reinterpret_cast<const block_header*>(block->previous)) {
        const auto begin = reinterpret_cast<std::uintptr_t>(memory_of(block));
        if (address >= begin && address < begin + (block->size ? block->size : 1)) return block;
    }
    return nullptr;
}

void report_use_after_free(std::uintptr_t address, std::uintptr_t pc) {
    char one[24], two[24];
    rt.failed.address = address;
    rt.failed.pc = pc;
    if (const block_header* block = block_around(address))
        fail(failure::use_after_free, "%s uses memory that %s has freed (a block of %zu bytes).",
             describe_thread(rt.current->id, one), describe_thread(block->freed_by, two),
             block->size);
    fail(failure::use_after_free, "%s uses memory that has been freed.",
         describe_thread(rt.current->id, one));
}

}  // namespace interleave::detail

#include "early_heap.hpp"
#include "fiber.hpp"
#include "globals.hpp"

namespace interleave::detail {
namespace {

block_header* block_at(std::uintptr_t word) {
    if (!in_arena(reinterpret_cast<const void*>(word))) return nullptr;
    const block_header* block = block_around(word);
    return block && block->state == alive ? const_cast<block_header*>(block) : nullptr;
}

void scan(const char* begin, std::size_t size, fixed_vector<block_header*>& reached) {
    const auto first = (reinterpret_cast<std::uintptr_t>(begin) + 7) & ~7ul;
    const auto last = reinterpret_cast<std::uintptr_t>(begin) + size;
    for (std::uintptr_t at = first; at + 8 <= last; at += 8) {
        std::uintptr_t word;
        copy_bytes(&word, reinterpret_cast<const void*>(at), sizeof word);
        block_header* block = block_at(word);
        if (!block || block->reached || reached.full()) continue;
        block->reached = true;
        reached.push(block);
    }
}

INTERLEAVE_KEEP fixed_vector<block_header*> reached;

}  // namespace

void check_leaks() {
    if (a.blocks_alive == 0) return;
    reached.reserve(1 << 16);
    reached.clear();
    const auto follow = [] {
        for (std::size_t i = 0; i < reached.size(); ++i)
            scan(memory_of(reached[i]), reached[i]->size, reached);
    };
    // The caller of explore(): what its variables refer to outlives the execution, so the arena is
    // used from behind it on.
    const char* from = rt.caller_frame;
    scan(from, static_cast<std::size_t>(stack_end_of_driver() - from), reached);
    follow();
    for (const block_header* block : reached) {
        const auto begin = static_cast<std::size_t>(memory_of(block) - a.begin);
        region& r = region_at(begin);
        if (begin + block->size + 16 > r.low) r.low = begin + block->size + 16;
    }
    if (!rt.how.leaks) return;
    const auto visit = [](const char* begin, std::size_t size) { scan(begin, size, reached); };
    for_each_global_range(visit);
    for_each_early_range(visit);
    for_each_living_range(visit);
    follow();
    long count = 0;
    std::size_t bytes = 0;
    const block_header* first = nullptr;
    for (const block_header* block = a.last; block;
         block = reinterpret_cast<const block_header*>(block->previous)) {
        if (block->state != alive) continue;
        if (block->reached) continue;
        ++count;
        bytes += block->size;
        first = block;
    }
    if (!count) return;
    rt.failed.kind = failure::leak;
    rt.failed.address = reinterpret_cast<std::uintptr_t>(memory_of(first));
    rt.failed.pc = first->allocated_pc;
    rt.failed.thread = first->allocated_by;
    std::snprintf(rt.failed.message, sizeof rt.failed.message,
                  "%ld block%s of memory (%zu bytes) %s never freed, and nothing refers to %s at "
                  "the end.",
                  count, count == 1 ? "" : "s", bytes, count == 1 ? "is" : "are",
                  count == 1 ? "it" : "them");
}

}  // namespace interleave::detail
