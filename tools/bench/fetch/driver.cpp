// One run of a fetch: `driver URL COUNT` asks COUNT times for the URL, made different by a number
// at its end, and prints how many pages came and the seconds it took. Compiled with the
// fetch_all.hpp of lesson 08 or of lesson 19.

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "fetch_all.hpp"

namespace {

/// How many pages came. A template, so that only the lesson's own way of calling has to compile.
template <class Urls>
std::size_t fetch(const Urls& urls) {
    std::size_t good = 0;
    const auto count = [&good](const lesson::page& page) { good += page.status == 200; };
    if constexpr (requires { lesson::fetch_all(urls); }) {
        for (const lesson::page& page : lesson::fetch_all(urls)) count(page);
    } else {
        lesson::fetch_all(urls, [&](std::size_t, const lesson::page& page) { count(page); });
    }
    return good;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: driver URL COUNT\n");
        return 2;
    }
    std::vector<std::string> urls;
    for (int i = 0; i < std::atoi(argv[2]); ++i) urls.push_back(argv[1] + std::to_string(i));
    const auto start = std::chrono::steady_clock::now();
    const std::size_t good = fetch(urls);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    std::printf("%zu %.6f\n", good, taken.count());
}
