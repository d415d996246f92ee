#include <cstring>
#include <functional>
#include <memory>
#include <thread>

struct page {
    int words[4] = {1, 2, 3, 4};
};

int after_free() {
    auto* text = new page;
    std::thread cleaner([text] { delete text; });
    cleaner.join();
    return text->words[1];
}

int overflow() {
    const auto words = std::make_unique<int[]>(4);
    int count = 4;
    return words[count];
}

void leak() {
    auto* text = new page;
    text->words[0] = 9;
    text = nullptr;
    new std::unique_ptr<page>(new page);
}

void release(page* text) {
    delete text;
}

void double_free() {
    auto* text = new page;
    release(text);
    release(text);
}

std::function<int()> counter() {
    int count = 3;
    return [&count] { return count + 1; };
}

int after_scope() {
    volatile int* inner = nullptr;
    {
        volatile int local = 5;
        inner = &local;
    }
    return *inner;
}

int main(int argc, char** argv) {
    if (argc < 2) return 1;
    int sum = 0;
    if (std::strcmp(argv[1], "free") == 0) sum = after_free();
    if (std::strcmp(argv[1], "overflow") == 0) sum = overflow();
    if (std::strcmp(argv[1], "leak") == 0) leak();
    if (std::strcmp(argv[1], "double_free") == 0) double_free();
    if (std::strcmp(argv[1], "return") == 0) sum = counter()();
    if (std::strcmp(argv[1], "scope") == 0) sum = after_scope();
    return sum > 1000;
}
