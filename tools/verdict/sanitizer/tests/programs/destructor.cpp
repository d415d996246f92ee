#include <thread>

class worker {
  public:
    worker() : thread_([this] { run(); }) {}
    virtual ~worker() {
        stop_ = true;
        thread_.join();
    }

  protected:
    virtual void step() { ++steps_; }

  private:
    void run() {
        for (int i = 0; i < 1000000 && !stop_; ++i) step();
    }

    bool stop_ = false;
    long steps_ = 0;
    std::thread thread_;
};

class loud_worker : public worker {
  protected:
    void step() override { ++noise_; }

  private:
    long noise_ = 0;
};

int main() {
    loud_worker job;
}
