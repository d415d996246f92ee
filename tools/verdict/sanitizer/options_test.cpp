#include <catch2/catch_test_macros.hpp>

#include "options.hpp"

namespace interleave {
namespace {

bool has(const std::string& options, std::string_view wanted) {
    return (":" + options + ":").find(":" + std::string(wanted) + ":") != std::string::npos;
}

TEST_CASE("every run of ThreadSanitizer reports all that it can") {
    for (const auto use : {sanitizer_use::learning, sanitizer_use::grading}) {
        const std::string options = tsan_options({.use = use, .log_path = {}});
        for (const auto* wanted : {"exitcode=66", "report_bugs=1", "io_sync=0", "atexit_sleep_ms=0",
                                   "history_size=7", "detect_deadlocks=0", "halt_on_error=0",
                                   "report_signal_unsafe=0"}) {
            INFO(wanted);
            CHECK(has(options, wanted));
        }
    }
    CHECK(has(tsan_options({.log_path = {}, .stop_at_first = true}), "halt_on_error=1"));
    CHECK(has(tsan_options({.log_path = {}, .races = false}), "report_bugs=0"));
}

TEST_CASE("a graded answer cannot annotate its mistakes away") {
    const sanitizer_run graded{.use = sanitizer_use::grading, .log_path = {}};
    CHECK(has(tsan_options(graded), "enable_annotations=0"));
    CHECK(has(asan_options(graded), "allow_user_poisoning=0"));
    CHECK_FALSE(has(tsan_options({}), "enable_annotations=0"));
}

TEST_CASE("AddressSanitizer looks for leaks and dead local variables") {
    CHECK(has(asan_options({}), "detect_leaks=1"));
    CHECK(has(asan_options({}), "detect_stack_use_after_return=1"));
    CHECK(has(asan_options({}), "exitcode=66"));
    CHECK(has(lsan_options(), "exitcode=66"));
}

TEST_CASE("the log's path is quoted, because a colon would separate options") {
    CHECK(tsan_options({.log_path = "/tmp/my course/a:b"})
              .ends_with(":log_path=\"/tmp/my course/a:b\""));
    CHECK(asan_options({.log_path = "/tmp/a\"b"}).ends_with(":log_path='/tmp/a\"b'"));
    CHECK(tsan_options({}).find("log_path") == std::string::npos);
}

}  // namespace
}  // namespace interleave
