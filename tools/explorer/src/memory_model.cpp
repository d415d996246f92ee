#include "memory_model.hpp"

#include "scheduler.hpp"

namespace interleave::detail {
namespace {

constexpr std::size_t most_histories = 1 << 16;
constexpr int most_stale_in_a_row = 3;  // a loop that polls must come to its end
struct model {
    fixed_vector<store_history> histories;
    std::uint32_t* fences = nullptr;   ///< what seq_cst fences have made visible so far
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

/// The thread knows of this store, so it cannot return an older one.
bool knows(const fiber& f, const store_record& r) {
    for (int t = 0; t < rt.count; ++t)
        if (r.seen[t] && (r.seen[t] <= f.clock[t] || (f.sc_view && r.seen[t] <= f.sc_view[t])))
            return true;
    return false;
}

void note_seen(const fiber& f, store_record& r) {
    if (!r.seen[f.id]) r.seen[f.id] = f.clock[f.id];
}

}  // namespace

void memory_model_restart() noexcept {
    m.histories.clear();
    m.fences = m.library = nullptr;
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
    int oldest = h->count > store_history::kept ? h->count - store_history::kept : 0;
    if (order == order_seq_cst && h->last_sc > 0 && h->last_sc - 1 > oldest)
        oldest = h->last_sc - 1;
    int number = h->count - 1;
    while (number > oldest && !knows(f, h->record[number % store_history::kept])) --number;
    int alternatives = h->count - number;
    if (f.stale_streak >= most_stale_in_a_row) alternatives = 1;
    const int age = choose(alternatives);
    store_record& r = h->record[(h->count - 1 - age) % store_history::kept];
    f.stale_streak = static_cast<std::uint16_t>(age ? f.stale_streak + 1 : 0);
    note_seen(f, r);
    learn(f, age ? r.release : object.release, order);
    value = r.value;
    return age > 0;
}

void newest_load_effects(sync_object& object, bits128 value, int size, int order) {
    fiber& f = *rt.current;
    if (store_history* h = history_of(object, value, size)) note_seen(f, newest(*h));
    learn(f, object.release, order);
}

void store_effects(sync_object& object, bits128 before, bits128 value, int size, int order,
                   bool read_modify_write) {
    fiber& f = *rt.current;
    store_history* h = history_of(object, before, size);
    if (read_modify_write) {
        if (h) note_seen(f, newest(*h));
        learn(f, object.release, order);
    }
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
    if (h) {
        store_record& r = append(*h, value);
        r.seen[f.id] = f.clock[f.id];
        if (object.release) {
            r.release = new_clock();
            copy_clock(r.release, object.release);
        }
        if (order == order_seq_cst) h->last_sc = h->count;
    }
    if (releases(order) || h) tick(f);
}

void fence_effects(int order) {
    fiber& f = *rt.current;
    if (acquires(order) && f.acquire_pending) join_clock(f.clock, f.acquire_pending);
    if (order == order_seq_cst) {
        if (!m.fences) m.fences = new_clock();
        if (!f.sc_view) f.sc_view = new_clock();
        join_clock(m.fences, f.clock);
        join_clock(m.fences, f.sc_view);
        copy_clock(f.sc_view, m.fences);
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
