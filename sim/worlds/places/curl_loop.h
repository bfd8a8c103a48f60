// libcurl's multi interface driven by a libuv loop: its sockets are watched by uv_poll, its time
// limits kept by a uv_timer. No thread, no blocking call, no loop of its own.
#pragma once

#include <curl/curl.h>
#include <uv.h>

#include <functional>
#include <memory>

namespace sim {

// Must be used on its loop's thread only, and live until close() has called back.
class CurlLoop {
 public:
  // A transfer has ended; its handle is the caller's again. May start and cancel transfers and
  // close the loop.
  using OnDone = std::function<void(CURL* easy, CURLcode code)>;

  // Keeps at most `max_connections` open, idle ones included. Throws SetUpError.
  CurlLoop(uv_loop_t* loop, long max_connections, OnDone on_done);
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  // Starts a transfer; it ends in a call of OnDone, never from within start(). False where libcurl
  // refuses, which it does for want of memory.
  [[nodiscard]] bool start(CURL* easy);
  // Ends a transfer without a word.
  void cancel(CURL* easy);

  // Closes every connection. Precondition: no transfer is in progress. `closed` is called from the
  // loop once no handle is left.
  void close(std::function<void()> closed);

 private:
  struct Socket;

  static int on_socket(CURL* easy, curl_socket_t fd, int what, void* loop, void* socket);
  static int on_timeout(CURLM* multi, long wait_ms, void* loop);

  // As libcurl has it: 0, or -1 if it fails.
  [[nodiscard]] int watch(Socket* socket, int what);
  void close_socket(Socket* socket);
  void act(curl_socket_t fd, int events);
  void handle_closed();

  uv_loop_t* loop_;
  OnDone on_done_;
  struct CloseMulti {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };

  std::unique_ptr<CURLM, CloseMulti> multi_;
  uv_timer_t timer_{};
  int open_handles_ = 1;  // the timer, and a uv_poll for each watched socket
  bool closing_ = false;
  std::function<void()> closed_;
};

}  // namespace sim
