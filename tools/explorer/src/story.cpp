#include "story.hpp"

#include <algorithm>
#include <set>

#include "interleave/story.hpp"
#include "narrator.hpp"
#include "plot.hpp"
#include "sync_object.hpp"

namespace interleave::detail {
namespace {

constexpr std::size_t most_told = 200;
constexpr int most_looks = 3;           // of one loop that looks at one thing after the other
constexpr std::size_t long_story = 24;  // of a deadlock: then only the locks in question are told

const failure_record& what_failed(const execution& e) {
    return e.failed.kind != failure::none ? e.failed : e.race;
}

/// Writes the story of one execution, whose trace is the one that was recorded last.
class teller {
  public:
    explicit teller(const execution& told)
        : failed_(what_failed(told)), trace_(failed_.pc), plot_(failed_, trace_) {}

    void tell(result& r);

  private:
    [[nodiscard]] std::vector<std::size_t> choose();
    void tell_steps(result& r, const std::vector<std::size_t>& chosen);
    void tell_origins(story& s, const std::vector<std::size_t>& chosen) const;
    void tell_end(story& s);
    [[nodiscard]] std::string state_of(const fiber& f, const trace_record* last);
    void find_place(result& r) const;

    const failure_record failed_;
    const placed_trace trace_;
    const plot plot_;
    labels names_;
    narrator narrator_{trace_, names_};
};

std::vector<std::size_t> teller::choose() {
    const auto& records = trace_records();
    std::vector<std::size_t> chosen;
    for (std::size_t i = trace_.first(); i < records.size(); ++i) {
        const source_place* place = trace_.place_of(records[i]);
        if (!place || !plot_.is_worth_telling(i, *place)) continue;
        if (how_to_tell(trace_.call_of(records[i])) == told_as::its_operations)
            names_.learn(records[i], source_text(place->file, place->line));
        chosen.push_back(i);
    }
    std::erase_if(chosen, [&](std::size_t i) { return !plot_.is_understood(i, names_); });
    if (failed_.kind == failure::deadlock && chosen.size() > long_story)
        plot_.keep_involved(chosen);
    std::set<std::uintptr_t> told;
    for (const std::size_t i : chosen) told.insert(records[i].address);
    names_.settle(told);
    return chosen;
}

/// The same step once more, as in a loop that waits.
bool repeats(const story_event& e, const story_event& before) {
    return e.thread == before.thread && e.line == before.line && e.file == before.file &&
           sentence(e) == sentence(before) && e.detail == before.detail;
}

/// A loop that looks at one thing after the other.
bool looks_on(const story_event& e, const story_event& before) {
    return (e.operation == "loads" || e.operation == "reads") && e.operation == before.operation &&
           e.detail.empty() && e.thread == before.thread && e.line == before.line &&
           e.file == before.file;
}

void teller::tell_steps(result& r, const std::vector<std::size_t>& chosen) {
    const auto& records = trace_records();
    auto next = chosen.begin();
    int looks = 0;  // in a row, in one line
    for (std::size_t i = 0; i < records.size(); ++i) {
        narrator_.follow(records[i]);
        if (next == chosen.end() || *next != i) continue;
        ++next;
        story_event e = narrator_.tell(records[i], *trace_.place_of(records[i]));
        e.culprit = plot_.is_culprit(i);
        if (e.culprit && (r.file.empty() || e.thread == failed_.thread)) {
            r.file = e.file;
            r.line = e.line;
        }
        auto& told = r.story.events;
        if (!told.empty() && repeats(e, told.back())) {
            told.back().culprit |= e.culprit;
            continue;
        }
        looks = !told.empty() && looks_on(e, told.back()) ? looks + 1 : 0;
        if (looks >= most_looks && !e.culprit) {
            told.back().detail = "and " + std::to_string(looks - most_looks + 1) + " more";
            continue;
        }
        told.push_back(std::move(e));
    }
    if (auto& told = r.story.events; told.size() > most_told) {
        r.story.left_out = static_cast<int>(told.size() - most_told);
        told.erase(told.begin(), told.end() - static_cast<std::ptrdiff_t>(most_told));
    }
}

/// A line that starts one thread says what the thread does; one that starts several does not.
void teller::tell_origins(story& s, const std::vector<std::size_t>& chosen) const {
    const auto& records = trace_records();
    std::map<int, const source_place*> created, own;
    std::map<std::pair<std::string, int>, int> started_at;
    for (std::size_t i = trace_.first(); i < records.size(); ++i)
        if (records[i].what == operation::create)
            if (const source_place* p = trace_.place_of(records[i])) {
                created[static_cast<int>(records[i].value)] = p;
                ++started_at[{p->file, p->line}];
            }
    for (const std::size_t i : chosen)
        own.try_emplace(records[i].thread, trace_.origin_of(records[i]));
    for (const auto& [thread, creation] : created) {
        if (!own.contains(thread)) continue;  // it plays no part
        const bool several = started_at[{creation->file, creation->line}] > 1;
        const source_place* p = several ? own[thread] : creation;
        if (p) s.origins.push_back({thread, p->file, p->line, source_text(p->file, p->line)});
    }
}

std::string teller::state_of(const fiber& f, const trace_record* last) {
    std::string locks;
    for (const held_lock& lock : narrator_.held_by(f.id)) {
        if (!locks.empty()) locks += " and ";
        const std::string name = names_.of(lock.address);
        locks += name.empty() ? "a lock" : name;
        if (const source_place* p = trace_.place_of(*lock.taken))
            locks += " (line " + std::to_string(p->line) + ")";
    }
    std::string state = locks.empty() ? "" : "holds " + locks + " and ";
    if (f.wait == waiting::sleep) return state + "sleeps";
    state += "waits for ";
    const std::string object = names_.of(f.wait_address);
    const auto or_else = [&](const char* what) { return object.empty() ? what : object; };
    const library_call call = last ? trace_.call_of(*last) : library_call{};
    if (f.wait == waiting::join)
        return state + thread_in_words(static_cast<int>(f.wait_address)) + " to end";
    if (how_to_tell(call) == told_as::one_call) return state + call.method + "() to return";
    if (f.wait == waiting::condition) return state + "a notification on " + or_else("a condition");
    if (f.wait == waiting::futex)
        return state + "a notification of " + or_else("an atomic variable");
    state += or_else("something");
    const bool lock =
        f.wait == waiting::mutex || f.wait == waiting::read_lock || f.wait == waiting::write_lock;
    if (lock && f.wait_object && f.wait_object->owner >= 0)
        state += ", which " +
                 (f.wait_object->owner == f.id
                      ? std::string("it holds itself")
                      : thread_in_words(f.wait_object->owner) +
                            (rt.fibers[f.wait_object->owner]->finished ? ", which has ended, holds"
                                                                       : " holds"));
    if (f.wait == waiting::read_lock && f.wait_object->owner < 0)
        state += ", behind a writer that waits";
    return state;
}

void teller::tell_end(story& s) {
    const auto& records = trace_records();
    for (int id = 0; id < rt.count; ++id) {
        const fiber& f = *rt.fibers[id];
        if (f.finished || f.wait == waiting::nothing) continue;
        const trace_record* last = nullptr;
        for (std::size_t i = records.size(); !last && i-- > trace_.first();)
            if (records[i].thread == id) last = &records[i];
        thread_state t;
        t.thread = id;
        t.state = state_of(f, last);
        if (const source_place* p = last ? trace_.place_of(*last) : nullptr) {
            t.file = p->file;
            t.line = p->line;
            t.text = source_text(p->file, p->line);
        }
        s.at_end.push_back(std::move(t));
    }
    // Who waits for the end of others explains nothing, and comes last.
    std::stable_partition(s.at_end.begin(), s.at_end.end(),
                          [](const thread_state& t) { return !t.state.ends_with(" to end"); });
}

void teller::find_place(result& r) const {
    if (failed_.file) {
        r.file = failed_.file;
        r.line = failed_.line;
    }
    if (r.file.empty())
        for (const source_place& p : trace_.at(failed_.pc))
            if (is_program_source(p.file) && r.file.empty()) r.file = p.file, r.line = p.line;
}

void teller::tell(result& r) {
    const std::vector<std::size_t> chosen = choose();
    r.story.threads = rt.count;
    tell_steps(r, chosen);
    tell_origins(r.story, chosen);
    find_place(r);
    if (r.kind == failure::deadlock || r.kind == failure::lost_wakeup ||
        r.kind == failure::self_deadlock || r.kind == failure::livelock)
        tell_end(r.story);
    if (r.kind == failure::race) {
        const std::string object = names_.of(failed_.address);
        r.message = "Two threads access " + (object.empty() ? "the same memory" : object) +
                    ", and nothing orders the accesses: " + thread_in_words(failed_.other_thread) +
                    " and " + thread_in_words(failed_.thread) + ".";
    }
    r.story.text = table(r.story);
}

}  // namespace

void tell(result& r, const execution& told, const execution& found) {
    if (told.failed.kind == failure::none && told.race.kind == failure::none) {
        r.failed = true;
        r.kind = failure::nondeterminism;
        r.message =
            "The body failed once (" + std::string(found.failed.message) +
            "), but not when the same schedule was run again: it does not do the same thing "
            "every time.";
        return;
    }
    const failure_record& f = what_failed(told);
    r.failed = true;
    r.kind = f.kind;
    r.message = f.message;
    teller(told).tell(r);
}

bool race_is_known_library_fault(const execution& traced) {
    if (traced.race.kind == failure::none) return false;
    const failure_record& race = traced.race;
    const placed_trace trace(race.pc);
    const plot accesses(race, trace);
    // libstdc++ 12 unlocks atomic<shared_ptr> with a relaxed operation after a load.
    return std::any_of(accesses.culprits().begin(), accesses.culprits().end(), [&](std::size_t i) {
        return trace.mentions(trace_records()[i], "shared_ptr_atomic.h");
    });
}

}  // namespace interleave::detail
