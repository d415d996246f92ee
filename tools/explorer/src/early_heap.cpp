#include "early_heap.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <bit>
#include <cstdlib>

#include "globals.hpp"
#include "memory.hpp"
#include "shadow.hpp"
#include "trace.hpp"

namespace interleave::detail {
namespace {

constexpr std::size_t heap_bytes = std::size_t{1} << 30;
constexpr std::size_t largest = std::size_t{64} << 20;
constexpr std::size_t granule = 16, page = 4096;
constexpr std::size_t most_saved = std::size_t{64} << 20;
constexpr std::size_t small_classes = 64;  // of a granule each; then come powers of two

struct block {
    std::uint64_t size;
    std::uint32_t capacity;  ///< in granules
    bool alive;
    bool set_back;  ///< globals refer to it
};
static_assert(sizeof(block) == granule);

/// Part of a block, in one page.
struct segment {
    char* at;
    std::size_t size;
    const char* saved;
};

struct heap {
    char* begin = nullptr;
    std::size_t used = 0;
    std::uint64_t* starts = nullptr;   ///< a bit for each granule: a block's header
    std::uint64_t* written = nullptr;  ///< a bit for each page that is no longer protected
    block* free[small_classes + 32] = {};
    std::size_t protected_bytes = 0;
    fixed_vector<segment> segments;
    fixed_vector<char> saved;  ///< what they were
    bool locked = false;
};
INTERLEAVE_KEEP heap h;

struct heap_lock {
    heap_lock() {
        while (__atomic_test_and_set(&h.locked, __ATOMIC_ACQUIRE)) ::syscall(SYS_sched_yield);
    }
    ~heap_lock() { __atomic_clear(&h.locked, __ATOMIC_RELEASE); }
};

void* from_system(std::size_t bytes) {
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? nullptr : memory;
}

bool begun() {
    if (h.begin) return true;
    h.starts = static_cast<std::uint64_t*>(from_system(heap_bytes / granule / 8));
    h.written = static_cast<std::uint64_t*>(from_system(heap_bytes / page / 8));
    char* const memory = static_cast<char*>(from_system(heap_bytes));
    if (h.starts && h.written) h.begin = memory;
    return h.begin != nullptr;
}

bool has(const std::uint64_t* bits, std::size_t index) {
    return bits[index / 64] >> (index % 64) & 1;
}
void set(std::uint64_t* bits, std::size_t index) {
    bits[index / 64] |= std::uint64_t{1} << (index % 64);
}

/// The list of free blocks that hold so many granules, and how many those hold.
std::size_t class_of(std::size_t granules, std::size_t& capacity) {
    capacity = granules < small_classes ? granules : std::bit_ceil(granules);
    return granules < small_classes
               ? granules
               : small_classes + static_cast<std::size_t>(std::countr_zero(capacity));
}

block* block_of(const void* memory) {
    return reinterpret_cast<block*>(const_cast<char*>(static_cast<const char*>(memory))) - 1;
}
char* memory_of(block* b) {
    return reinterpret_cast<char*>(b + 1);
}
std::size_t number_of(const void* header) {
    return static_cast<std::size_t>(static_cast<const char*>(header) - h.begin) / granule;
}
block* block_at(std::size_t number) {
    return reinterpret_cast<block*>(h.begin + number * granule);
}

/// This is what early_allocate() has returned, and it has not been given back.
bool is_block(const void* memory) {
    const block* const b = block_of(memory);
    return reinterpret_cast<std::uintptr_t>(memory) % granule == 0 && memory != h.begin &&
           has(h.starts, number_of(b)) && b->alive;
}

/// The last block whose header lies at or before this granule; null: none.
block* block_before(std::size_t number) {
    std::uint64_t bits = h.starts[number / 64] << (63 - number % 64);
    if (bits) return block_at(number - static_cast<std::size_t>(std::countl_zero(bits)));
    for (std::size_t word = number / 64; word-- > 0;)
        if (h.starts[word])
            return block_at(word * 64 + 63 -
                            static_cast<std::size_t>(std::countl_zero(h.starts[word])));
    return nullptr;
}

/// The block behind this one, in memory; null: it is the last.
block* block_behind(block* b) {
    const std::size_t next = number_of(b) + 1 + b->capacity;
    return next * granule < h.used ? block_at(next) : nullptr;
}

void mark(const char* begin, std::size_t size, fixed_vector<block*>& found) {
    const auto first = (reinterpret_cast<std::uintptr_t>(begin) + 7) & ~std::uintptr_t{7};
    const auto last = reinterpret_cast<std::uintptr_t>(begin) + size;
    for (std::uintptr_t at = first; at + 8 <= last; at += 8) {
        const char* word;
        copy_bytes(&word, reinterpret_cast<const void*>(at), sizeof word);
        if (!in_early_heap(word) || word >= h.begin + h.used) continue;
        block* const b = block_before(number_of(word));
        if (!b || !b->alive || b->set_back || word < memory_of(b) ||
            word >= memory_of(b) + (b->size ? b->size : 1) || found.full())
            continue;
        b->set_back = true;
        found.push(b);
    }
}

INTERLEAVE_KEEP fixed_vector<block*> marked;

}  // namespace

void* early_allocate(std::size_t size, std::size_t alignment) noexcept {
    if (size > largest || alignment > granule) return nullptr;
    const heap_lock lock;
    if (!begun()) return nullptr;
    std::size_t capacity;
    const std::size_t list = class_of((size + granule - 1) / granule, capacity);
    block* b = h.free[list];
    if (b) {
        copy_bytes(&h.free[list], memory_of(b), sizeof(block*));
    } else {
        if (heap_bytes - h.used < (capacity + 1) * granule) return nullptr;
        b = reinterpret_cast<block*>(h.begin + h.used);
        h.used += (capacity + 1) * granule;
        set(h.starts, number_of(b));
        b->capacity = static_cast<std::uint32_t>(capacity);
    }
    b->size = size;
    b->alive = true;
    b->set_back = false;
    return memory_of(b);
}

void early_free(void* memory) noexcept {
    const heap_lock lock;
    if (!is_block(memory)) std::abort();
    block* const b = block_of(memory);
    b->alive = false;
    std::size_t capacity;
    const std::size_t list = class_of(b->capacity, capacity);
    if (b->capacity == 0) return;  // no room for the list's link
    copy_bytes(memory, &h.free[list], sizeof(block*));
    h.free[list] = b;
}

void early_free_for_now(void* memory, std::uintptr_t pc) {
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    if (!is_block(memory)) report_bad_free(address, pc);
    const std::size_t size = block_of(memory)->size;
    if (cell_of(address).flags & cell::freed) {
        trace_event(operation::release, address, 0, pc);
        rt.failed.address = address;
        fail(failure::double_free, "A block of %zu bytes is freed twice.", size);
    }
    note_freed(address, size, pc);
}

bool in_early_heap(const void* memory) noexcept {
    return h.begin &&
           static_cast<std::size_t>(static_cast<const char*>(memory) - h.begin) < heap_bytes;
}

std::size_t early_size_of(const void* memory) noexcept {
    return block_of(memory)->size;
}

void early_heap_remember() {
    if (!h.begin) return;
    for (block* b = h.used ? block_at(0) : nullptr; b; b = block_behind(b)) b->set_back = false;
    marked.reserve(1 << 22);
    marked.clear();
    for_each_global_range([](const char* begin, std::size_t size) { mark(begin, size, marked); });
    for (std::size_t i = 0; i < marked.size(); ++i)
        mark(memory_of(marked[i]), marked[i]->size, marked);
    h.segments.reserve(1 << 20);
    h.saved.reserve(most_saved);
    h.segments.clear();
    h.saved.clear();
    h.protected_bytes = (h.used + page - 1) & ~(page - 1);
    for (std::size_t word = 0; word * 64 * page < h.protected_bytes; ++word) h.written[word] = 0;
    if (mprotect(h.begin, h.protected_bytes, PROT_READ) != 0) h.protected_bytes = 0;
}

bool early_heap_written(std::uintptr_t address) {
    const std::size_t offset = address - reinterpret_cast<std::uintptr_t>(h.begin);
    if (!h.begin || offset >= h.protected_bytes || has(h.written, offset / page)) return false;
    set(h.written, offset / page);
    char* const begin = h.begin + offset / page * page;
    char* const end = begin + page;
    for (block* b = block_before(number_of(begin)); b && memory_of(b) < end; b = block_behind(b)) {
        char* const from = memory_of(b) < begin ? begin : memory_of(b);
        char* const to = memory_of(b) + b->size < end ? memory_of(b) + b->size : end;
        if (!b->set_back || from >= to) continue;
        const auto size = static_cast<std::size_t>(to - from);
        if (h.segments.full() || h.saved.size() + size > most_saved)
            fail(failure::resource_limit,
                 "The program changes more of the memory that it allocated before the execution "
                 "than the explorer can set back (64 MiB). Let the scenario work on less.");
        char* const saved = h.saved.end();
        copy_bytes(saved, from, size);
        h.saved.shrink(h.saved.size() + size);
        h.segments.push({from, size, saved});
    }
    return mprotect(begin, page, PROT_READ | PROT_WRITE) == 0;
}

void early_heap_make_writable(void* memory, std::size_t size) {
    const auto first = reinterpret_cast<std::uintptr_t>(memory);
    for (std::uintptr_t at = first; at < first + size; at = (at / page + 1) * page)
        static_cast<void>(early_heap_written(at));
}

void early_heap_restore() noexcept {
    for (const segment& s : h.segments) copy_bytes(s.at, s.saved, s.size);
}

void early_heap_release() noexcept {
    if (h.protected_bytes) mprotect(h.begin, h.protected_bytes, PROT_READ | PROT_WRITE);
    h.protected_bytes = 0;
    h.segments.clear();
}

void for_each_early_range(void (*visit)(const char* begin, std::size_t size)) {
    for (const segment& s : h.segments) visit(s.at, s.size);
}

}  // namespace interleave::detail
