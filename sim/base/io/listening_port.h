// A TCP port that can be closed and opened again: while it is closed nobody else is given it, and
// whoever dials it is refused.
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
  // `on_connection` is given the listener, to accept from, for each connection that waits.
  ListeningPort(IoLoop& loop, std::function<void(uv_stream_t*)> on_connection)
      : loop_(loop), on_connection_(std::move(on_connection)) {}

  // `host` numeric; port 0: any free one, and the same one from then on.
  std::optional<Error> open(const std::string& host, std::uint16_t port);
  void close();
  // After close(): listens on the same port.
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
