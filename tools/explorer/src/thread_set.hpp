#pragma once

#include <cstdint>

namespace interleave::detail {

/// The n-th bit that is set, in ascending order; there are more than n.
inline int nth_bit(std::uint64_t bits, int n) noexcept {
    // The first few without a branch: which one is asked for is often chosen at random.
    const std::uint64_t second = bits & (bits - 1), third = second & (second - 1);
    bits = n == 0 ? bits : n == 1 ? second : third;
#pragma GCC unroll 1
    while (n-- > 2) bits &= bits - 1;
    return __builtin_ctzll(bits);
}

/// A set of thread ids, small enough to be copied. Few programs have many threads: until a large id
/// is announced, there is nothing in a set but its first word.
class thread_set {
  public:
    static constexpr int capacity = 256;

    /// Before an id is used for the first time.
    static void announce(int id) noexcept { many |= id >= 64; }
    /// Every set is its first word.
    [[nodiscard]] static bool are_words() noexcept { return !many; }
    [[nodiscard]] std::uint64_t word() const noexcept { return word_[0]; }

    thread_set() = default;
    thread_set(const thread_set& other) noexcept { *this = other; }
    thread_set& operator=(const thread_set& other) noexcept {
        word_[0] = other.word_[0];
        if (many) [[unlikely]]
            for (int w = 1; w < words; ++w) word_[w] = other.word_[w];
        return *this;
    }

    void add(int id) noexcept { word_[id >> 6] |= 1ull << (id & 63); }
    void remove(int id) noexcept { word_[id >> 6] &= ~(1ull << (id & 63)); }
    void add_all(const thread_set& other) noexcept {
        word_[0] |= other.word_[0];
        if (many) [[unlikely]]
            for (int w = 1; w < words; ++w) word_[w] |= other.word_[w];
    }
    void remove_all(const thread_set& other) noexcept {
        word_[0] &= ~other.word_[0];
        if (many) [[unlikely]]
            for (int w = 1; w < words; ++w) word_[w] &= ~other.word_[w];
    }
    void clear() noexcept { *this = {}; }
    [[nodiscard]] bool has(int id) const noexcept { return word_[id >> 6] >> (id & 63) & 1; }
    [[nodiscard]] bool empty() const noexcept {
        return !word_[0] && (!many || !(word_[1] | word_[2] | word_[3]));
    }
    [[nodiscard]] int size() const noexcept {
        int n = __builtin_popcountll(word_[0]);
        if (many) [[unlikely]]
            for (int w = 1; w < words; ++w) n += __builtin_popcountll(word_[w]);
        return n;
    }
    /// The n-th member in ascending order; n < size().
    [[nodiscard]] int at(int n) const noexcept {
        for (int w = 0;; ++w) {
            const std::uint64_t bits = word_[w];
            if (const int here = __builtin_popcountll(bits); n >= here) {
                n -= here;
                continue;
            }
            return w * 64 + nth_bit(bits, n);
        }
    }
    /// The first member after id, round and round; the set must not be empty.
    [[nodiscard]] int next_after(int id) const noexcept {
        const int from = id + 1;
        if (from < capacity) {
            int w = from >> 6;
            for (std::uint64_t bits = word_[w] >> (from & 63) << (from & 63);; bits = word_[w]) {
                if (bits) return w * 64 + __builtin_ctzll(bits);
                if (++w == words || !many) break;
            }
        }
        return at(0);
    }
    template <class F>
    void for_each(F f) const {
        for (int w = 0; w == 0 || (many && w < words); ++w)
            for (std::uint64_t bits = word_[w]; bits; bits &= bits - 1)
                f(w * 64 + __builtin_ctzll(bits));
    }

  private:
    static constexpr int words = capacity / 64;
    [[gnu::visibility("hidden")]] static bool many;  ///< words but the first may not be zero

    std::uint64_t word_[words] = {};
};

}  // namespace interleave::detail
