#pragma once

#include <cstdint>

namespace interleave::detail {

/// A set of thread ids, small enough to be copied.
class thread_set {
  public:
    static constexpr int capacity = 256;

    void add(int id) noexcept { word_[id >> 6] |= 1ull << (id & 63); }
    void remove(int id) noexcept { word_[id >> 6] &= ~(1ull << (id & 63)); }
    [[nodiscard]] bool has(int id) const noexcept { return word_[id >> 6] >> (id & 63) & 1; }
    [[nodiscard]] bool empty() const noexcept {
        return !(word_[0] | word_[1] | word_[2] | word_[3]);
    }
    [[nodiscard]] int size() const noexcept {
        int n = 0;
        for (const auto w : word_) n += __builtin_popcountll(w);
        return n;
    }
    void clear() noexcept { *this = {}; }
    /// The n-th member in ascending order; n < size().
    [[nodiscard]] int at(int n) const noexcept {
        for (int w = 0;; ++w) {
            std::uint64_t bits = word_[w];
            if (const int here = __builtin_popcountll(bits); n >= here) {
                n -= here;
                continue;
            }
            // The first few without a branch: which one is asked for is often chosen at random.
            const std::uint64_t second = bits & (bits - 1), third = second & (second - 1);
            bits = n == 0 ? bits : n == 1 ? second : third;
            while (n-- > 2) bits &= bits - 1;
            return w * 64 + __builtin_ctzll(bits);
        }
    }
    /// The first member after id, round and round; the set must not be empty.
    [[nodiscard]] int next_after(int id) const noexcept {
        const int from = id + 1;
        if (from < capacity) {
            int w = from >> 6;
            for (std::uint64_t bits = word_[w] >> (from & 63) << (from & 63);; bits = word_[w]) {
                if (bits) return w * 64 + __builtin_ctzll(bits);
                if (++w == words) break;
            }
        }
        return at(0);
    }
    [[nodiscard]] thread_set without(const thread_set& other) const noexcept {
        thread_set s;
        for (int w = 0; w < words; ++w) s.word_[w] = word_[w] & ~other.word_[w];
        return s;
    }
    template <class F>
    void for_each(F f) const {
        std::uint64_t bits = word_[0];
        for (int w = 0;;) {
            for (; bits; bits &= bits - 1) f(w * 64 + __builtin_ctzll(bits));
            do {
                if (++w == words) return;
                bits = word_[w];
            } while (!bits);
        }
    }

  private:
    static constexpr int words = capacity / 64;
    std::uint64_t word_[words] = {};
};

}  // namespace interleave::detail
