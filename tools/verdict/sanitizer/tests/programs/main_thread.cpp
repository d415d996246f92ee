#include <thread>

struct config {
    int retries = 0;
    int limit = 3;
};

config settings;

int main() {
    std::thread reader([] { settings.limit += settings.retries; });
    settings.retries = 7;
    reader.join();
    return settings.limit > 10;
}
