// Larger correct programs: pools, pipelines, actors, caches.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

using namespace std::chrono_literals;

class thread_pool {
  public:
    explicit thread_pool(int workers) {
        for (int i = 0; i < workers; ++i) workers_.emplace_back([this] { work(); });
    }
    ~thread_pool() {
        {
            const std::lock_guard lock(guard_);
            closing_ = true;
        }
        changed_.notify_all();
        for (std::thread& worker : workers_) worker.join();
    }
    thread_pool(const thread_pool&) = delete;

    template <class Task>
    auto submit(Task task) {
        auto packaged = std::make_shared<std::packaged_task<decltype(task())()>>(std::move(task));
        auto future = packaged->get_future();
        {
            const std::lock_guard lock(guard_);
            tasks_.emplace_back([packaged] { (*packaged)(); });
        }
        changed_.notify_one();
        return future;
    }

  private:
    void work() {
        for (;;) {
            std::function<void()> task;
            {
                std::unique_lock lock(guard_);
                changed_.wait(lock, [&] { return closing_ || !tasks_.empty(); });
                if (tasks_.empty()) return;
                task = std::move(tasks_.front());
                tasks_.pop_front();
            }
            task();
        }
    }
    std::mutex guard_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> tasks_;
    bool closing_ = false;
    std::vector<std::thread> workers_;
};

void a_pool_of_two_does_three_tasks() {
    std::atomic<int> done{0};
    {
        thread_pool pool(2);
        for (int i = 0; i < 3; ++i) (void)pool.submit([&] { ++done; });
    }
    EXPECT(done == 3);
}

void a_pool_returns_results_and_exceptions() {
    thread_pool pool(2);
    auto sum = pool.submit([] { return 2 + 3; });
    auto failing = pool.submit([]() -> int { throw std::runtime_error("in the pool"); });
    EXPECT(sum.get() == 5);
    try {
        failing.get();
        EXPECT(false);
    } catch (const std::runtime_error&) {
    }
}

void a_pools_task_submits_another_and_does_not_wait() {
    std::atomic<int> done{0};
    {
        thread_pool pool(1);
        auto first = pool.submit([&] {
            (void)pool.submit([&] { ++done; });
            ++done;
        });
        first.get();
    }
    EXPECT(done == 2);
}

void items_are_claimed_by_an_atomic_index() {
    const std::vector<int> numbers{1, 2, 3, 4, 5};
    std::vector<int> squares(numbers.size());
    std::atomic<std::size_t> next{0};
    on_threads(2, [&](int) {
        for (std::size_t i = next++; i < numbers.size(); i = next++) {
            squares[i] = numbers[i] * numbers[i];
        }
    });
    EXPECT(std::accumulate(squares.begin(), squares.end(), 0) == 55);
}

void partial_sums_are_added_under_a_lock() {
    const std::array<int, 6> numbers{1, 2, 3, 4, 5, 6};
    std::mutex guard;
    int sum = 0;
    on_threads(3, [&](int part) {
        const auto begin = numbers.begin() + 2 * part;
        const int mine = std::accumulate(begin, begin + 2, 0);
        const std::lock_guard lock(guard);
        sum += mine;
    });
    EXPECT(sum == 21);
}

template <class Item>
class channel {
  public:
    void send(Item item) {
        {
            const std::lock_guard lock(guard_);
            items_.push_back(std::move(item));
        }
        changed_.notify_one();
    }
    void close() {
        {
            const std::lock_guard lock(guard_);
            closed_ = true;
        }
        changed_.notify_all();
    }
    std::optional<Item> receive() {
        std::unique_lock lock(guard_);
        changed_.wait(lock, [&] { return closed_ || !items_.empty(); });
        if (items_.empty()) return std::nullopt;
        Item item = std::move(items_.front());
        items_.pop_front();
        return item;
    }

  private:
    std::mutex guard_;
    std::condition_variable changed_;
    std::deque<Item> items_;
    bool closed_ = false;
};

void a_pipeline_of_three_stages() {
    channel<int> numbers;
    channel<std::string> texts;
    std::string result;
    in_parallel(
        [&] {
            for (int i = 1; i <= 3; ++i) numbers.send(i);
            numbers.close();
        },
        [&] {
            while (const auto n = numbers.receive()) texts.send(std::to_string(*n * *n));
            texts.close();
        },
        [&] {
            while (const auto text = texts.receive()) result += *text + ' ';
        });
    EXPECT(result == "1 4 9 ");
}

void an_actor_answers_its_messages_one_by_one() {
    struct message {
        int amount;
        std::promise<int> balance;
    };
    channel<message> mailbox;
    std::thread actor([&] {
        int balance = 0;
        while (auto m = mailbox.receive()) m->balance.set_value(balance += m->amount);
    });
    const auto deposit = [&](int amount) {
        message m{amount, {}};
        auto answer = m.balance.get_future();
        mailbox.send(std::move(m));
        EXPECT(answer.get() >= amount);
    };
    in_parallel([&] { deposit(5); }, [&] { deposit(7); });
    mailbox.close();
    actor.join();
}

void a_cache_computes_each_value_once() {
    struct {
        std::mutex guard;
        std::map<int, std::shared_future<int>> known;
        std::atomic<int> computed{0};

        int get(int key) {
            std::promise<int> mine;
            std::shared_future<int> answer;
            bool compute = false;
            {
                const std::lock_guard lock(guard);
                auto& entry = known[key];
                if (!entry.valid()) {
                    entry = mine.get_future().share();
                    compute = true;
                }
                answer = entry;
            }
            if (compute) {
                ++computed;
                mine.set_value(key * key);
            }
            return answer.get();
        }
    } cache;
    in_parallel([&] { EXPECT(cache.get(3) == 9); }, [&] { EXPECT(cache.get(3) == 9); },
                [&] { EXPECT(cache.get(4) == 16); });
    EXPECT(cache.computed == 2);
}

void a_configuration_is_copied_and_replaced() {
    struct {
        std::mutex guard;
        std::shared_ptr<const std::map<std::string, int>> current =
            std::make_shared<const std::map<std::string, int>>();

        auto snapshot() {
            const std::lock_guard lock(guard);
            return current;
        }
        void set(const std::string& key, int value) {
            const std::lock_guard lock(guard);
            auto copy = std::make_shared<std::map<std::string, int>>(*current);
            (*copy)[key] = value;
            current = std::move(copy);
        }
    } settings;
    in_parallel([&] { settings.set("a", 1); }, [&] { settings.set("b", 2); },
                [&] { EXPECT(settings.snapshot()->size() <= 2); });
    EXPECT(settings.snapshot()->size() == 2);
}

void an_event_loop_is_fed_by_two_threads_and_a_timer() {
    struct {
        std::mutex guard;
        std::condition_variable changed;
        std::vector<std::function<void()>> posted;
        bool stopped = false;

        void post(std::function<void()> work) {
            {
                const std::lock_guard lock(guard);
                posted.push_back(std::move(work));
            }
            changed.notify_one();
        }
        void run() {
            for (;;) {
                std::vector<std::function<void()>> mine;
                {
                    std::unique_lock lock(guard);
                    changed.wait_for(lock, 5ms, [&] { return stopped || !posted.empty(); });
                    mine.swap(posted);
                    if (mine.empty() && stopped) return;
                }
                for (const auto& work : mine) work();
            }
        }
    } loop;
    int handled = 0;
    std::thread runner([&] { loop.run(); });
    in_parallel([&] { loop.post([&] { ++handled; }); },
                [&] {
                    std::this_thread::sleep_for(1ms);
                    loop.post([&] { ++handled; });
                });
    loop.post([&] {
        const std::lock_guard lock(loop.guard);
        loop.stopped = true;
    });
    runner.join();
    EXPECT(handled == 2);
}

void a_rate_limiter_spaces_its_calls() {
    struct {
        std::mutex guard;
        std::chrono::steady_clock::time_point next{};

        std::chrono::steady_clock::time_point reserve() {
            const std::lock_guard lock(guard);
            next = std::max(next, std::chrono::steady_clock::now()) + 1ms;
            return next;
        }
    } limiter;
    on_threads(2, [&](int) {
        const auto mine = limiter.reserve();
        std::this_thread::sleep_until(mine);
        EXPECT(std::chrono::steady_clock::now() >= mine);
    });
}

void an_observer_unsubscribes_while_others_are_told() {
    struct subject {
        std::mutex guard;
        std::map<int, std::shared_ptr<std::function<void()>>> observers;

        void subscribe(int id, std::function<void()> observer) {
            auto shared = std::make_shared<std::function<void()>>(std::move(observer));
            const std::lock_guard lock(guard);
            observers[id] = std::move(shared);
        }
        void unsubscribe(int id) {
            const std::lock_guard lock(guard);
            observers.erase(id);
        }
        void publish() {
            std::vector<std::shared_ptr<std::function<void()>>> told;
            {
                const std::lock_guard lock(guard);
                for (const auto& [id, observer] : observers) told.push_back(observer);
            }
            for (const auto& observer : told) (*observer)();
        }
    } events;
    std::atomic<int> calls{0};
    events.subscribe(1, [&] { ++calls; });
    events.subscribe(2, [&] { ++calls; });
    in_parallel([&] { events.publish(); }, [&] { events.unsubscribe(2); });
    EXPECT(calls >= 1 && calls <= 2);
}

void a_bank_keeps_its_total() {
    struct account {
        mutable std::mutex guard;
        int balance;
    };
    std::array<account, 3> bank{{{{}, 10}, {{}, 10}, {{}, 10}}};
    const auto transfer = [&](std::size_t from, std::size_t to, int amount) {
        const std::scoped_lock both(bank[from].guard, bank[to].guard);
        if (bank[from].balance < amount) return;
        bank[from].balance -= amount;
        bank[to].balance += amount;
    };
    const auto total = [&] {
        const std::scoped_lock all(bank[0].guard, bank[1].guard, bank[2].guard);
        return bank[0].balance + bank[1].balance + bank[2].balance;
    };
    in_parallel([&] { transfer(0, 1, 7); }, [&] { transfer(1, 0, 12); },
                [&] { EXPECT(total() == 30); });
    EXPECT(total() == 30);
}

void objects_are_lent_and_returned() {
    class pool {
      public:
        explicit pool(int count) {
            for (int i = 0; i < count; ++i)
                free_.push_back(std::make_unique<std::string>("object"));
        }
        std::unique_ptr<std::string> borrow() {
            std::unique_lock lock(guard_);
            returned_.wait(lock, [&] { return !free_.empty(); });
            auto object = std::move(free_.back());
            free_.pop_back();
            return object;
        }
        void give_back(std::unique_ptr<std::string> object) {
            const std::lock_guard lock(guard_);
            free_.push_back(std::move(object));
            returned_.notify_one();
        }

      private:
        std::mutex guard_;
        std::condition_variable returned_;
        std::vector<std::unique_ptr<std::string>> free_;
    } objects(1);
    on_threads(3, [&](int me) {
        auto mine = objects.borrow();
        *mine += static_cast<char>('0' + me);
        objects.give_back(std::move(mine));
    });
    EXPECT(objects.borrow()->size() == 9);
}

void a_sieve_runs_in_two_halves() {
    std::array<std::atomic<bool>, 20> composite{};
    on_threads(2, [&](int me) {
        for (std::size_t p = 2 + static_cast<std::size_t>(me); p * p < composite.size(); p += 2) {
            for (std::size_t n = p * p; n < composite.size(); n += p) {
                composite[n].store(true, std::memory_order_relaxed);
            }
        }
    });
    EXPECT(std::count(composite.begin() + 2, composite.end(), false) == 8);
}

void philosophers_ask_a_waiter() {
    std::mutex guard;
    std::condition_variable freed;
    std::array<bool, 3> taken{};
    int meals = 0;
    on_threads(3, [&](int i) {
        const auto left = static_cast<std::size_t>(i), right = (left + 1) % 3;
        std::unique_lock lock(guard);
        freed.wait(lock, [&] { return !taken[left] && !taken[right]; });
        taken[left] = taken[right] = true;
        lock.unlock();
        lock.lock();
        ++meals;
        taken[left] = taken[right] = false;
        freed.notify_all();
    });
    EXPECT(meals == 3);
}

}  // namespace

corpus::topic designs() {
    return {
        "designs",
        {
            {"a pool of two does three tasks", a_pool_of_two_does_three_tasks},
            {"a pool returns results and exceptions", a_pool_returns_results_and_exceptions},
            {"a pool's task submits another and does not wait",
             a_pools_task_submits_another_and_does_not_wait},
            {"items are claimed by an atomic index", items_are_claimed_by_an_atomic_index},
            {"partial sums are added under a lock", partial_sums_are_added_under_a_lock},
            {"a pipeline of three stages", a_pipeline_of_three_stages},
            {"an actor answers its messages one by one", an_actor_answers_its_messages_one_by_one},
            {"a cache computes each value once", a_cache_computes_each_value_once},
            {"a configuration is copied and replaced", a_configuration_is_copied_and_replaced},
            {"an event loop is fed by two threads and a timer",
             an_event_loop_is_fed_by_two_threads_and_a_timer},
            {"a rate limiter spaces its calls", a_rate_limiter_spaces_its_calls},
            {"an observer unsubscribes while others are told",
             an_observer_unsubscribes_while_others_are_told},
            {"a bank keeps its total", a_bank_keeps_its_total},
            {"objects are lent and returned", objects_are_lent_and_returned},
            {"a sieve runs in two halves", a_sieve_runs_in_two_halves},
            {"philosophers ask a waiter", philosophers_ask_a_waiter},
        },
    };
}

}  // namespace never_blame
