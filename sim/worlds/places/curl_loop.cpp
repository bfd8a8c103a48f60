#include "sim/worlds/places/curl_loop.h"

#include <memory>
#include <utility>

#include "sim/base/io/set_up_error.h"

namespace sim {

// A socket of libcurl's while it waits for it.
struct CurlLoop::Socket {
  uv_poll_t poll{};
  CurlLoop* loop = nullptr;
  curl_socket_t fd = CURL_SOCKET_BAD;
};

CurlLoop::CurlLoop(uv_loop_t* loop, long max_connections, OnDone on_done)
    : loop_(loop), on_done_(std::move(on_done)) {
  static const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (initialized == CURLE_OK) multi_.reset(curl_multi_init());
  if (multi_ == nullptr) throw SetUpError(Error{"cannot make an HTTP client: out of memory"});
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timeout);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, max_connections);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, max_connections);
  require(uv_timer_init(loop_, &timer_), "a timer");
  timer_.data = this;
}

bool CurlLoop::start(CURL* easy) { return curl_multi_add_handle(multi_.get(), easy) == CURLM_OK; }

void CurlLoop::cancel(CURL* easy) { curl_multi_remove_handle(multi_.get(), easy); }

int CurlLoop::on_socket(CURL*, curl_socket_t fd, int what, void* self, void* known) {
  CurlLoop& loop = *static_cast<CurlLoop*>(self);
  Socket* socket = static_cast<Socket*>(known);
  if (what == CURL_POLL_REMOVE) {
    if (socket != nullptr) loop.close_socket(socket);
    curl_multi_assign(loop.multi_.get(), fd, nullptr);
    return 0;
  }
  if (socket == nullptr) {
    auto fresh = std::make_unique<Socket>();
    if (uv_poll_init_socket(loop.loop_, &fresh->poll, fd) != 0) return -1;
    fresh->poll.data = fresh.get();
    fresh->loop = &loop;
    fresh->fd = fd;
    ++loop.open_handles_;
    socket = fresh.release();
    curl_multi_assign(loop.multi_.get(), fd, socket);
  }
  return loop.watch(socket, what);
}

int CurlLoop::watch(Socket* socket, int what) {
  int events = 0;
  if ((what & CURL_POLL_IN) != 0) events |= UV_READABLE;
  if ((what & CURL_POLL_OUT) != 0) events |= UV_WRITABLE;
  const int error =
      uv_poll_start(&socket->poll, events, [](uv_poll_t* poll, int status, int ready) {
        const Socket& self = *static_cast<Socket*>(poll->data);
        int flags = status < 0 ? CURL_CSELECT_ERR : 0;
        if ((ready & UV_READABLE) != 0) flags |= CURL_CSELECT_IN;
        if ((ready & UV_WRITABLE) != 0) flags |= CURL_CSELECT_OUT;
        self.loop->act(self.fd, flags);
      });
  return error == 0 ? 0 : -1;
}

void CurlLoop::close_socket(Socket* socket) {
  uv_close(reinterpret_cast<uv_handle_t*>(&socket->poll), [](uv_handle_t* handle) {
    const std::unique_ptr<Socket> closed(static_cast<Socket*>(handle->data));
    closed->loop->handle_closed();
  });
}

int CurlLoop::on_timeout(CURLM*, long wait_ms, void* self) {
  CurlLoop& loop = *static_cast<CurlLoop*>(self);
  if (loop.closing_) return 0;
  if (wait_ms < 0) {
    uv_timer_stop(&loop.timer_);
    return 0;
  }
  uv_timer_start(
      &loop.timer_,
      [](uv_timer_t* timer) { static_cast<CurlLoop*>(timer->data)->act(CURL_SOCKET_TIMEOUT, 0); },
      static_cast<std::uint64_t>(wait_ms), 0);
  return 0;
}

void CurlLoop::act(curl_socket_t fd, int events) {
  int running = 0;
  curl_multi_socket_action(multi_.get(), fd, events, &running);
  int left = 0;
  // OnDone may close the loop.
  while (!closing_) {
    const CURLMsg* const message = curl_multi_info_read(multi_.get(), &left);
    if (message == nullptr) break;
    if (message->msg != CURLMSG_DONE) continue;
    CURL* const easy = message->easy_handle;
    const CURLcode code = message->data.result;  // the message dies with the next call
    curl_multi_remove_handle(multi_.get(), easy);
    on_done_(easy, code);
  }
}

void CurlLoop::close(std::function<void()> closed) {
  closing_ = true;
  closed_ = std::move(closed);
  curl_multi_cleanup(multi_.get());  // closes the connections, and through on_socket their watches
  static_cast<void>(multi_.release());
  uv_close(reinterpret_cast<uv_handle_t*>(&timer_),
           [](uv_handle_t* handle) { static_cast<CurlLoop*>(handle->data)->handle_closed(); });
}

void CurlLoop::handle_closed() {
  if (--open_handles_ > 0 || !closing_) return;
  const auto closed = std::move(closed_);
  closed();  // may destroy this
}

}  // namespace sim
