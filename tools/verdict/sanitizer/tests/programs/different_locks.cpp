#include <mutex>
#include <thread>

class stock {
  public:
    void add(int count) {
        const std::scoped_lock lock(in_);
        items_ += count;
    }
    void take(int count) {
        out_.lock();
        items_ -= count;
        out_.unlock();
    }
    int items() const { return items_; }

  private:
    std::mutex in_;
    std::mutex out_;
    int items_ = 10;
};

int main() {
    stock shop;
    std::thread supplier([&] { shop.add(3); });
    std::thread customer([&] { shop.take(2); });
    supplier.join();
    customer.join();
    return shop.items() > 13;
}
