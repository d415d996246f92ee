#include "verify/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>

#include "learn/present.hpp"
#include "runner/parallel.hpp"
#include "verdict/json.hpp"
#include "verify/answer_tasks.hpp"

namespace interleave {
namespace {

/// The stages in which an answer of a kind is found out: by one of them, and by no other surely.
std::vector<stage> deciding(const lesson& what, kind why) {
    switch (why) {
        case kind::build_error:
            return {};
        case kind::race:
            return {stage::race};
        case kind::leak:
        case kind::use_after_free:
        case kind::memory_error:
            return {stage::lifetime};
        case kind::too_slow:
            return {stage::speedup};
        default:
            // Some mistakes show in a plain run, the others only when interleavings are explored.
            if (what.points.contains(stage::interleavings)) {
                return {stage::behaviour, stage::interleavings};
            }
            return {stage::behaviour};
    }
}

/// ThreadSanitizer says nothing of an answer with fences where the explorer was not asked.
bool is_left_to_the_explorer(const lesson& what, const verdict& record, const stage_result& each) {
    return each.which == stage::race && each.result == outcome::inconclusive &&
           what.points.contains(stage::interleavings) && !record.find(stage::interleavings);
}

/// Whether these stages, as they were run, surely find out an answer of this kind.
bool decided(const lesson& what, kind why, const verdict& record, const std::vector<stage>& only) {
    const auto needed = deciding(what, why);
    return std::all_of(needed.begin(), needed.end(), [&](stage which) {
        const stage_result* ran = record.find(which);
        const bool a_sample = ran != nullptr && ran->sampled;
        const bool left_to_another = ran != nullptr && is_left_to_the_explorer(what, record, *ran);
        return !a_sample && !left_to_another &&
               (only.empty() || std::find(only.begin(), only.end(), which) != only.end());
    });
}

std::string expectation(const answer& whose) {
    return whose.declared ? std::string(name(*whose.declared)) : "passed";
}

std::string seen(const verdict& record) {
    return std::string(record.result() == outcome::failed ? name(record.why())
                                                          : name(record.result()));
}

/// The verdict of an answer that surprised us, whole: every stage, and the evidence.
std::string account(const presenter& say, const verdict& record) {
    std::string text;
    for (const auto& each : record.stages) text += say.stage_line(each) + "\n";
    return text + say.explanation(record, 40);
}

class verification {
  public:
    verification(const course& from, runner& judge, const verify_request& request,
                 progress_line& progress, std::stop_token stop)
        : runner_(judge),
          request_(request),
          progress_(progress),
          look_(style::of(stdout)),
          say_(look_, from.root()),
          stop_(std::move(stop)) {
        tasks_ = answer_tasks(from, request.lessons,
                              [this](const lesson& each) { return runs_any_stage(each); });
    }

    tally run() {
        for_each_in_parallel(tasks_, request_.jobs, stop_,
                             [this](const answer_task& one) { judge(one); });
        progress_.clear();
        if (request_.json) progress_.print(records_.dump(2));
        return tally_;
    }

  private:
    bool runs_any_stage(const lesson& what) const {
        return request_.only.empty() ||
               std::any_of(request_.only.begin(), request_.only.end(),
                           [&](stage which) { return what.points.contains(which); });
    }

    void judge(const answer_task& one) {
        progress_.show(fmt::format("  {} of {}: {} {} ...", done_ + 1, tasks_.size(), one.what->id,
                                   one.whose.name));
        const run_options options{.only = request_.only,
                                  .gcc = request_.gcc,
                                  .kind_only = true,
                                  .solo = request_.jobs <= 1};
        const verdict record = runner_.run(*one.what, one.whose, options, {}, stop_);
        if (stop_.stop_requested()) return;
        const bool as_it_should = as_declared(*one.what, one.whose, record, request_.only);

        std::lock_guard lock(mutex_);
        ++done_;
        ++(as_it_should ? tally_.passed : tally_.failed);
        tally_.undecided += record.result() == outcome::inconclusive;
        if (request_.json) {
            auto json = to_json(record);
            json["expected"] = expectation(one.whose);
            json["as_declared"] = as_it_should;
            records_.push_back(std::move(json));
            return;
        }
        std::string line = fmt::format("  {} {:<22} {:<34} {:<16} {:>5.1f} s",
                                       as_it_should ? look_.good("ok    ") : look_.bad("FAILED"),
                                       one.what->id, one.whose.name, seen(record), record.seconds);
        if (!as_it_should) {
            line += fmt::format("\n         declared: {}{}\n", expectation(one.whose),
                                one.whose.summary.empty() ? "" : ": " + one.whose.summary);
            line += account(say_, record);
        }
        progress_.print(line);
    }

    runner& runner_;
    const verify_request& request_;
    progress_line& progress_;
    const style look_;
    const presenter say_;
    const std::stop_token stop_;
    std::vector<answer_task> tasks_;
    std::atomic<int> done_ = 0;

    std::mutex mutex_;
    tally tally_;                                       // guarded by mutex_
    nlohmann::json records_ = nlohmann::json::array();  // guarded by mutex_
};

}  // namespace

bool as_declared(const lesson& what, const answer& whose, const verdict& record,
                 const std::vector<stage>& only) {
    const outcome result = record.result();
    const auto left = [&](const stage_result& each) {
        return is_left_to_the_explorer(what, record, each);
    };
    if (!whose.declared) {
        // The speedup stage may leave a right answer undecided on a busy machine, and the race
        // stage one with fences.
        return !record.stages.empty() &&
               std::all_of(record.stages.begin(), record.stages.end(), [&](const auto& each) {
                   return each.result == outcome::passed || left(each) ||
                          (each.which == stage::speedup && each.result == outcome::inconclusive);
               });
    }
    if (!decided(what, *whose.declared, record, only)) {
        return result == outcome::passed || result == outcome::failed ||
               std::any_of(record.stages.begin(), record.stages.end(), left);
    }
    return result == outcome::failed && record.why() == *whose.declared;
}

tally verify(const course& from, runner& judge, const verify_request& request,
             progress_line& progress, std::stop_token stop) {
    return verification(from, judge, request, progress, std::move(stop)).run();
}

}  // namespace interleave
