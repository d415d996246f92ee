#include "runner/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <thread>

#include "runner/answer_build.hpp"
#include "runner/stage_executor.hpp"
#include "runner/workspace.hpp"
#include "verdict/json.hpp"

namespace interleave {
namespace {

namespace fs = std::filesystem;

/// Texts may hold what an answer printed: nothing of it may steer a terminal.
void make_printable(stage_result& result) {
    for (std::string* text : {&result.summary, &result.evidence}) *text = printable(*text);
    if (result.where) result.where->text = printable(result.where->text);
    for (auto& failure : result.failures) {
        for (std::string* text : {&failure.expression, &failure.expanded, &failure.message}) {
            *text = printable(*text);
        }
    }
}

}  // namespace

/// One answer on its way. A lane is a preset and the stages that are run with its build; lanes run
/// side by side when the run is solo, but what the observer hears is always in the order of stages.
class runner::job {
  public:
    job(runner& owner, const lesson& what, const answer& whose, const run_options& options,
        const run_observer& observer, std::stop_token stop)
        : owner_(owner),
          lesson_(what),
          answer_(whose),
          options_(options),
          observer_(observer),
          stop_(std::move(stop)),
          executor_(owner.presets_, owner.root_, what, whose, options, stop_),
          space_(owner.presets_.folder() / "run") {}

    verdict run() {
        for (const auto& [which, points] : lesson_.points) {
            if (which == stage::build || !options_.selects(which)) continue;
            const std::string preset = preset_of(which, options_.gcc);
            auto lane = std::find_if(lanes_.begin(), lanes_.end(),
                                     [&](const auto& known) { return known.preset == preset; });
            if (lane == lanes_.end()) lane = lanes_.insert(lanes_.end(), {preset, {}});
            lane->stages.push_back(which);
        }
        if (lanes_.empty()) lanes_.push_back({preset_of(stage::behaviour, options_.gcc), {}});
        // Parts are prepared one preset after the other: their builds use every core themselves.
        for (const auto& lane : lanes_) owner_.presets_.get(lane.preset, stop_);

        record_.lesson = lesson_.id;
        record_.answer = answer_.file;
        const auto begin = std::chrono::steady_clock::now();
        run_lanes();
        report_in_order();
        threads_.clear();
        if (failure_) std::rethrow_exception(failure_);
        record_.seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        return std::move(record_);
    }

  private:
    struct lane {
        std::string preset;
        std::vector<stage> stages;
    };

    void run_lanes() {
        if (!options_.solo) {
            threads_.emplace_back([this] {
                for (const auto& each : lanes_) travel(each);
                end_lane(lanes_.size());
            });
            return;
        }
        // The plain build has a core to itself while the first sanitized one has the other; the
        // third waits for the plain lane, so that the first verdict is not held up.
        threads_.emplace_back([this] {
            travel(lanes_.front());
            for (std::size_t i = 2; i < lanes_.size(); ++i) travel(lanes_[i]);
            end_lane(lanes_.size() - (lanes_.size() > 1 ? 1 : 0));
        });
        if (lanes_.size() > 1) {
            threads_.emplace_back([this] {
                travel(lanes_[1]);
                end_lane(1);
            });
        }
    }

    /// Builds and runs one lane. The speedup stage is left for later: it wants the machine alone.
    void travel(const lane& way) {
        try {
            if (is_needless(way)) return;
            const recipe& how = owner_.presets_.get(way.preset, stop_);
            const fs::path folder = space_.folder() / way.preset;
            fs::create_directory(folder);
            const built_answer built = build(how, way, folder);
            if (built.cancelled) return;
            const bool ok = built.result.result == outcome::passed;
            if (&way == &lanes_.front()) deliver(built.result);
            for (const stage which : way.stages) {
                if (stop_.stop_requested()) return;
                if (is_needless(which)) continue;
                if (!ok) {
                    deliver(unbuilt(which, way, built.result));
                } else if (which == stage::interleavings) {
                    std::shared_lock beside_others(owner_.machine_);
                    deliver(explore(way, built));
                } else if (which == stage::speedup) {
                    wait_for_other_lanes();
                    std::unique_lock alone(owner_.machine_);
                    deliver(execute(which, way, built.program));
                } else {
                    std::shared_lock beside_others(owner_.machine_);
                    deliver(execute(which, way, built.program));
                }
            }
        } catch (...) {
            std::lock_guard lock(mutex_);
            if (!failure_) failure_ = std::current_exception();
            changed_.notify_all();
        }
    }

    /// Whether only the kind is wanted, and it is known whatever this stage would find.
    bool is_needless(stage which) {
        std::lock_guard lock(mutex_);
        return options_.kind_only &&
               std::any_of(arrived_.begin(), arrived_.end(), [which](const auto& each) {
                   return each.second.result == outcome::failed &&
                          !could_outrank(which, each.second);
               });
    }

    bool has_hung(stage which) {
        std::lock_guard lock(mutex_);
        const auto ended = arrived_.find(which);
        return ended != arrived_.end() && ended->second.why == kind::hang;
    }

    bool is_needless(const lane& way) {
        return !way.stages.empty() &&
               std::all_of(way.stages.begin(), way.stages.end(),
                           [this](stage which) { return is_needless(which); });
    }

    built_answer build(const recipe& how, const lane& way, const fs::path& folder) {
        const bool explore = std::find(way.stages.begin(), way.stages.end(),
                                       stage::interleavings) != way.stages.end();
        const auto begin = fs::file_time_type::clock::now();
        {
            std::shared_lock beside_others(owner_.machine_);
            built_answer built = build_answer(how, lesson_, answer_, folder, explore, stop_);
            if (!built.stale_parts) return built;
        }
        std::unique_lock alone(owner_.machine_);
        owner_.presets_.renew(way.preset, begin, stop_);
        return build_answer(how, lesson_, answer_, folder, explore, stop_);
    }

    /// A stage whose build failed. The first lane's failure is the build stage's own; an answer
    /// that compiles plain but not with a sanitizer fails that sanitizer's stages.
    stage_result unbuilt(stage which, const lane& way, const stage_result& failed) const {
        if (&way == &lanes_.front()) return not_run(which);
        stage_result result = failed;
        result.which = which;
        result.summary =
            fmt::format("It does not compile in the {} preset: {}", way.preset, failed.summary);
        return result;
    }

    static stage_result not_run(stage which) {
        return {.which = which,
                .result = outcome::skipped,
                .summary = "Not run, because there is no program to run."};
    }

    stage_result explore(const lane& way, const built_answer& built) {
        if (built.explored_result.result != outcome::passed) {
            return unbuilt(stage::interleavings, way, built.explored_result);
        }
        return execute(stage::interleavings, way, built.explored);
    }

    stage_result execute(stage which, const lane& way, const fs::path& program) {
        return executor_.execute(which, way.preset, program, has_hung(stage::behaviour));
    }

    void deliver(stage_result result) {
        make_printable(result);
        std::lock_guard lock(mutex_);
        const stage which = result.which;
        arrived_[which] = std::move(result);
        changed_.notify_all();
    }

    void end_lane(std::size_t lanes) {
        std::lock_guard lock(mutex_);
        lanes_ended_ += lanes;
        changed_.notify_all();
    }

    /// Speedup belongs to the plain lane, which in a solo run travels beside one other.
    void wait_for_other_lanes() {
        std::unique_lock lock(mutex_);
        const std::size_t others = options_.solo && lanes_.size() > 1 ? 1 : 0;
        changed_.wait(lock, [&] { return lanes_ended_ >= others || failure_; });
    }

    /// Waits until a stage has arrived or never will, and tells which later ones fail meanwhile.
    void await(stage which, std::unique_lock<std::mutex>& lock) {
        for (;;) {
            const stage_result* ahead = nullptr;
            changed_.wait(lock, [&] {
                if (arrived_.contains(which) || lanes_ended_ == lanes_.size() || failure_) {
                    ahead = nullptr;
                    return true;
                }
                ahead = failed_ahead();
                return ahead != nullptr;
            });
            if (ahead == nullptr) return;
            told_ahead_.insert(ahead->which);
            const stage_result result = *ahead;
            lock.unlock();
            observer_.failed_ahead(result);
            lock.lock();
        }
    }

    /// A failure that has arrived before its turn and was not told yet; called with the mutex held.
    const stage_result* failed_ahead() const {
        if (!observer_.failed_ahead) return nullptr;
        for (const auto& [which, result] : arrived_) {
            // That it does not compile is for the first lane to say.
            if (record_.find(which) == nullptr && !told_ahead_.contains(which) &&
                result.result == outcome::failed && result.why != kind::build_error) {
                return &result;
            }
        }
        return nullptr;
    }

    /// Tells the observer, in the order of stages, what arrives; returns when all lanes have ended.
    void report_in_order() {
        std::vector<stage> order{stage::build};
        for (const stage which : all_stages()) {
            for (const auto& each : lanes_) {
                if (std::find(each.stages.begin(), each.stages.end(), which) != each.stages.end()) {
                    order.push_back(which);
                }
            }
        }
        for (const stage which : order) {
            if (observer_.started) observer_.started(which);
            std::unique_lock lock(mutex_);
            await(which, lock);
            const auto found = arrived_.find(which);
            if (found == arrived_.end()) {
                // Without it, a record cut short could be one that passed.
                record_.stages.push_back({.which = which,
                                          .result = outcome::skipped,
                                          .summary = stop_.stop_requested()
                                                         ? "Stopped."
                                                         : "Not run: the kind is known already."});
                continue;
            }
            stage_result result = found->second;
            lock.unlock();
            // Said once is enough, though other lanes compile the same mistake.
            if (which != stage::build && result.why == kind::build_error &&
                record_.stages.front().why == kind::build_error) {
                result = not_run(which);
            }
            if (const auto worth = lesson_.points.find(which); worth != lesson_.points.end()) {
                result.max_points = worth->second;
                if (result.result == outcome::passed) result.points = worth->second;
            }
            if (observer_.finished) observer_.finished(result);
            record_.stages.push_back(std::move(result));
        }
    }

    runner& owner_;
    const lesson& lesson_;
    const answer& answer_;
    const run_options& options_;
    const run_observer& observer_;
    const std::stop_token stop_;
    const stage_executor executor_;
    workspace space_;
    std::vector<lane> lanes_;
    verdict record_;
    std::set<stage> told_ahead_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<stage, stage_result> arrived_;  // guarded by mutex_
    std::size_t lanes_ended_ = 0;            // guarded by mutex_
    std::exception_ptr failure_;             // guarded by mutex_
    std::vector<std::jthread> threads_;
};

runner::runner(fs::path root, fs::path builds)
    : root_(root), presets_(std::move(root), std::move(builds)) {}

verdict runner::run(const lesson& what, const answer& whose, const run_options& options,
                    const run_observer& observer, std::stop_token stop) {
    return job(*this, what, whose, options, observer, std::move(stop)).run();
}

}  // namespace interleave
