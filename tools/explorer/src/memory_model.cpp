#include "memory_model.hpp"

#include "scheduler.hpp"

namespace interleave::detail {
namespace {

constexpr std::size_t most_histories = 1 << 16;
constexpr std::size_t most_fences = 1 << 17;

// A loop that polls must come to its end, whether it looks at one variable or at several in turn.
constexpr int most_stale_of_one = 3;
constexpr int most_stale_in_a_row = 16;

/// A seq_cst fence. The total order S of the standard is the order of execution.
struct sc_fence {
    int thread;
    std::uint32_t epoch;  ///< of that thread
    std::uint32_t* view;  ///< what happens before it or before a fence that precedes it in S
};

struct model {
    fixed_vector<store_history> histories;
    fixed_vector<sc_fence> fences;
    std::uint32_t* library = nullptr;  ///< what libraries may have released unseen
};
INTERLEAVE_KEEP model m;

bool acquires(int order) {
    return order == order_acquire || order == order_consume || order >= order_acq_rel;
}
bool releases(int order) {
    return order >= order_release;
}

void learn(fiber& f, const std::uint32_t* release, int order) {
    if (m.library && acquires(order)) join_clock(f.clock, m.library);
    if (!release) return;
    if (acquires(order)) {
        join_clock(f.clock, release);
    } else {
        if (!f.acquire_pending) f.acquire_pending = new_clock();
        join_clock(f.acquire_pending, release);
    }
}

store_record& newest(store_history& h) {
    return h.record[(h.count - 1) % store_history::kept];
}

store_record& append(store_history& h, bits128 value) {
    store_record& r = h.record[h.count++ % store_history::kept];
    r.value = value;
    r.release = nullptr;
    r.fences_before_sc = -1;
    if (r.seen)
        zero_clock(r.seen);
    else
        r.seen = new_clock();
    return r;
}

/// The history of the variable, begun with the value that it has now; null: not kept.
store_history* history_of(sync_object& object, bits128 value, int size) {
    if (!rt.now.weak) return nullptr;
    if (object.history && object.size == size && newest(*object.history).value == value)
        return object.history;
    m.histories.reserve(most_histories);
    if (m.histories.full()) return nullptr;
    object.history = &m.histories.grow();
    *object.history = {};
    object.size = static_cast<std::uint8_t>(size);
    append(*object.history, value).release = nullptr;
    if (object.release) {
        std::uint32_t* copy = new_clock();
        copy_clock(copy, object.release);
        object.history->record[0].release = copy;
    }
    return object.history;
}

int newest_fence() {
    return static_cast<int>(m.fences.size()) - 1;
}

/// The last seq_cst fence that happens before what the thread does now; -1: none.
int newest_fence_before(const fiber& f) {
    int number = newest_fence();
    while (number >= 0) {
        const sc_fence& fence = m.fences[static_cast<std::size_t>(number)];
        if (fence.epoch <= f.clock[fence.thread]) break;
        --number;
    }
    return number;
}

/// What a load is bound by besides coherence: [atomics.order]/4.
struct sc_bounds {
    int fence;                  ///< the last one that happens before the load; -1: none
    const std::uint32_t* view;  ///< of the last fence that precedes the load in S; null: none

    sc_bounds(const fiber& f, int order) : fence(newest_fence_before(f)) {
        const int precedes = order == order_seq_cst ? newest_fence() : fence;
        view = precedes < 0 ? nullptr : m.fences[static_cast<std::size_t>(precedes)].view;
    }
};

/// A load must not return an older store than this one: the thread knows of it, or the total order
/// of seq_cst operations says so.
bool hides_older(const store_record& r, const fiber& f, const sc_bounds& bounds) {
    if (r.fences_before_sc >= 0 && r.fences_before_sc <= bounds.fence) return true;
    for (int t = 0; t < rt.count; ++t)
        if (r.seen[t] && (r.seen[t] <= f.clock[t] || (bounds.view && r.seen[t] <= bounds.view[t])))
            return true;
    return false;
}

/// The number of the oldest store that a load may return.
int oldest_visible(const store_history& h, const fiber& f, int order) {
    const int newest = h.count - 1;
    int oldest = h.count > store_history::kept ? h.count - store_history::kept : 0;
    if (order == order_seq_cst && h.last_sc > oldest) oldest = h.last_sc;
    const sc_bounds bounds(f, order);
    int number = newest;
    while (number > oldest && !hides_older(h.record[number % store_history::kept], f, bounds))
        --number;
    return number;
}

/// A seq_cst operation has made this store or returned it.
void note_sc(store_history& h, int number) {
    store_record& r = h.record[number % store_history::kept];
    if (r.fences_before_sc < 0) r.fences_before_sc = newest_fence() + 1;
    if (number > h.last_sc) h.last_sc = number;
}

bool may_be_stale(const fiber& f, const sync_object& object) {
    return f.stale_streak < most_stale_in_a_row &&
           (f.stale_of_one < most_stale_of_one || f.stale_place != object.address);
}

void count_stale(fiber& f, const sync_object& object, bool stale) {
    if (!stale) {
        f.stale_streak = f.stale_of_one = 0;
        return;
    }
    f.stale_of_one =
        static_cast<std::uint16_t>(f.stale_place == object.address ? f.stale_of_one + 1 : 1);
    f.stale_place = object.address;
    ++f.stale_streak;
}

void note_seen(const fiber& f, store_record& r) {
    if (!r.seen[f.id]) r.seen[f.id] = f.clock[f.id];
}

/// The load returns the store of this number.
void take(fiber& f, sync_object& object, store_history& h, int number, int order) {
    store_record& r = h.record[number % store_history::kept];
    const bool stale = number < h.count - 1;
    count_stale(f, object, stale);
    note_seen(f, r);
    if (order == order_seq_cst) note_sc(h, number);
    learn(f, stale ? r.release : object.release, order);
}

/// Gives what the thread knows to those who will acquire the store that it makes.
void publish(fiber& f, sync_object& object, int order, bool read_modify_write) {
    const std::uint32_t* gives = releases(order) ? f.clock : f.release_fence;
    if (read_modify_write) {
        // It continues the release sequence of the store that it replaces.
        if (gives) {
            release_clock_made(object.release);
            join_clock(object.release, gives);
        }
    } else if (gives) {
        release_clock_made(object.release);
        copy_clock(object.release, gives);
    } else {
        object.release = nullptr;
    }
}

}  // namespace

void memory_model_restart() noexcept {
    m.histories.clear();
    m.fences.clear();
    m.library = nullptr;
}

void library_releases() {
    release_join(*rt.current, m.library);
}

bool load_effects(sync_object& object, bits128& value, int size, int order) {
    fiber& f = *rt.current;
    store_history* h = history_of(object, value, size);
    if (!h) {
        choose(1);  // counts, so that a schedule fits with and without a history
        learn(f, object.release, order);
        return false;
    }
    const int newest = h->count - 1;
    const int older = may_be_stale(f, object) ? newest - oldest_visible(*h, f, order) : 0;
    const int age = choose(older + 1);
    take(f, object, *h, newest - age, order);
    value = h->record[(newest - age) % store_history::kept].value;
    return age > 0;
}

void newest_load_effects(sync_object& object, bits128 value, int size, int order) {
    fiber& f = *rt.current;
    if (store_history* h = history_of(object, value, size)) {
        note_seen(f, newest(*h));
        if (order == order_seq_cst) note_sc(*h, h->count - 1);
    }
    learn(f, object.release, order);
}

bool older_value_fails(sync_object& object, bits128& value, bits128 expected, int size, int order) {
    fiber& f = *rt.current;
    store_history* h = history_of(object, value, size);
    int numbers[store_history::kept];
    int count = 0;
    if (h && may_be_stale(f, object)) {
        const int oldest = oldest_visible(*h, f, order);
        for (int number = h->count - 2; number >= oldest; --number)
            if (h->record[number % store_history::kept].value != expected)
                numbers[count++] = number;
    }
    const int pick = choose(count + 1);
    if (pick == 0) {
        if (h) count_stale(f, object, false);
        return false;
    }
    const int number = numbers[pick - 1];
    take(f, object, *h, number, order);
    value = h->record[number % store_history::kept].value;
    return true;
}

void store_effects_at_once(sync_object& object, int order, bool read_modify_write) {
    fiber& f = *rt.current;
    if (read_modify_write) learn(f, object.release, order);
    publish(f, object, order, read_modify_write);
    if (releases(order)) tick(f);
}

void store_effects_kept(sync_object& object, bits128 before, bits128 value, int size, int order,
                        bool read_modify_write) {
    fiber& f = *rt.current;
    store_history* h = history_of(object, before, size);
    if (!h) return store_effects_at_once(object, order, read_modify_write);
    if (read_modify_write) {
        note_seen(f, newest(*h));
        learn(f, object.release, order);
    }
    publish(f, object, order, read_modify_write);
    store_record& r = append(*h, value);
    r.seen[f.id] = f.clock[f.id];
    if (object.release) {
        r.release = new_clock();
        copy_clock(r.release, object.release);
    }
    if (order == order_seq_cst) note_sc(*h, h->count - 1);
    tick(f);
}

void fence_effects(int order) {
    fiber& f = *rt.current;
    if (acquires(order) && f.acquire_pending) join_clock(f.clock, f.acquire_pending);
    if (order == order_seq_cst) {
        m.fences.reserve(most_fences);
        if (m.fences.full())
            fail(failure::resource_limit,
                 "The execution has more seq_cst fences than the explorer can record. Let the "
                 "scenario do less.");
        std::uint32_t* view = new_clock();
        copy_clock(view, f.clock);
        if (!m.fences.empty()) join_clock(view, m.fences.back().view);
        m.fences.push({f.id, f.clock[f.id], view});
    }
    if (releases(order)) {
        if (!f.release_fence) f.release_fence = new_clock();
        copy_clock(f.release_fence, f.clock);
        tick(f);
    }
}

bool spurious_failure() {
    // An alternative for depth-first search would make every retry loop endless.
    if (rt.now.how == chooser::depth_first) {
        choose(1);
        return false;
    }
    const bool possible =
        rt.now.how == chooser::replay || rt.now.exchanges_fail || random_below(16) == 0;
    return choose(possible ? 2 : 1) == 1;
}

}  // namespace interleave::detail
