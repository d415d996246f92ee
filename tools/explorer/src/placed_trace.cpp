#include "placed_trace.hpp"

namespace interleave::detail {
namespace {

constexpr std::size_t told_from_the_end = 6'000;  // records
constexpr int innermost = 6;                      // frames that tell where an access was made

}  // namespace

placed_trace::placed_trace(std::uintptr_t pc) {
    const auto& records = trace_records();
    first_ = records.size() > told_from_the_end ? records.size() - told_from_the_end : 0;
    std::vector<std::uintptr_t> pcs{pc};
    for (std::size_t i = first_; i < records.size(); ++i)
        for (int k = 0; k < records[i].frames; ++k)
            pcs.push_back(trace_frames()[records[i].first_frame + static_cast<std::size_t>(k)]);
    symbols_.load(std::move(pcs));
}

const std::vector<source_place>& placed_trace::frame(const trace_record& r, int index) const {
    return symbols_.at(trace_frames()[r.first_frame + static_cast<std::size_t>(index)]);
}

const source_place* placed_trace::place_of(const trace_record& r) const {
    for (int k = 0; k < r.frames; ++k)
        for (const source_place& p : frame(r, k))
            if (is_program_source(p.file)) return &p;
    return nullptr;
}

const source_place* placed_trace::origin_of(const trace_record& r) const {
    const source_place* outermost = nullptr;
    for (int k = 0; k < r.frames; ++k)
        for (const source_place& p : frame(r, k))
            if (is_program_source(p.file)) outermost = &p;
    return outermost;
}

library_call placed_trace::call_of(const trace_record& r) const {
    const source_place* called = nullptr;
    for (int k = 0; k < r.frames; ++k)
        for (const source_place& p : frame(r, k)) {
            if (is_program_source(p.file))
                return called ? parse_library_call(called->function) : library_call{};
            if (p.function.find("std::") != std::string::npos) called = &p;
        }
    return {};
}

bool placed_trace::mentions(const trace_record& r, const char* file) const {
    for (int k = 0; k < r.frames && k < innermost; ++k)
        for (const source_place& p : frame(r, k))
            if (p.file.find(file) != std::string::npos) return true;
    return false;
}

}  // namespace interleave::detail
