// Streams and formatting: library code that is not instrumented, called from instrumented code.

#include <cstdio>

#include <charconv>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <locale>
#include <mutex>
#include <sstream>
#include <string>
#include <syncstream>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

void each_thread_writes_to_its_own_string_stream() {
    std::vector<std::string> texts(2);
    on_threads(2, [&](int me) {
        std::ostringstream out;
        out << "thread " << me << ' ' << std::setw(6) << std::setprecision(2) << std::fixed << 0.5;
        texts[static_cast<std::size_t>(me)] = out.str();
    });
    EXPECT(texts[0] == "thread 0   0.50" && texts[1] == "thread 1   0.50");
}

void a_string_stream_is_shared_under_a_lock() {
    std::mutex guard;
    std::ostringstream log;
    on_threads(3, [&](int me) {
        const std::lock_guard lock(guard);
        log << me << ';';
    });
    EXPECT(log.str().size() == 6);
}

void each_thread_reads_from_its_own_string_stream() {
    on_threads(2, [](int me) {
        std::istringstream in(std::to_string(me) + " 2.5 word");
        int number = -1;
        double real = 0;
        std::string word;
        in >> number >> real >> word;
        EXPECT(number == me && real == 2.5 && word == "word");
        EXPECT(!(in >> word));
    });
}

void cout_is_captured() {
    std::ostringstream captured;
    std::streambuf* const original = std::cout.rdbuf(captured.rdbuf());
    std::mutex guard;
    on_threads(2, [&](int me) {
        const std::lock_guard lock(guard);
        std::cout << "thread " << me << std::endl;
    });
    std::cout.rdbuf(original);
    EXPECT(captured.str().size() == 18);
}

void synchronized_streams_do_not_mix_their_lines() {
    std::ostringstream captured;
    on_threads(2, [&](int me) {
        std::osyncstream out(captured);
        out << "line of " << me << '\n';
    });
    EXPECT(captured.str() == "line of 0\nline of 1\n" ||
           captured.str() == "line of 1\nline of 0\n");
}

void numbers_are_printed_into_buffers() {
    on_threads(2, [](int me) {
        char buffer[32];
        const int length = std::snprintf(buffer, sizeof buffer, "%03d|%5.1f|%s", me, 1.5, "x");
        EXPECT(std::string(buffer, static_cast<std::size_t>(length)) ==
               "00" + std::to_string(me) + "|  1.5|x");
    });
}

void numbers_are_parsed() {
    on_threads(2, [](int me) {
        const std::string text = std::to_string(100 + me);
        int value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        EXPECT(value == 100 + me && std::stoi(text) == value);
        EXPECT(std::stod("1e2") == 100);
    });
}

void a_file_is_written_under_a_lock() {
    std::ofstream nowhere("/dev/null");
    std::mutex guard;
    on_threads(2, [&](int me) {
        const std::lock_guard lock(guard);
        nowhere << me << std::flush;
    });
    EXPECT(nowhere.good());
}

void a_shared_locale_is_only_read() {
    const std::locale classic = std::locale::classic();
    std::vector<std::string> texts(2);
    on_threads(2, [&](int me) {
        std::ostringstream out;
        out.imbue(classic);
        out << std::boolalpha << (me >= 0);
        texts[static_cast<std::size_t>(me)] = out.str();
    });
    EXPECT(texts[0] == "true" && texts[1] == "true");
}

}  // namespace

corpus::topic streams() {
    return {
        "streams",
        {
            {"each thread writes to its own string stream",
             each_thread_writes_to_its_own_string_stream},
            {"a string stream is shared under a lock", a_string_stream_is_shared_under_a_lock},
            {"each thread reads from its own string stream",
             each_thread_reads_from_its_own_string_stream},
            {"cout is captured", cout_is_captured},
            {"synchronized streams do not mix their lines",
             synchronized_streams_do_not_mix_their_lines},
            {"numbers are printed into buffers", numbers_are_printed_into_buffers},
            {"numbers are parsed", numbers_are_parsed},
            {"a file is written under a lock", a_file_is_written_under_a_lock},
            {"a shared locale is only read", a_shared_locale_is_only_read},
        },
    };
}

}  // namespace never_blame
