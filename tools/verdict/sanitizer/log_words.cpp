#include "log_words.hpp"

#include <algorithm>

namespace interleave::sanitizer {

std::string_view without_indent(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return text;
}

void skip_process(text_cursor& cursor) {
    text_cursor trial = cursor;
    if (trial.skip("==") && trial.number() && trial.skip("==")) cursor = trial;
}

std::string thread_name(text_cursor& cursor) {
    if (cursor.skip("main thread")) return "main";
    cursor.skip("thread ");
    std::string name(cursor.word());
    return name == "T0" ? "main" : name;
}

}  // namespace interleave::sanitizer
