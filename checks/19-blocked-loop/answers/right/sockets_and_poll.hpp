// right: libcurl tells which sockets to watch, and poll() waits for them.
#pragma once

#include <curl/curl.h>
#include <poll.h>

#include <cstddef>
#include <deque>
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

/// The sockets that libcurl waits for, and the time by which it wants to be called.
struct interest {
    std::map<curl_socket_t, short> sockets;
    long timeout_ms = -1;
};

inline int watch(CURL*, curl_socket_t socket, int what, void* wanted, void*) {
    auto& sockets = static_cast<interest*>(wanted)->sockets;
    if (what == CURL_POLL_REMOVE) {
        sockets.erase(socket);
    } else {
        sockets[socket] = static_cast<short>(((what & CURL_POLL_IN) != 0 ? POLLIN : 0) |
                                             ((what & CURL_POLL_OUT) != 0 ? POLLOUT : 0));
    }
    return 0;
}

inline int set_timer(CURLM*, long timeout_ms, void* wanted) {
    static_cast<interest*>(wanted)->timeout_ms = timeout_ms;
    return 0;
}

inline void fetch_all(const std::vector<std::string>& urls, const page_handler& on_page) {
    std::deque<transfer> transfers;
    for (std::size_t i = 0; i < urls.size(); ++i) transfers.emplace_back(i, urls[i]);
    const std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi(curl_multi_init(),
                                                                      curl_multi_cleanup);
    interest wanted;
    curl_multi_setopt(multi.get(), CURLMOPT_SOCKETFUNCTION, watch);
    curl_multi_setopt(multi.get(), CURLMOPT_SOCKETDATA, &wanted);
    curl_multi_setopt(multi.get(), CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(multi.get(), CURLMOPT_TIMERDATA, &wanted);
    for (transfer& each : transfers) curl_multi_add_handle(multi.get(), each.handle());
    for (std::size_t left = transfers.size(); left > 0;) {
        std::vector<pollfd> watched;
        for (const auto& [socket, events] : wanted.sockets) watched.push_back({socket, events, 0});
        const long timeout_ms = wanted.timeout_ms;
        const int ready = poll(watched.data(), watched.size(), static_cast<int>(timeout_ms));
        int under_way = 0;
        if (ready <= 0) {
            wanted.timeout_ms = -1;
            curl_multi_socket_action(multi.get(), CURL_SOCKET_TIMEOUT, 0, &under_way);
        }
        for (const pollfd& each : watched) {
            if (each.revents == 0) continue;
            const int events = ((each.revents & POLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                               ((each.revents & POLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                               ((each.revents & (POLLERR | POLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
            curl_multi_socket_action(multi.get(), each.fd, events, &under_way);
        }
        int further = 0;
        while (const CURLMsg* ended = curl_multi_info_read(multi.get(), &further)) {
            const CURLcode end = ended->data.result;
            transfer& each = transfer::of(ended->easy_handle);
            curl_multi_remove_handle(multi.get(), each.handle());
            on_page(each.index(), each.take_page(end));
            --left;
        }
    }
}

}  // namespace lesson
