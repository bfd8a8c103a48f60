#include "sim/app/attempt/talk.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace sim {

Talk::Talk(const sockaddr_storage& server) {
  fd_ = ::socket(server.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return;
  // A server that does not read, or does not accept, must not stop the caller for ever.
  const timeval most{5, 0};
  static_cast<void>(::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most));
  const socklen_t size = server.ss_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&server), size) != 0) {
    ::close(fd_);
    fd_ = -1;
    ended_ = true;
    return;
  }
  const int on = 1;
  static_cast<void>(::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
}

Talk::~Talk() {
  if (fd_ >= 0) ::close(fd_);
}

void Talk::say(std::string_view bytes) {
  while (connected() && !bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Talk::end() {
  if (connected()) ::shutdown(fd_, SHUT_WR);
}

Talk::Came Talk::read(std::string& into, Milliseconds wait) {
  if (!connected() || ended_) return Came::kEnd;
  pollfd waited{fd_, POLLIN, 0};
  if (::poll(&waited, 1, static_cast<int>(wait.count())) <= 0) return Came::kNothing;
  char bytes[65536];
  const ssize_t came = ::recv(fd_, bytes, sizeof bytes, 0);
  if (came < 0 && errno == EINTR) return Came::kNothing;
  if (came <= 0) {
    ended_ = true;
    return Came::kEnd;
  }
  into.append(bytes, static_cast<std::size_t>(came));
  return Came::kBytes;
}

std::string Talk::rest(Milliseconds quiet) {
  std::string all;
  while (read(all, quiet) == Came::kBytes) {
  }
  return all;
}

}  // namespace sim
