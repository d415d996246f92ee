// The main function of every check: a Catch2 session whose listener reports each case and each
// failed assertion to the runner as it happens, so that a hang or a crash has a name.

#include <catch2/catch_session.hpp>
#include <catch2/catch_test_case_info.hpp>
#include <catch2/catch_translate_exception.hpp>
#include <catch2/interfaces/catch_interfaces_reporter.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>
#include <cstdio>
#include <string>

#include "support/event_text.hpp"
#include "support/events.hpp"
#include "support/inconclusive.hpp"
#include "support/infrastructure.hpp"
#include "support/measurement.hpp"

namespace {

using interleave::events::json_string;
using interleave::events::write_line;

std::string view(Catch::StringRef text) {
    return std::string(text.data(), text.size());
}

/// Set while the exception of a failed assertion is one of the machine's, not of the answer's.
bool infrastructure_failed = false;
bool nothing_shown = false;

class event_listener : public Catch::EventListenerBase {
  public:
    using EventListenerBase::EventListenerBase;

    void testCaseStarting(const Catch::TestCaseInfo& info) override {
        std::string tags;
        for (const auto& tag : info.tags) {
            if (!tags.empty()) tags += ',';
            tags += json_string(view(tag.original));
        }
        write_line(R"({"event":"case","name":)" + json_string(info.name) + R"(,"tags":[)" + tags +
                   "]}");
    }

    void assertionEnded(const Catch::AssertionStats& stats) override {
        const auto& result = stats.assertionResult;
        if (result.isOk()) return;
        std::string notes;
        for (const auto& info : stats.infoMessages) {
            if (info.message == view(result.getMessage())) continue;  // Catch2 lists it here too
            if (!notes.empty()) notes += ',';
            notes += json_string(info.message);
        }
        write_line(R"({"event":"failure","expression":)" +
                   json_string(result.hasExpression() ? result.getExpression() : std::string()) +
                   R"(,"expanded":)" +
                   json_string(result.hasExpandedExpression() ? result.getExpandedExpression()
                                                              : std::string()) +
                   R"(,"message":)" + json_string(view(result.getMessage())) + R"(,"notes":[)" +
                   notes + R"(],"file":)" + json_string(result.getSourceInfo().file) +
                   R"(,"line":)" + std::to_string(result.getSourceInfo().line) +
                   R"(,"infrastructure":)" + (infrastructure_failed ? "true" : "false") +
                   R"(,"inconclusive":)" + (nothing_shown ? "true" : "false") + "}");
        infrastructure_failed = false;
        nothing_shown = false;
    }

    void testCaseEnded(const Catch::TestCaseStats& stats) override {
        const auto& assertions = stats.totals.assertions;
        write_line(R"({"event":"case_end","passed":)" + std::to_string(assertions.passed) +
                   R"(,"failed":)" + std::to_string(assertions.failed) + R"(,"skipped":)" +
                   std::to_string(assertions.skipped) + "}");
    }
};

CATCH_REGISTER_LISTENER(event_listener)

/// Says that the program is left by way of exit(): destroyed after every static object of the
/// answer. One that leaves in another way before would also get away from the search for leaks.
struct last_word {
    ~last_word() { write_line(R"({"event":"gone"})"); }
};
[[gnu::init_priority(102)]] last_word at_exit;

CATCH_TRANSLATE_EXCEPTION(const interleave::infrastructure_error& error) {
    infrastructure_failed = true;
    return error.what();
}

CATCH_TRANSLATE_EXCEPTION(const interleave::inconclusive& error) {
    nothing_shown = true;
    return error.what();
}

}  // namespace

namespace interleave {

void report_measurement(std::string_view name, double value, std::string_view unit) {
    char number[32];
    std::snprintf(number, sizeof number, "%.6g", value);
    write_line(R"({"event":"measurement","name":)" + json_string(name) + R"(,"value":)" + number +
               R"(,"unit":)" + json_string(unit) + "}");
}

}  // namespace interleave

int main(int argc, char** argv) {
    const int status = Catch::Session().run(argc, argv);
    write_line(R"({"event":"end","status":)" + std::to_string(status) + "}");
    return status;
}
