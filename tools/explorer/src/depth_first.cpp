// Depth-first search over the schedules: either those with at most so many preemptions, or all of
// them with sleep sets (Godefroid), which leave out schedules that differ only in the order of
// operations that do not depend on each other.

#include "scheduler.hpp"
#include "strategy.hpp"

namespace interleave::detail {
namespace {

struct node {
    std::uint64_t operation;
    std::uint16_t thread;
    bool is_value;
    std::uint16_t pick, values;
    thread_set todo, done, asleep;
};
constexpr std::size_t deepest = 1 << 18;

struct search {
    fixed_vector<node> path;
    std::size_t at = 0;
    int bound = -1, used = 0;
    bool reduce = false, broken = false;
    thread_set asleep;
};
INTERLEAVE_KEEP search s;

bool within_bound() {
    return s.bound < 0 || s.used < s.bound;
}

/// The next node of the path that is run again; null: from here on it is new.
node* known(bool is_value) {
    if (s.at >= s.path.size()) return nullptr;
    node& n = s.path[s.at++];
    if (n.operation != rt.current->operations || n.thread != rt.current->id ||
        n.is_value != is_value) {
        s.broken = true;
        leave(ending::pruned);
    }
    return &n;
}

node& fresh(bool is_value) {
    if (s.path.full())
        fail(failure::step_limit,
             "The execution has more scheduling choices than depth-first "
             "search can record. Let the scenario do less.");
    node& n = s.path.grow();
    n = {rt.current->operations, rt.current->id, is_value, 0, 0, {}, {}, {}};
    ++s.at;
    return n;
}

}  // namespace

void depth_first_start(int bound, bool reduce) {
    s.path.reserve(deepest);
    s.path.clear();
    s.bound = bound;
    s.reduce = reduce;
    s.broken = false;
}

void depth_first_begin() {
    s.at = 0;
    s.used = 0;
    s.asleep.clear();
    rt.touched.clear();
    rt.touched_all = false;
}

void depth_first_segment_end() {
    if (s.reduce && !s.asleep.empty()) {
        const thread_set before = s.asleep;
        before.for_each([&](int id) {
            const fiber& f = *rt.fibers[id];
            bool depends = rt.touched_all;
            for (const std::uintptr_t used : rt.touched)
                depends |= f.pending && used >> 1 == f.pending && !(f.pending_read && (used & 1));
            if (depends) s.asleep.remove(id);
        });
    }
    rt.touched.clear();
    rt.touched_all = false;
}

int depth_first_thread(const candidates& among) {
    if (among.forced && among.enabled_count > 0) return among.fallback;
    node* n = known(false);
    if (!n) {
        n = &fresh(false);
        const bool preempting = among.current >= 0;
        if (preempting && !within_bound()) {
            n->todo.add(among.fallback);
        } else {
            n->todo = among.enabled;
            if (within_bound() || among.enabled_count == 0)
                among.timed.for_each([&](int id) { n->todo.add(id); });
        }
        n->asleep = s.asleep;
        if (s.reduce) n->todo.remove_all(n->asleep);
        if (n->todo.empty()) {
            s.path.pop();
            leave(ending::pruned);
        }
        n->pick = static_cast<std::uint16_t>(n->todo.has(among.fallback) ? among.fallback
                                                                         : n->todo.at(0));
        n->todo.remove(n->pick);
    }
    const bool costs = among.current >= 0 ? n->pick != among.current
                                          : among.enabled_count > 0 && among.timed.has(n->pick);
    if (costs) ++s.used;
    if (s.reduce) {
        s.asleep = n->asleep;
        n->done.for_each([&](int id) { s.asleep.add(id); });
        s.asleep.remove(n->pick);
    }
    return n->pick;
}

int depth_first_value(int n) {
    node* choice = known(true);
    if (!choice) {
        choice = &fresh(true);
        choice->values = static_cast<std::uint16_t>(within_bound() ? n : 1);
    }
    if (choice->pick) ++s.used;
    return choice->pick;
}

bool depth_first_advance() {
    if (s.broken || rt.flags_grew) {  // the choices are not the same any more: from the start
        s.broken = false;
        rt.flags_grew = false;
        s.path.clear();
        return true;
    }
    while (!s.path.empty()) {
        node& n = s.path.back();
        if (n.is_value) {
            if (++n.pick < n.values) return true;
        } else {
            n.done.add(n.pick);
            if (!n.todo.empty()) {
                n.pick = static_cast<std::uint16_t>(n.todo.at(0));
                n.todo.remove(n.pick);
                return true;
            }
        }
        s.path.pop();
    }
    return false;
}

}  // namespace interleave::detail
