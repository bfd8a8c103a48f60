#include "sim/base/io/listening_port.h"

#include "sim/base/io/address.h"

namespace sim {
namespace {

constexpr int kBacklog = 4096;

}  // namespace

std::optional<Error> ListeningPort::open(const std::string& host, std::uint16_t port) {
  host_ = host;
  port_ = port;
  if (auto error = bind()) return error;
  return listen();
}

std::optional<Error> ListeningPort::bind() {
  handle_.emplace(this);
  int error = uv_tcp_init(loop_.uv(), handle_->get());
  if (error != 0) return uv_failure("cannot listen on " + address_words(), error);
  const auto address = numeric_address(host_, port_);
  if (!address) return Error{"cannot listen on " + address_words() + ": not a numeric address"};
  error = uv_tcp_bind(handle_->get(), reinterpret_cast<const sockaddr*>(&*address), 0);
  if (error != 0) return uv_failure("cannot listen on " + address_words(), error);
  return std::nullopt;
}

std::optional<Error> ListeningPort::listen() {
  int error = uv_listen(reinterpret_cast<uv_stream_t*>(handle_->get()), kBacklog,
                        [](uv_stream_t* stream, int status) {
                          if (status == 0)
                            static_cast<ListeningPort*>(stream->data)->on_connection_(stream);
                        });
  if (error != 0) return uv_failure("cannot listen on " + address_words(), error);
  sockaddr_storage address{};
  int size = sizeof address;
  error = uv_tcp_getsockname(handle_->get(), reinterpret_cast<sockaddr*>(&address), &size);
  if (error != 0) return uv_failure("cannot listen on " + address_words(), error);
  port_ = port_of(address);
  return std::nullopt;
}

void ListeningPort::close() {
  handle_.reset();
  // A bound socket that does not listen keeps other programs from taking the port. If bind() fails,
  // the port is lost, and reopen() reports that.
  bind();
}

std::optional<Error> ListeningPort::reopen() { return listen(); }

}  // namespace sim
