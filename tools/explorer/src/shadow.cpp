#include "shadow.hpp"

namespace interleave::detail {

// An empty line is none of page 0 either, which has its place here.
INTERLEAVE_KEEP shadow_entry shadow_lines[shadow_cache] = {{1, nullptr}};

namespace {

constexpr std::size_t cells_per_page = shadow_page / 8;
constexpr std::size_t table_size = 1 << 18;  // pages; half of it may be used: 512 MiB of memory
struct page_table {
    fixed_vector<shadow_entry> entries;
    std::size_t used = 0;
    char* slab = nullptr;
    std::size_t left = 0;
};
INTERLEAVE_KEEP page_table table;

cell* new_page() {
    constexpr std::size_t bytes = cells_per_page * sizeof(cell), slab_bytes = 256 * bytes;
    if (table.left < bytes) {
        void* memory = mmap(nullptr, slab_bytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED)
            fail(failure::resource_limit, "There is no memory left to watch the program's memory.");
        table.slab = static_cast<char*>(memory);
        table.left = slab_bytes;
    }
    auto* cells = reinterpret_cast<cell*>(table.slab);
    table.slab += bytes;
    table.left -= bytes;
    return cells;
}

}  // namespace

cell* shadow_slow(std::uintptr_t address) {
    table.entries.reserve(table_size);
    const std::uintptr_t page = address / shadow_page;
    shadow_entry* entry = nullptr;
    for (std::size_t at = page * 0x9E3779B97F4A7C15ull >> 46;; ++at) {
        entry = &table.entries.begin()[at % table_size];
        if (entry->page == page || !entry->cells) break;
    }
    if (!entry->cells) {
        if (++table.used > table_size / 2)
            fail(failure::resource_limit,
                 "The program touches more memory than the explorer can watch (512 MiB). Let the "
                 "scenario work on less.");
        entry->page = page;
        entry->cells = new_page();
    }
    shadow_lines[page % shadow_cache] = *entry;
    return entry->cells;
}

namespace {
void keep_flags(std::uint8_t kept) {
    if (!table.entries.begin()) return;
    for (std::size_t at = 0; at < table_size; ++at)
        if (cell* cells = table.entries.begin()[at].cells)
            for (std::size_t i = 0; i < cells_per_page; ++i) cells[i].flags &= kept;
}
}  // namespace

void shadow_start() {
    keep_flags(0);
}
void shadow_forget_races() {
    keep_flags(static_cast<std::uint8_t>(~cell::racy));
}

void shadow_forget(const void* memory, std::size_t size) {
    const auto begin = reinterpret_cast<std::uintptr_t>(memory);
    for (std::uintptr_t at = begin & ~7ul; at < begin + size; at += 8) raw_cell(at).generation = 0;
}

}  // namespace interleave::detail
