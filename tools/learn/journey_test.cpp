#include "learn/journey.hpp"

#include <catch2/catch_test_macros.hpp>

#include "course/fixture.hpp"
#include "learn/check_command.hpp"

namespace {

using namespace interleave;
using interleave::test::fixture_course;
using interleave::test::temporary_folder;

/// The two lessons 01-lost-update and 02-overdraft, and nothing done yet.
struct start {
    fixture_course files;
    temporary_folder state;
    course all{files.root()};
    progress so_far{state.path()};
    const lesson& first = all.lessons()[0];
    const lesson& second = all.lessons()[1];
};

verdict with(const std::vector<outcome>& outcomes) {
    verdict record;
    for (const outcome each : outcomes) record.stages.push_back({.result = each, .summary = {}});
    return record;
}

TEST_CASE("the journey begins with the first lesson, and goes on where it was left") {
    start at;
    CHECK(current_lesson(at.all, at.so_far).id == at.first.id);
    at.so_far.mark_done(at.first.id);
    CHECK(current_lesson(at.all, at.so_far).id == at.second.id);
    at.so_far.set_current(at.first.id);
    CHECK(current_lesson(at.all, at.so_far).id == at.first.id);
    at.so_far.set_current("77-gone");
    CHECK(current_lesson(at.all, at.so_far).id == at.second.id);
    at.so_far.mark_done(at.second.id);
    CHECK(current_lesson(at.all, at.so_far).id == at.second.id);
}

TEST_CASE("the next lesson is the next that is not done, from the start again after the end") {
    start at;
    CHECK(next_lesson(at.all, at.so_far, at.first) == &at.second);
    CHECK(next_lesson(at.all, at.so_far, at.second) == &at.first);
    at.so_far.mark_done(at.first.id);
    CHECK(next_lesson(at.all, at.so_far, at.first) == &at.second);
    CHECK(next_lesson(at.all, at.so_far, at.second) == nullptr);
    at.so_far.mark_done(at.second.id);
    CHECK(next_lesson(at.all, at.so_far, at.first) == nullptr);
}

TEST_CASE("only a verdict is remembered, not a run that came to none") {
    start at;
    for (const auto& none : {with({}), with({outcome::passed, outcome::skipped}),
                             with({outcome::passed, outcome::infrastructure}),
                             with({outcome::passed, outcome::inconclusive}),
                             with({outcome::passed, outcome::tampered})}) {
        note_verdict(at.so_far, at.first, none);
        CHECK(at.so_far.of(at.first.id).state == lesson_state::untouched);
    }
    note_verdict(at.so_far, at.first, with({outcome::passed, outcome::failed}));
    CHECK(at.so_far.of(at.first.id).state == lesson_state::tried);
    note_verdict(at.so_far, at.first, with({outcome::passed, outcome::passed}));
    CHECK(at.so_far.of(at.first.id).state == lesson_state::done);
    note_verdict(at.so_far, at.first, with({outcome::failed}));
    CHECK(at.so_far.of(at.first.id).state == lesson_state::done);
}

TEST_CASE("the exit status tells a wrong answer from a machine that could not judge") {
    CHECK(status_of(with({outcome::passed})) == exit_passed);
    CHECK(status_of(with({outcome::passed, outcome::failed})) == exit_failed);
    CHECK(status_of(with({outcome::failed, outcome::infrastructure})) == exit_failed);
    CHECK(status_of(with({outcome::tampered})) == exit_failed);
    CHECK(status_of(with({outcome::inconclusive})) == exit_machine);
    CHECK(status_of(with({outcome::infrastructure})) == exit_machine);
    CHECK(status_of(with({})) == exit_machine);
}

}  // namespace
