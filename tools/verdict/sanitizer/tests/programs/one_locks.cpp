#include <mutex>
#include <thread>

class account {
  public:
    void deposit(long amount) {
        std::lock_guard lock(balance_mutex_);
        balance_ += amount;
    }
    long balance() const { return balance_; }

  private:
    std::mutex balance_mutex_;
    long balance_ = 0;
};

int main() {
    account mine;
    long seen = 0;
    std::thread writer([&] { mine.deposit(5); });
    std::thread reader([&] { seen = mine.balance(); });
    writer.join();
    reader.join();
    return seen > 5;
}
