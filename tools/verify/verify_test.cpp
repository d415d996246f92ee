#include "verify/verify.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>

namespace {

using namespace interleave;

stage_result did(stage which, outcome result, kind why = kind::none) {
    return {.which = which, .result = result, .why = why, .summary = {}};
}

verdict of(std::vector<stage_result> stages) {
    verdict record;
    record.stages = std::move(stages);
    return record;
}

answer declared(std::optional<kind> why) {
    answer whose;
    whose.declared = why;
    return whose;
}

lesson with(std::map<stage, int> points) {
    lesson what;
    what.points = std::move(points);
    return what;
}

const lesson plain = with({{stage::behaviour, 5}, {stage::race, 5}});
const lesson explored = with({{stage::behaviour, 5}, {stage::interleavings, 5}});

const stage_result built = did(stage::build, outcome::passed);

TEST_CASE("an answer that should pass has to pass every stage") {
    const answer right = declared(std::nullopt);
    CHECK(as_declared(plain, right, of({built, did(stage::race, outcome::passed)}), {}));
    for (const outcome other : {outcome::failed, outcome::skipped, outcome::inconclusive,
                                outcome::infrastructure, outcome::tampered}) {
        CHECK_FALSE(
            as_declared(plain, right, of({built, did(stage::race, other, kind::race)}), {}));
    }
    CHECK_FALSE(as_declared(plain, right, of({}), {}));
}

TEST_CASE("only a speedup may be left undecided") {
    const answer right = declared(std::nullopt);
    CHECK(as_declared(plain, right, of({built, did(stage::speedup, outcome::inconclusive)}), {}));
    CHECK_FALSE(
        as_declared(plain, right, of({built, did(stage::speedup, outcome::infrastructure)}), {}));
    CHECK_FALSE(as_declared(plain, right, of({built, did(stage::speedup, outcome::skipped)}), {}));
}

TEST_CASE("ThreadSanitizer alone decides nothing of an answer with fences") {
    const verdict left = of({built, did(stage::race, outcome::inconclusive)});
    CHECK(as_declared(explored, declared(std::nullopt), left, {stage::race}));
    CHECK(as_declared(explored, declared(kind::race), left, {stage::race}));
    const verdict blamed = of({built, did(stage::race, outcome::failed, kind::race)});
    CHECK_FALSE(as_declared(explored, declared(std::nullopt), blamed, {stage::race}));
}

TEST_CASE("a wrong answer has to be rejected for its declared reason") {
    const answer wrong = declared(kind::race);
    CHECK(
        as_declared(plain, wrong, of({built, did(stage::race, outcome::failed, kind::race)}), {}));
    CHECK(as_declared(plain, wrong,
                      of({built, did(stage::behaviour, outcome::failed, kind::wrong_result),
                          did(stage::race, outcome::failed, kind::race)}),
                      {}));
    CHECK_FALSE(
        as_declared(plain, wrong, of({built, did(stage::race, outcome::failed, kind::crash)}), {}));
    CHECK_FALSE(as_declared(plain, wrong, of({built, did(stage::race, outcome::passed)}), {}));
    CHECK_FALSE(
        as_declared(plain, wrong, of({built, did(stage::race, outcome::infrastructure)}), {}));
    CHECK_FALSE(as_declared(plain, wrong, of({built, did(stage::race, outcome::tampered)}), {}));
    CHECK_FALSE(as_declared(plain, wrong, of({}), {}));
}

TEST_CASE("stages that do not decide the declared kind may pass it, but have to judge it") {
    const answer wrong = declared(kind::race);
    const std::vector<stage> only{stage::behaviour};
    CHECK(as_declared(plain, wrong, of({built, did(stage::behaviour, outcome::passed)}), only));
    CHECK(as_declared(plain, wrong,
                      of({built, did(stage::behaviour, outcome::failed, kind::wrong_result)}),
                      only));
    CHECK_FALSE(as_declared(plain, wrong,
                            of({built, did(stage::behaviour, outcome::infrastructure)}), only));
    CHECK_FALSE(
        as_declared(plain, wrong, of({built, did(stage::behaviour, outcome::skipped)}), only));
    CHECK_FALSE(as_declared(plain, wrong, of({}), only));
}

TEST_CASE("each kind is decided by one stage") {
    const auto must_fail_in = [](kind why, stage where) {
        return !as_declared(plain, declared(why), of({built, did(where, outcome::passed)}),
                            {where});
    };
    CHECK(must_fail_in(kind::race, stage::race));
    CHECK(must_fail_in(kind::leak, stage::lifetime));
    CHECK(must_fail_in(kind::use_after_free, stage::lifetime));
    CHECK(must_fail_in(kind::too_slow, stage::speedup));
    CHECK(must_fail_in(kind::deadlock, stage::behaviour));
    CHECK(must_fail_in(kind::wrong_result, stage::behaviour));
    CHECK(must_fail_in(kind::build_error, stage::lifetime));
    CHECK_FALSE(must_fail_in(kind::race, stage::behaviour));
    CHECK_FALSE(must_fail_in(kind::wrong_result, stage::race));
}

TEST_CASE("where interleavings are explored, a plain run alone decides nothing") {
    const answer wrong = declared(kind::deadlock);
    const verdict unseen = of({built, did(stage::behaviour, outcome::passed),
                               did(stage::interleavings, outcome::passed)});
    CHECK(as_declared(explored, wrong, unseen, {stage::behaviour}));
    CHECK(as_declared(explored, wrong, unseen, {stage::interleavings}));
    CHECK_FALSE(as_declared(explored, wrong, unseen, {stage::behaviour, stage::interleavings}));
    CHECK_FALSE(as_declared(explored, wrong, unseen, {}));
    const verdict seen = of({built, did(stage::behaviour, outcome::passed),
                             did(stage::interleavings, outcome::failed, kind::deadlock)});
    CHECK(as_declared(explored, wrong, seen, {}));
}

TEST_CASE("a sample of the interleavings may miss what exploring finds") {
    stage_result sample = did(stage::interleavings, outcome::passed);
    sample.sampled = true;
    const answer wrong = declared(kind::lost_wakeup);
    CHECK(as_declared(explored, wrong, of({built, sample}), {}));
    CHECK(as_declared(explored, declared(std::nullopt), of({built, sample}), {}));
    CHECK_FALSE(as_declared(explored, wrong,
                            of({built, did(stage::interleavings, outcome::infrastructure)}), {}));
}

}  // namespace
