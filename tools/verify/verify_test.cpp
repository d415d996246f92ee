#include "verify/verify.hpp"

#include <catch2/catch_test_macros.hpp>

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

const stage_result built = did(stage::build, outcome::passed);

TEST_CASE("an answer that should pass has to pass every stage") {
    const answer right = declared(std::nullopt);
    CHECK(as_declared(right, of({built, did(stage::race, outcome::passed)}), {}));
    for (const outcome other : {outcome::failed, outcome::skipped, outcome::inconclusive,
                                outcome::infrastructure, outcome::tampered}) {
        CHECK_FALSE(as_declared(right, of({built, did(stage::race, other, kind::race)}), {}));
    }
    CHECK_FALSE(as_declared(right, of({}), {}));
}

TEST_CASE("only a speedup may be left undecided") {
    const answer right = declared(std::nullopt);
    CHECK(as_declared(right, of({built, did(stage::speedup, outcome::inconclusive)}), {}));
    CHECK_FALSE(as_declared(right, of({built, did(stage::speedup, outcome::infrastructure)}), {}));
    CHECK_FALSE(as_declared(right, of({built, did(stage::speedup, outcome::skipped)}), {}));
}

TEST_CASE("a wrong answer has to be rejected for its declared reason") {
    const answer wrong = declared(kind::race);
    CHECK(as_declared(wrong, of({built, did(stage::race, outcome::failed, kind::race)}), {}));
    CHECK(as_declared(wrong,
                      of({built, did(stage::behaviour, outcome::failed, kind::wrong_result),
                          did(stage::race, outcome::failed, kind::race)}),
                      {}));
    CHECK_FALSE(
        as_declared(wrong, of({built, did(stage::race, outcome::failed, kind::crash)}), {}));
    CHECK_FALSE(as_declared(wrong, of({built, did(stage::race, outcome::passed)}), {}));
    CHECK_FALSE(as_declared(wrong, of({built, did(stage::race, outcome::infrastructure)}), {}));
    CHECK_FALSE(as_declared(wrong, of({built, did(stage::race, outcome::tampered)}), {}));
    CHECK_FALSE(as_declared(wrong, of({}), {}));
}

TEST_CASE("stages that do not decide the declared kind may pass it, but have to judge it") {
    const answer wrong = declared(kind::race);
    const std::vector<stage> only{stage::behaviour};
    CHECK(as_declared(wrong, of({built, did(stage::behaviour, outcome::passed)}), only));
    CHECK(as_declared(
        wrong, of({built, did(stage::behaviour, outcome::failed, kind::wrong_result)}), only));
    CHECK_FALSE(
        as_declared(wrong, of({built, did(stage::behaviour, outcome::infrastructure)}), only));
    CHECK_FALSE(as_declared(wrong, of({built, did(stage::behaviour, outcome::skipped)}), only));
    CHECK_FALSE(as_declared(wrong, of({}), only));
}

TEST_CASE("each kind is decided by one stage") {
    const auto must_fail_in = [](kind why, stage where) {
        return !as_declared(declared(why), of({built, did(where, outcome::passed)}), {where});
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

}  // namespace
