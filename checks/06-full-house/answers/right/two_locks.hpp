// right: A lock at each end of a linked list, and an atomic number of items between them.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>

namespace lesson {
template <class T>
class bounded_queue {
  public:
    explicit bounded_queue(std::size_t capacity) : capacity_(capacity) {}
    bounded_queue(const bounded_queue&) = delete;
    bounded_queue& operator=(const bounded_queue&) = delete;
    ~bounded_queue() {
        while (head_ != nullptr) delete std::exchange(head_, head_->next);
    }

    bool push(T item) {
        node* fresh = new node{std::move(item), nullptr};
        std::size_t before = 0;
        {
            std::unique_lock lock(put_lock_);
            not_full_.wait(lock, [this] { return count_ < capacity_ || closed_; });
            if (closed_) {
                delete fresh;
                return false;
            }
            ++unfinished_;
            tail_->next = fresh;
            tail_ = fresh;
            before = count_.fetch_add(1);
            if (before + 1 < capacity_) not_full_.notify_one();
        }
        if (before == 0) {
            std::lock_guard lock(take_lock_);
            not_empty_.notify_one();
        }
        return true;
    }

    std::optional<T> pop() {
        std::optional<T> item;
        std::size_t before = 0;
        {
            std::unique_lock lock(take_lock_);
            not_empty_.wait(lock, [this] { return count_ > 0 || closed_; });
            if (count_ == 0) {
                // Closed: the last item may have come between the two looks at it.
                return item;
            }
            node* old = std::exchange(head_, head_->next);
            item = std::move(head_->item);
            delete old;
            before = count_.fetch_sub(1);
            if (before > 1) not_empty_.notify_one();
        }
        if (before == capacity_) {
            std::lock_guard lock(put_lock_);
            not_full_.notify_one();
        }
        return item;
    }

    void task_done() {
        if (unfinished_.fetch_sub(1) == 1) unfinished_.notify_all();
    }

    void join() {
        for (std::size_t left = unfinished_; left != 0; left = unfinished_) unfinished_.wait(left);
    }

    void close() {
        std::scoped_lock lock(put_lock_, take_lock_);
        closed_ = true;
        not_full_.notify_all();
        not_empty_.notify_all();
    }

  private:
    struct node {
        T item;
        node* next;
    };

    const std::size_t capacity_;
    std::mutex put_lock_;
    std::mutex take_lock_;
    std::condition_variable not_full_;
    std::condition_variable not_empty_;
    std::atomic<std::size_t> count_ = 0;
    std::atomic<std::size_t> unfinished_ = 0;
    node* tail_ = new node{T{}, nullptr};
    node* head_ = tail_;
    std::atomic<bool> closed_ = false;
};

}  // namespace lesson
