// right: A coroutine for each URL awaits its transfer; the loop resumes whichever has ended.
#pragma once

#include <curl/curl.h>

#include <coroutine>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace lesson {

struct page {
    long status = 0;
    std::string body;
};

using page_handler = std::function<void(std::size_t index, page)>;

class transfer {
  public:
    transfer(std::size_t index, const std::string& url)
        : index_(index), handle_(curl_easy_init(), curl_easy_cleanup) {
        if (!handle_) throw std::bad_alloc();
        curl_easy_setopt(handle(), CURLOPT_URL, url.c_str());
        curl_easy_setopt(handle(), CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(handle(), CURLOPT_WRITEFUNCTION, append);
        curl_easy_setopt(handle(), CURLOPT_WRITEDATA, &received_.body);
        curl_easy_setopt(handle(), CURLOPT_PRIVATE, this);
    }
    transfer(const transfer&) = delete;
    transfer& operator=(const transfer&) = delete;

    static transfer& of(CURL* handle) {
        void* self = nullptr;
        curl_easy_getinfo(handle, CURLINFO_PRIVATE, &self);
        return *static_cast<transfer*>(self);
    }

    CURL* handle() const { return handle_.get(); }
    std::size_t index() const { return index_; }

    page take_page(CURLcode end) {
        if (end != CURLE_OK) return {};
        curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &received_.status);
        return std::move(received_);
    }

  private:
    static std::size_t append(char* data, std::size_t, std::size_t size, void* body) {
        static_cast<std::string*>(body)->append(data, size);
        return size;
    }

    const std::size_t index_;
    page received_;
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;
};

/// A coroutine that runs until it first waits, and cleans itself up at its end.
struct fetching {
    struct promise_type {
        fetching get_return_object() { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::terminate(); }
    };
};

class loop {
  public:
    /// Awaits the end of a transfer.
    class end_of {
      public:
        end_of(loop& in, CURL* handle) : in_(in), handle_(handle) {}
        bool await_ready() const { return false; }
        void await_suspend(std::coroutine_handle<> waiting) {
            in_.waiting_[handle_] = this;
            waiting_ = waiting;
            curl_multi_add_handle(in_.multi_.get(), handle_);
        }
        CURLcode await_resume() const { return end_; }

      private:
        friend loop;
        loop& in_;
        CURL* handle_;
        std::coroutine_handle<> waiting_;
        CURLcode end_ = CURLE_OK;
    };

    void run() {
        while (!waiting_.empty()) {
            int under_way = 0;
            curl_multi_perform(multi_.get(), &under_way);
            int further = 0;
            while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &further)) {
                end_of* ended = waiting_.extract(message->easy_handle).mapped();
                ended->end_ = message->data.result;
                curl_multi_remove_handle(multi_.get(), ended->handle_);
                ended->waiting_.resume();
            }
            if (!waiting_.empty()) curl_multi_poll(multi_.get(), nullptr, 0, 1'000, nullptr);
        }
    }

  private:
    std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi_{curl_multi_init(),
                                                                 curl_multi_cleanup};
    std::map<CURL*, end_of*> waiting_;
};

inline fetching fetch(loop& in, std::size_t index, const std::string& url,
                      const page_handler& on_page) {
    transfer one(index, url);
    const CURLcode end = co_await loop::end_of(in, one.handle());
    on_page(index, one.take_page(end));
}

inline void fetch_all(const std::vector<std::string>& urls, const page_handler& on_page) {
    loop all;
    for (std::size_t i = 0; i < urls.size(); ++i) fetch(all, i, urls[i], on_page);
    all.run();
}

}  // namespace lesson
