// Globals that are made before main() and refer to memory of the heap: every execution finds them,
// and what they refer to, as they were made.

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <semaphore>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

std::mutex guard;

std::vector<int> seats(3);

void seats_are_taken() {
    in_parallel(
        [] {
            const std::lock_guard lock(guard);
            ++seats[0];
        },
        [] {
            const std::lock_guard lock(guard);
            ++seats[1];
            seats.push_back(7);
        });
    EXPECT(seats == std::vector({1, 1, 0, 7}));
}

const std::string long_name = "a name that is too long to be kept inside";
std::map<int, std::string> names{{1, long_name}, {5, long_name}, {9, long_name}};
std::set<std::string> words{long_name, "short"};
std::list<int> items{1, 2, 3};

void nodes_come_and_go() {
    EXPECT(names.size() == 3 && words.size() == 2 && items.front() == 1);
    in_parallel(
        [] {
            const std::lock_guard lock(guard);
            names[2] = long_name + "!";
            names.erase(5);
            items.pop_front();
        },
        [] {
            const std::lock_guard lock(guard);
            names[1] += "?";
            words.insert("another");
            items.push_back(4);
        });
    EXPECT(names.size() == 3 && words.size() == 3 && items.size() == 3);
    EXPECT(names.at(1) == long_name + "?" && names.at(2) == long_name + "!");
}

std::unique_ptr<int> single = std::make_unique<int>(7);
std::unordered_map<std::string, std::shared_ptr<int>> owned{{"one", std::make_shared<int>(1)},
                                                            {long_name, std::make_shared<int>(2)}};
std::vector<std::unique_ptr<int>> slots(2);

void owners_change() {
    EXPECT(*single == 7 && *owned.at("one") == 1 && owned.size() == 2 && !slots[0]);
    in_parallel(
        [] {
            const std::lock_guard lock(guard);
            single = std::make_unique<int>(*single + 1);
            owned.erase("one");
        },
        [] {
            const std::lock_guard lock(guard);
            ++*owned.at(long_name);
            slots[0] = std::make_unique<int>(5);  // kept where only old memory refers to it
        });
    EXPECT(*single == 8 && owned.size() == 1 && *owned.at(long_name) == 3);
}

std::string text(40, 'x');

void a_text_is_changed_in_place() {
    EXPECT(text == std::string(40, 'x'));
    in_parallel(
        [] {
            const std::lock_guard lock(guard);
            text[0] = 'a';
        },
        [] {
            const std::lock_guard lock(guard);
            text += 'b';
            text.erase(1, 1);
        });
    EXPECT(text.size() == 40 && text[0] == 'a');
}

int* const numbers = static_cast<int*>(std::calloc(4, sizeof(int)));
const bool counted = [] { return ++numbers[3] == 1; }();

void memory_of_malloc_counts() {
    EXPECT(counted && numbers[3] == 1);
    const auto count = [] {
        const std::lock_guard lock(guard);
        ++numbers[3];
    };
    in_parallel(count, count);
    EXPECT(numbers[3] == 3);
}

std::vector<char> buffer(4);

/// By the kernel, which writes past all that looks on.
void a_global_buffer_is_read_into() {
    EXPECT(buffer[1] == 0);
    const auto read_header = [] {
        const std::lock_guard lock(guard);
        const int file = ::open("/proc/self/exe", O_RDONLY);
        EXPECT(::read(file, buffer.data(), buffer.size()) == 4);
        ::close(file);
    };
    in_parallel(read_header, read_header);
    EXPECT(buffer[1] == 'E');
}

std::binary_semaphore door{1};
std::counting_semaphore<8> permits{2};

void a_global_semaphore_is_as_it_was_made() {
    int inside = 0;
    on_threads(3, [&inside](int) {
        permits.acquire();
        door.acquire();
        ++inside;
        door.release();
        permits.release();
    });
    EXPECT(inside == 3);
    EXPECT(permits.try_acquire() && permits.try_acquire() && !permits.try_acquire());
}

}  // namespace

corpus::topic before_main() {
    return {
        "made before main",
        {
            {"seats of a global vector are taken", seats_are_taken},
            {"nodes of global containers come and go", nodes_come_and_go},
            {"owners among globals change", owners_change},
            {"a global text is changed in place", a_text_is_changed_in_place},
            {"a global buffer is read into", a_global_buffer_is_read_into},
            {"memory of malloc, had before main, counts", memory_of_malloc_counts},
            {"a global semaphore is as it was made", a_global_semaphore_is_as_it_was_made},
        },
    };
}

}  // namespace never_blame
