// Compare-exchanges, weak and strong, used as they are meant.

#include <atomic>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

void a_strong_exchange_fails_for_a_reason_only() {
    std::atomic<int> claimed{0};
    std::atomic<int> mine{0};
    const auto claim = [&](int name) {
        int expected = 0;
        if (!claimed.compare_exchange_strong(expected, name)) EXPECT(expected != 0);
        // What a weak exchange was told must not stay for the strong one after it.
        int before = mine.load();
        while (!mine.compare_exchange_weak(before, before + 1)) {
        }
        expected = name;
        const bool was_it = claimed.load() == name;
        EXPECT(claimed.compare_exchange_strong(expected, name) == was_it);
    };
    in_parallel([&] { claim(1); }, [&] { claim(2); });
    EXPECT(mine == 2);
}

void weak_exchanges_of_all_sizes_are_tried_until_they_succeed() {
    struct wide {
        long first, second;
    };
    std::atomic<char> small{0};
    std::atomic<short> medium{0};
    std::atomic<wide> large{wide{0, 0}};
    const auto add = [&] {
        char c = small.load();
        while (!small.compare_exchange_weak(c, static_cast<char>(c + 1))) {
        }
        short s = medium.load();
        while (!medium.compare_exchange_weak(s, static_cast<short>(s + 1))) {
        }
        wide w = large.load();
        while (!large.compare_exchange_weak(w, wide{w.first + 1, w.second - 1})) {
        }
    };
    in_parallel(add, add);
    EXPECT(small == 2);
    EXPECT(medium == 2);
    const wide w = large.load();
    EXPECT(w.first == 2 && w.second == -2);
}

}  // namespace

corpus::topic exchanges() {
    return {
        "compare-exchanges",
        {
            {"a strong exchange fails for a reason only",
             a_strong_exchange_fails_for_a_reason_only},
            {"weak exchanges of all sizes are tried until they succeed",
             weak_exchanges_of_all_sizes_are_tried_until_they_succeed},
        },
    };
}

}  // namespace never_blame
