#pragma once

#include <string>
#include <string_view>

#include "places.hpp"
#include "report.hpp"

namespace interleave::sanitizer {

/// Collects the text of one digest.
class digest_writer {
  public:
    explicit digest_writer(const digest_options& options)
        : places_(options), width_(options.width) {}

    const places& where() const { return places_; }

    /// A sentence, wrapped.
    void sentence(std::string_view text);
    /// An empty line before what follows, if anything does.
    void blank_line() { paragraph_ended_ = true; }

    /// "  Thread T1 writes it at lessons/x.hpp:6, in f()", the line's text below, then `detail` in
    /// a line of its own unless it is empty.
    void step(std::string_view what, const stack_trace& stack, std::string_view detail = {});

    /// Whether each step so far showed a line of the learner's own.
    bool all_in_answer() const { return all_in_answer_; }
    bool some_in_answer() const { return some_in_answer_; }

    /// Explains a data race, and ThreadSanitizer's use after free.
    void race(const sanitizer_report& report);
    /// Explains a report of any other kind.
    void misuse(const sanitizer_report& report);

    std::string take() { return std::move(text_); }

  private:
    void memory(const sanitizer_report& report);
    void leaks(const sanitizer_report& report);
    void lock_order(const sanitizer_report& report);
    void mutexes_and_threads(const sanitizer_report& report);

    void race_access(const sanitizer_report& report, const access& one);
    void race_locks(const sanitizer_report& report);

    std::string variable(const sanitizer_report& report) const;
    std::string expression(const access& one) const;
    std::string memory_words(const sanitizer_report& report) const;
    std::string thread_words(const sanitizer_report& report, const std::string& id) const;
    std::string mutex_name(const sanitizer_report& report, const std::string& id) const;
    std::string mutex_words(const sanitizer_report& report, const held_mutex& mutex) const;
    std::string place_words(const stack_trace& stack) const;

    void end_paragraph();

    places places_;
    std::size_t width_;
    std::string text_;
    bool paragraph_ended_ = false;
    bool all_in_answer_ = true;
    bool some_in_answer_ = false;
};

/// "8 bytes", "1 byte".
std::string bytes(std::uint64_t count);

/// How much memory both accesses of a race share; a free touches the whole block.
std::string accessed_bytes(const sanitizer_report& report);

/// "thread T1", "the main thread".
std::string plain_thread(const std::string& id);

std::string capitalized(std::string text);

}  // namespace interleave::sanitizer
