// Every step is safe by itself, and what one step found out is stale at the next.

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace must_find {
namespace {

using enum corpus::failure;

class account {
  public:
    int balance() {
        const std::lock_guard lock(guard_);
        return balance_;
    }
    void withdraw(int amount) {
        const std::lock_guard lock(guard_);
        balance_ -= amount;
    }

  private:
    std::mutex guard_;
    int balance_ = 100;
};

void an_account_is_overdrawn_between_the_look_and_the_withdrawal() {
    account shared;
    const auto take_80 = [&] {
        if (shared.balance() >= 80) shared.withdraw(80);
    };
    in_parallel(take_80, take_80);
    EXPECT(shared.balance() >= 0);
}

void the_last_ticket_is_sold_twice() {
    std::atomic<int> left{1};
    std::atomic<int> sold{0};
    const auto buy = [&] {
        if (left > 0) {
            --left;
            ++sold;
        }
    };
    in_parallel(buy, buy);
    EXPECT(sold == 1);
}

void a_queue_is_found_empty_after_it_was_seen_full() {
    struct {
        std::mutex guard;
        std::deque<int> items{7};

        bool empty() {
            const std::lock_guard lock(guard);
            return items.empty();
        }
        int pop() {
            const std::lock_guard lock(guard);
            EXPECT(!items.empty());
            const int item = items.front();
            items.pop_front();
            return item;
        }
    } queue;
    const auto take = [&] {
        if (!queue.empty()) queue.pop();
    };
    in_parallel(take, take);
}

void the_top_of_a_stack_is_taken_by_two() {
    struct {
        std::mutex guard;
        std::vector<int> items{1, 2};

        int top() {
            const std::lock_guard lock(guard);
            return items.back();
        }
        void pop() {
            const std::lock_guard lock(guard);
            items.pop_back();
        }
    } stack;
    std::atomic<int> sum{0};
    const auto take = [&] {
        const int item = stack.top();
        stack.pop();
        sum += item;
    };
    in_parallel(take, take);
    EXPECT(sum == 3);
}

void a_missing_entry_is_computed_twice() {
    struct {
        std::mutex guard;
        std::map<std::string, int> known;
        int computed = 0;

        std::optional<int> find(const std::string& key) {
            const std::lock_guard lock(guard);
            const auto found = known.find(key);
            return found == known.end() ? std::nullopt : std::optional(found->second);
        }
        int compute(const std::string& key) {
            const std::lock_guard lock(guard);
            ++computed;
            return known[key] = static_cast<int>(key.size());
        }
    } cache;
    const auto look_up = [&] {
        if (!cache.find("key")) cache.compute("key");
    };
    in_parallel(look_up, look_up);
    EXPECT(cache.computed == 1);
}

void the_size_is_read_before_the_lock_is_taken() {
    struct {
        std::mutex guard;
        std::deque<int> items;
        std::atomic<std::size_t> size{0};

        bool push(int item) {
            if (size >= 1) return false;
            const std::lock_guard lock(guard);
            items.push_back(item);
            size = items.size();
            return true;
        }
    } queue;
    in_parallel([&] { queue.push(1); }, [&] { queue.push(2); });
    EXPECT(queue.items.size() <= 1);
}

void the_lock_is_given_up_in_the_middle_of_a_change() {
    std::mutex guard;
    int value = 0;
    const auto add = [&] {
        std::unique_lock lock(guard);
        const int seen = value;
        lock.unlock();
        const int next = seen + 1;  // "too slow to be done under the lock"
        lock.lock();
        value = next;
    };
    in_parallel(add, add);
    EXPECT(value == 2);
}

void a_transfer_between_two_atomics_shows_its_middle() {
    std::atomic<int> mine{100}, yours{0};
    in_parallel(
        [&] {
            mine -= 30;
            yours += 30;
        },
        [&] { EXPECT(mine + yours == 100); });
}

void a_transfer_between_two_locked_accounts_shows_its_middle() {
    struct purse {
        std::mutex guard;
        int coins = 10;

        void add(int n) {
            const std::lock_guard lock(guard);
            coins += n;
        }
        int count() {
            const std::lock_guard lock(guard);
            return coins;
        }
    } mine, yours;
    in_parallel(
        [&] {
            mine.add(-5);
            yours.add(5);
        },
        [&] { EXPECT(mine.count() + yours.count() == 20); });
}

void the_ends_of_a_range_are_set_one_by_one() {
    std::atomic<int> low{1}, high{2};
    in_parallel(
        [&] {
            low = 11;
            high = 12;
        },
        [&] {
            const int l = low;
            const int h = high;
            EXPECT(l <= h);
        });
}

void two_dates_are_set_by_two_writers_field_by_field() {
    struct {
        std::atomic<int> day{1}, month{1};
    } today;
    const auto set = [&](int day, int month) {
        today.day = day;
        today.month = month;
    };
    in_parallel([&] { set(24, 12); }, [&] { set(1, 5); });
    EXPECT((today.day == 24) == (today.month == 12));
}

void an_identifier_is_handed_out_twice() {
    std::atomic<int> next{1};
    std::atomic<int> ids[2];
    on_threads(2, [&](int i) {
        const int id = next.load();
        next.store(id + 1);
        ids[i] = id;
    });
    EXPECT(ids[0] != ids[1]);
}

void two_threads_both_believe_to_be_the_first() {
    std::atomic<bool> started{false};
    std::atomic<int> first{0};
    const auto start = [&] {
        if (!started) {
            started = true;
            ++first;
        }
    };
    in_parallel(start, start);
    EXPECT(first == 1);
}

void two_threads_both_believe_to_be_the_last() {
    std::atomic<int> running{2};
    std::atomic<int> last{0};
    const auto finish = [&] {
        --running;
        if (running == 0) ++last;
    };
    in_parallel(finish, finish);
    EXPECT(last == 1);
}

void an_instance_is_created_twice_under_two_locks() {
    struct {
        std::mutex guard;
        std::shared_ptr<int> instance;
        int created = 0;

        bool missing() {
            const std::lock_guard lock(guard);
            return !instance;
        }
        void create() {
            const std::lock_guard lock(guard);
            instance = std::make_shared<int>(++created);
        }
    } lazy;
    const auto get = [&] {
        if (lazy.missing()) lazy.create();
    };
    in_parallel(get, get);
    EXPECT(lazy.created == 1);
}

void another_writer_gets_in_before_the_value_is_read_back() {
    std::mutex guard;
    int version = 0;
    const auto write_and_read_back = [&](int mine) {
        {
            const std::lock_guard lock(guard);
            version = mine;
        }
        const std::lock_guard lock(guard);
        EXPECT(version == mine);
    };
    in_parallel([&] { write_and_read_back(1); }, [&] { write_and_read_back(2); });
}

void a_condition_that_is_checked_twice_is_still_only_a_look() {
    std::atomic<int> desks{1};
    const auto borrow = [&] {
        if (desks > 0 && desks > 0) --desks;
    };
    in_parallel(borrow, borrow);
    EXPECT(desks >= 0);
}

}  // namespace

corpus::topic check_then_act() {
    return {
        "check then act",
        {
            {"an account is overdrawn between the look and the withdrawal",
             an_account_is_overdrawn_between_the_look_and_the_withdrawal,
             {wrong_result}},
            {"the last ticket is sold twice", the_last_ticket_is_sold_twice, {wrong_result}},
            {"a queue is found empty after it was seen full",
             a_queue_is_found_empty_after_it_was_seen_full,
             {wrong_result}},
            {"the top of a stack is taken by two",
             the_top_of_a_stack_is_taken_by_two,
             {wrong_result}},
            {"a missing entry is computed twice",
             a_missing_entry_is_computed_twice,
             {wrong_result}},
            {"the size is read before the lock is taken",
             the_size_is_read_before_the_lock_is_taken,
             {wrong_result}},
            {"the lock is given up in the middle of a change",
             the_lock_is_given_up_in_the_middle_of_a_change,
             {wrong_result}},
            {"a transfer between two atomics shows its middle",
             a_transfer_between_two_atomics_shows_its_middle,
             {wrong_result}},
            {"a transfer between two locked accounts shows its middle",
             a_transfer_between_two_locked_accounts_shows_its_middle,
             {wrong_result}},
            {"the ends of a range are set one by one",
             the_ends_of_a_range_are_set_one_by_one,
             {wrong_result}},
            {"two dates are set by two writers field by field",
             two_dates_are_set_by_two_writers_field_by_field,
             {wrong_result}},
            {"an identifier is handed out twice",
             an_identifier_is_handed_out_twice,
             {wrong_result}},
            {"two threads both believe to be the first",
             two_threads_both_believe_to_be_the_first,
             {wrong_result}},
            {"two threads both believe to be the last",
             two_threads_both_believe_to_be_the_last,
             {wrong_result}},
            {"an instance is created twice under two locks",
             an_instance_is_created_twice_under_two_locks,
             {wrong_result}},
            {"another writer gets in before the value is read back",
             another_writer_gets_in_before_the_value_is_read_back,
             {wrong_result}},
            {"a condition that is checked twice is still only a look",
             a_condition_that_is_checked_twice_is_still_only_a_look,
             {wrong_result}},
        },
    };
}

}  // namespace must_find
