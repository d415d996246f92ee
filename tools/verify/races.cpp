#include "verify/races.hpp"

#include <fmt/format.h>

#include <atomic>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "runner/parallel.hpp"
#include "verdict/json.hpp"
#include "verify/answer_tasks.hpp"

namespace interleave {
namespace {

/// What the race stage is expected to find in an answer. A wrong answer that fails for another
/// reason may or may not be free of races: only its declared kind is promised.
enum class expected { race, clean, either };

expected expectation(const answer& whose) {
    if (!whose.declared) return expected::clean;
    return *whose.declared == kind::race ? expected::race : expected::either;
}

std::string_view name(expected what) {
    switch (what) {
        case expected::race:
            return "race";
        case expected::clean:
            return "clean";
        case expected::either:
            break;
    }
    return "-";
}

/// The runs of one answer under one compiler.
struct findings {
    int races = 0;
    int clean = 0;
    int other = 0;      ///< No race, but the stage failed: a hang, a wrong result, ...
    int undecided = 0;  ///< The machine's fault.
    std::string first_other;

    void add(const stage_result& result) {
        if (result.result == outcome::passed) {
            ++clean;
        } else if (result.result != outcome::failed) {
            ++undecided;
        } else if (result.why == kind::race) {
            ++races;
        } else {
            ++other;
            if (first_other.empty()) first_other = interleave::name(result.why);
        }
    }

    bool as(expected what) const {
        if (undecided > 0) return false;
        switch (what) {
            case expected::race:
                return clean == 0 && other == 0 && races > 0;
            case expected::clean:
                return races == 0 && other == 0 && clean > 0;
            case expected::either:
                return true;
        }
        return false;
    }

    std::string text() const {
        std::string out;
        const auto add = [&](int count, std::string_view what) {
            if (count == 0) return;
            if (!out.empty()) out += ", ";
            out += races + clean + other + undecided == 1 ? std::string(what)
                                                          : fmt::format("{} x{}", what, count);
        };
        add(races, "race");
        add(clean, "clean");
        add(other, first_other);
        add(undecided, "no verdict");
        return out;
    }
};

class detection {
  public:
    detection(const course& from, runner& judge, const races_request& request, progress_line& line,
              std::stop_token stop)
        : runner_(judge),
          request_(request),
          line_(line),
          look_(style::of(stdout)),
          stop_(std::move(stop)) {
        compilers_ = request.compilers;
        if (compilers_.empty()) compilers_ = {"clang", "gcc"};
        tasks_ = answer_tasks(from, request.lessons,
                              [](const lesson& each) { return each.points.contains(stage::race); });
    }

    races_tally run() {
        for (const auto& compiler : compilers_) {
            runner_.builds().get(preset_of(stage::race, compiler == "gcc"), stop_);
        }
        if (!request_.json) {
            std::string header =
                fmt::format("         {:<22} {:<34} {:<9}", "lesson", "answer", "expected");
            for (const auto& compiler : compilers_) header += fmt::format(" {:<16}", compiler);
            line_.print(look_.strong(header));
        }
        for_each_in_parallel(tasks_, request_.jobs, stop_,
                             [this](const answer_task& one) { detect(one); });
        line_.clear();
        if (request_.json) {
            line_.print(nlohmann::json{
                {"answers", records_}, {"passed", tally_.passed}, {"failed", tally_.failed}}
                            .dump(2));
        }
        return tally_;
    }

  private:
    /// Under ThreadSanitizer, and by the explorer what ThreadSanitizer cannot see.
    verdict judge(const answer_task& one, const std::string& compiler) {
        run_options options{.only = {stage::race}, .gcc = compiler == "gcc", .solo = false};
        verdict result = runner_.run(*one.what, one.whose, options, {}, stop_);
        if (const stage_result* race = result.find(stage::race);
            !race || race->result != outcome::inconclusive) {
            return result;
        }
        options.only.push_back(stage::interleavings);
        return runner_.run(*one.what, one.whose, options, {}, stop_);
    }

    static const stage_result* telling(const verdict& record) {
        const stage_result* explored = record.find(stage::interleavings);
        return explored ? explored : record.find(stage::race);
    }

    void detect(const answer_task& one) {
        const expected want = expectation(one.whose);
        bool as_it_should = true;
        std::string row =
            fmt::format("{:<22} {:<34} {:<9}", one.what->id, one.whose.name, name(want));
        nlohmann::json record{
            {"lesson", one.what->id}, {"answer", one.whose.name}, {"expected", name(want)}};
        for (const auto& compiler : compilers_) {
            findings found;
            for (int run = 0; run < request_.runs; ++run) {
                line_.show(fmt::format("  {} of {}: {} {} with {} ...", done_ + 1, tasks_.size(),
                                       one.what->id, one.whose.name, compiler));
                const verdict result = judge(one, compiler);
                if (stop_.stop_requested()) return;
                if (const stage_result* race = telling(result)) {
                    found.add(*race);
                    if (run == 0) record["digest"][compiler] = race->evidence;
                }
            }
            as_it_should = as_it_should && found.as(want);
            row += fmt::format(" {:<16}", found.text());
            record["found"][compiler] = {{"race", found.races},
                                         {"clean", found.clean},
                                         {"other", found.other},
                                         {"undecided", found.undecided}};
        }
        record["as_expected"] = as_it_should;
        std::lock_guard lock(mutex_);
        ++done_;
        ++(as_it_should ? tally_.passed : tally_.failed);
        if (request_.json) {
            records_.push_back(std::move(record));
        } else {
            line_.print(fmt::format(
                "  {} {}", as_it_should ? look_.good("ok    ") : look_.bad("FAILED"), row));
        }
    }

    runner& runner_;
    const races_request& request_;
    progress_line& line_;
    const style look_;
    const std::stop_token stop_;
    std::vector<std::string> compilers_;
    std::vector<answer_task> tasks_;
    std::atomic<int> done_ = 0;

    std::mutex mutex_;
    races_tally tally_;                                 // guarded by mutex_
    nlohmann::json records_ = nlohmann::json::array();  // guarded by mutex_
};

}  // namespace

races_tally races(const course& from, runner& judge, const races_request& request,
                  progress_line& line, std::stop_token stop) {
    return detection(from, judge, request, line, std::move(stop)).run();
}

}  // namespace interleave
