// scenarios find [NAME] | clean [NAME] | survive [NAME] | show NAME: runs the scenarios by hand.

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "scenarios.hpp"

int main(int argc, char** argv) {
    const std::string mode = argc > 1 ? argv[1] : "find", filter = argc > 2 ? argv[2] : "";
    const long executions = argc > 3 ? std::atol(argv[3]) : 0;
    std::vector<scenario> all;
    const auto take = [&](std::vector<scenario> some) {
        for (auto& s : some)
            if (s.name.find(filter) != std::string::npos) all.push_back(std::move(s));
    };
    if (mode == "find" || mode == "show") take(broken_scenarios());
    if (mode == "clean" || mode == "show") take(correct_scenarios());
    if (mode == "survive" || mode == "show") take(misbehaving_scenarios());
    int wrong = 0;
    for (auto& s : all) {
        if (executions) s.how.executions = executions;
        const auto r = interleave::explore(s.body, s.how);
        bool good = s.expected.empty() && r.ok();
        for (const auto k : s.expected) good |= r.kind == k;
        wrong += !good;
        std::printf("%-4s %-52s %-16s %7ld executions %8.0f/s%s\n", good ? "ok" : "BAD",
                    s.name.c_str(), std::string(name(r.kind)).c_str(), r.executions,
                    static_cast<double>(r.executions) / r.seconds, r.exhausted ? " exhausted" : "");
        if (mode == "show" || !good) std::puts(r.report().c_str());
        std::fflush(stdout);
    }
    return wrong != 0;
}
