// A TCP port that can be closed and opened again. While it is closed no other program gets it, not
// even one of another user, and connections to it are refused.
//
// If the process has no descriptor left for a connection, the port refuses connections for a short
// while, and listens again by itself. An owner that does not want that is told instead.
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "sim/base/io/io_loop.h"
#include "sim/base/io/uv_error.h"
#include "sim/base/io/uv_handle.h"

namespace sim {

class ListeningPort {
 public:
  // Calls `on_connection` with the listener, to accept from, for each connection that waits.
  ListeningPort(IoLoop& loop, std::function<void(uv_stream_t*)> on_connection)
      : loop_(loop), on_connection_(std::move(on_connection)) {}

  // From now on calls `on_exhausted`, with libuv's error, if there is no descriptor for a
  // connection. The port is closed then.
  void tell_if_exhausted(std::function<void(int error)> on_exhausted) {
    on_exhausted_ = std::move(on_exhausted);
  }

  // `host` is numeric. For port 0 the system chooses a free port, which then stays the same.
  [[nodiscard]] std::optional<Error> open(const std::string& host, std::uint16_t port);
  // Takes the port without listening. It is closed until reopen().
  [[nodiscard]] std::optional<Error> reserve(const std::string& host, std::uint16_t port);
  void close();
  // Listens on the same port again. Precondition: reserve() or close() was called.
  [[nodiscard]] std::optional<Error> reopen();

  std::uint16_t port() const { return port_; }
  // Returns whether a connection is there that on_connection is called for as soon as the loop
  // turns.
  bool has_waiting() const;

 private:
  [[nodiscard]] std::optional<Error> bind();
  [[nodiscard]] std::optional<Error> listen();
  // Binds the port without listening, and lets no other socket listen there.
  [[nodiscard]] std::optional<Error> park();
  // Reads the port that the system chose.
  [[nodiscard]] std::optional<Error> learn_port();
  void share_port(bool on);
  void connection_failed(int error);
  void listen_again_later();
  std::string address_words() const { return host_ + ":" + std::to_string(port_); }

  IoLoop& loop_;
  std::function<void(uv_stream_t*)> on_connection_;
  std::function<void(int error)> on_exhausted_;
  std::string host_;
  std::uint16_t port_ = 0;
  std::optional<UvHandle<uv_tcp_t>> handle_;
  bool bound_ = false;
  std::optional<UvHandle<uv_timer_t>> again_;  // while it has no descriptor for a connection
};

}  // namespace sim
