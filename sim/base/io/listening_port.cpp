#include "sim/base/io/listening_port.h"

#include <poll.h>
#include <sys/socket.h>

#include "sim/base/io/address.h"
#include "sim/base/io/out_of_descriptors.h"
#include "sim/base/io/set_up_error.h"

namespace sim {
namespace {

constexpr int kBacklog = 4096;
// How long the port stays closed if there is no descriptor for a connection.
constexpr std::uint64_t kAgainMs = 50;

}  // namespace

std::optional<Error> ListeningPort::open(const std::string& host, std::uint16_t port) {
  host_ = host;
  port_ = port;
  if (auto error = bind()) return error;
  return listen();
}

std::optional<Error> ListeningPort::bind() {
  bound_ = false;
  handle_.emplace(this);
  int error = uv_tcp_init(loop_.uv(), handle_->get());
  if (error != 0) return uv_failure("cannot listen on " + address_words(), error);
  const auto address = numeric_address(host_, port_);
  if (!address) return Error{"cannot listen on " + address_words() + ": not a numeric address"};
  error = uv_tcp_bind(handle_->get(), reinterpret_cast<const sockaddr*>(&*address), 0);
  if (error != 0) return uv_failure("cannot listen on " + address_words(), error);
  bound_ = true;
  return std::nullopt;
}

std::optional<Error> ListeningPort::listen() {
  const int error =
      uv_listen(reinterpret_cast<uv_stream_t*>(handle_->get()), kBacklog,
                [](uv_stream_t* stream, int status) {
                  ListeningPort& self = *static_cast<ListeningPort*>(stream->data);
                  status == 0 ? self.on_connection_(stream) : self.connection_failed(status);
                });
  if (error != 0) return uv_failure("cannot listen on " + address_words(), error);
  return learn_port();
}

std::optional<Error> ListeningPort::learn_port() {
  sockaddr_storage address{};
  int size = sizeof address;
  const int error =
      uv_tcp_getsockname(handle_->get(), reinterpret_cast<sockaddr*>(&address), &size);
  if (error != 0) return uv_failure("cannot listen on " + address_words(), error);
  port_ = port_of(address);
  return std::nullopt;
}

std::optional<Error> ListeningPort::reserve(const std::string& host, std::uint16_t port) {
  host_ = host;
  port_ = port;
  if (auto error = park()) return error;
  return learn_port();
}

// libuv binds with SO_REUSEADDR, for the connections that are left of an earlier listener. With it
// any other socket that has it could bind to the port too, and listen there first.
std::optional<Error> ListeningPort::park() {
  if (auto error = bind()) return error;
  share_port(false);
  return std::nullopt;
}

void ListeningPort::share_port(bool on) {
  uv_os_fd_t fd = -1;
  const int value = on ? 1 : 0;
  if (uv_fileno(reinterpret_cast<uv_handle_t*>(handle_->get()), &fd) != 0) return;
  // It cannot fail for a socket.
  static_cast<void>(::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, sizeof value));
}

void ListeningPort::close() {
  again_.reset();
  // Bound and not listening, it keeps the port from being given to others. If that fails, reopen()
  // tries once more, because uv_listen() would take another port for a socket without one.
  static_cast<void>(park());
}

std::optional<Error> ListeningPort::reopen() {
  if (!bound_) {
    if (auto error = bind()) return error;
  }
  share_port(true);
  return listen();
}

bool ListeningPort::has_waiting() const {
  uv_os_fd_t fd = -1;
  if (!handle_ || uv_fileno(reinterpret_cast<const uv_handle_t*>(handle_->get()), &fd) != 0) {
    return false;
  }
  pollfd listener{fd, POLLIN, 0};
  return poll(&listener, 1, 0) == 1 && (listener.revents & POLLIN) != 0;
}

void ListeningPort::connection_failed(int error) {
  if (!is_out_of_descriptors(error)) return;  // it was this connection's
  // libuv would try to accept it again and again, and never come back to the loop.
  close();
  on_exhausted_ ? on_exhausted_(error) : listen_again_later();
}

void ListeningPort::listen_again_later() {
  again_.emplace(this);
  require(uv_timer_init(loop_.uv(), again_->get()), "a timer");
  uv_timer_start(
      again_->get(),
      [](uv_timer_t* timer) {
        ListeningPort& self = *static_cast<ListeningPort*>(timer->data);
        self.again_.reset();
        if (self.reopen()) self.listen_again_later();
      },
      kAgainMs, 0);
}

}  // namespace sim
