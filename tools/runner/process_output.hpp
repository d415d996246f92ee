#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace interleave {

/// What is kept of a stream: its beginning and its end, within a limit.
class kept_output {
  public:
    explicit kept_output(std::size_t limit)
        : head_limit_(limit - limit / 2), tail_limit_(limit / 2) {}

    void append(std::string_view text) {
        size_ += text.size();
        const std::size_t to_head = std::min(head_limit_ - head_.size(), text.size());
        head_.append(text.substr(0, to_head));
        text.remove_prefix(to_head);
        tail_.append(text);
        // Cut rarely: each cut moves the whole tail.
        if (tail_.size() > 2 * tail_limit_ + 65536) tail_.erase(0, tail_.size() - tail_limit_);
    }

    /// Bytes appended so far.
    std::size_t size() const noexcept { return size_; }

    /// The kept text, with a sentence where something was left out.
    std::string text() const {
        const std::string_view tail = std::string_view(tail_).substr(
            tail_.size() > tail_limit_ ? tail_.size() - tail_limit_ : 0);
        std::string all = head_;
        if (const std::size_t left_out = size_ - head_.size() - tail.size(); left_out > 0) {
            all += "\n[" + std::to_string(left_out) + " bytes of output are left out here]\n";
        }
        return all.append(tail);
    }

  private:
    std::size_t head_limit_;
    std::size_t tail_limit_;
    std::size_t size_ = 0;
    std::string head_;
    std::string tail_;
};

/// Splits a stream into lines.
class line_splitter {
  public:
    template <typename Take>
    void append(std::string_view text, const Take& take) {
        for (std::size_t end = 0; (end = text.find('\n')) != std::string_view::npos;) {
            rest_.append(text.substr(0, end));
            take(std::string_view(rest_));
            rest_.clear();
            text.remove_prefix(end + 1);
        }
        rest_.append(text);
    }
    template <typename Take>
    void finish(const Take& take) {
        if (!rest_.empty()) take(std::string_view(rest_));
        rest_.clear();
    }

  private:
    std::string rest_;
};

}  // namespace interleave
