#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "report.hpp"

namespace interleave::sanitizer {

/// Takes a sanitizer's log line by line. A report begins with "WARNING: ThreadSanitizer: ..." or
/// "ERROR: ...Sanitizer: ..." and consists of sections, each a headline and usually a stack.
class log_parser {
  public:
    /// `line` is printable text without its newline.
    void take(std::string_view line);

    /// The reports so far; the parser is empty afterwards.
    std::vector<sanitizer_report> finish();

  private:
    bool begin_report(std::string_view line);
    void begin(std::string_view sanitizer, std::string_view title);
    void read_title_address(std::string_view title);
    bool take_stack_line(std::string_view line);
    bool take_section(std::string_view line);
    bool take_access(std::string_view line);
    bool take_location(std::string_view line);
    bool take_mutex(std::string_view line);
    bool take_thread(std::string_view line);
    bool take_address_location(std::string_view line);
    bool take_labelled(std::string_view line);
    bool take_end(std::string_view line);

    sanitizer_report& report() { return reports_.back(); }
    void add_location(memory_location location);
    void add_labelled(std::string_view label, std::string_view thread, std::uint64_t size = 0);
    bool spend(std::size_t bytes);

    std::vector<sanitizer_report> reports_;
    stack_trace* stack_ = nullptr;  ///< where frames go; inside reports_.back()
    access* access_ = nullptr;      ///< the access that stack_ belongs to, if it is one
    bool inside_ = false;           ///< between a report's first line and its end
    bool describes_stack_ = false;  ///< the next frame names the function that owned a variable
    std::size_t spent_ = 0;
};

}  // namespace interleave::sanitizer
