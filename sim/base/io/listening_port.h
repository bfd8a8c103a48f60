// A TCP port that can close and reopen. While it is closed no other program can take it, and
// dialling it fails with a refusal.
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
  // Calls `on_connection` with the listener for each waiting connection, to accept it.
  ListeningPort(IoLoop& loop, std::function<void(uv_stream_t*)> on_connection)
      : loop_(loop), on_connection_(std::move(on_connection)) {}

  // `host` is numeric. Port 0 takes any free port, which then stays the same.
  std::optional<Error> open(const std::string& host, std::uint16_t port);
  void close();
  // Listens on the same port again. Precondition: close() was called.
  std::optional<Error> reopen();

  std::uint16_t port() const { return port_; }

 private:
  std::optional<Error> bind();
  std::optional<Error> listen();
  std::string address_words() const { return host_ + ":" + std::to_string(port_); }

  IoLoop& loop_;
  std::function<void(uv_stream_t*)> on_connection_;
  std::string host_;
  std::uint16_t port_ = 0;
  std::optional<UvHandle<uv_tcp_t>> handle_;
};

}  // namespace sim
