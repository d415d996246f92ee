// Two variables that lie in the same eight bytes, and are none of each other's business.

#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"
#include "../two_ints.hpp"

namespace never_blame {
namespace {

constexpr std::uint64_t of(std::uint32_t lower, std::uint32_t upper) {
    return static_cast<std::uint64_t>(upper) << 32 | lower;
}

void each_thread_has_a_half() {
    two_ints shared;
    in_parallel([&] { shared.lower += 1; }, [&] { shared.upper += 2; });
    EXPECT(both_of(shared) == of(1, 2));
}

void each_half_has_a_lock() {
    two_ints shared;
    std::mutex first, second;
    on_threads(3, [&](int me) {
        {
            const std::lock_guard lock(first);
            ++shared.lower;
        }
        if (me < 2) {
            const std::lock_guard lock(second);
            ++shared.upper;
        } else {
            const std::scoped_lock lock(first, second);
            EXPECT(both_of(shared) >> 32 <= 2);
        }
    });
    EXPECT(both_of(shared) == of(3, 2));
}

void one_half_is_read_by_all_while_the_other_is_written() {
    two_ints shared;
    on_threads(5, [&](int me) {
        if (me == 0) {
            shared.upper = 7;
        } else {
            EXPECT(shared.lower == 0);
        }
    });
    EXPECT(shared.upper == 7);
}

void halves_are_handed_out_after_both_were_set() {
    two_ints shared;
    set_both(shared, of(10, 20));
    in_parallel([&] { shared.lower += 1; }, [&] { shared.upper += 1; });
    in_parallel([&] { shared.upper += 1; }, [&] { shared.lower += 1; });
    EXPECT(both_of(shared) == of(12, 22));
}

void four_shorts_are_read_as_two_ints() {
    alignas(8) std::int16_t parts[4] = {};
    on_threads(4, [&](int me) { parts[me] = static_cast<std::int16_t>(me + 1); });
    std::int32_t whole[2];
    std::memcpy(whole, parts, sizeof whole);
    EXPECT((whole[0] & 0xffff) == 1);
    EXPECT((whole[1] >> 16) == 4);
}

void the_owner_frees_what_others_have_used_under_a_lock() {
    auto shared = std::make_unique<two_ints>();
    std::mutex guard;
    int users = 2;
    on_threads(2, [&](int me) {
        const std::lock_guard lock(guard);
        (me == 0 ? shared->lower : shared->upper) = 1;
        if (--users == 0) shared.reset();
    });
    EXPECT(!shared);
}

}  // namespace

corpus::topic side_by_side() {
    return {"side by side",
            {
                {"each thread has a half", each_thread_has_a_half},
                {"each half has a lock", each_half_has_a_lock},
                {"one half is read by all while the other is written",
                 one_half_is_read_by_all_while_the_other_is_written},
                {"halves are handed out after both were set",
                 halves_are_handed_out_after_both_were_set},
                {"four shorts are read as two ints", four_shorts_are_read_as_two_ints},
                {"the owner frees what others have used under a lock",
                 the_owner_frees_what_others_have_used_under_a_lock},
            }};
}

}  // namespace never_blame
