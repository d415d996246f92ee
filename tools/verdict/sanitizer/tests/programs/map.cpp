#include <map>
#include <string>
#include <thread>

class cache {
  public:
    void put(int key, std::string value) { pages_[key] = std::move(value); }
    bool empty() const { return pages_.empty(); }

  private:
    std::map<int, std::string> pages_;
};

int main() {
    cache shared;
    bool empty = false;
    std::thread writer([&] { shared.put(1, "one"); });
    std::thread reader([&] { empty = shared.empty(); });
    writer.join();
    reader.join();
    return empty ? 0 : 0;
}
