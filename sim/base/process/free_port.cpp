#include "sim/base/process/free_port.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <optional>
#include <random>

#include "sim/base/io/address.h"
#include "sim/base/io/owned_fd.h"
#include "sim/base/text/read_file.h"

namespace sim {
namespace {

constexpr unsigned kLastPort = 65535;
// Many well-known ports of services are below it (3306, 5432, 8080).
constexpr unsigned kFirstQuietPort = 10000;
constexpr unsigned kFirstUserPort = 1024;
// If the kernel uses nearly all ports, too few are left outside its range.
constexpr std::size_t kEnoughPorts = 1000;

std::pair<unsigned, unsigned> kernel_range() {
  unsigned first = 32768, last = 60999;
  if (const auto text = read_file("/proc/sys/net/ipv4/ip_local_port_range")) {
    unsigned read_first = 0, read_last = 0;
    if (std::sscanf(text->c_str(), "%u %u", &read_first, &read_last) == 2) {
      first = read_first;
      last = read_last;
    }
  }
  return {first, last};
}

// Returns 0 or an errno. It does not set SO_REUSEADDR, so a port with a lingering connection counts
// as used.
int try_to_bind(const sockaddr_storage& address) {
  const OwnedFd fd(::socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.is_open()) return errno;
  const socklen_t size = address.ss_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  return ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0 ? 0 : errno;
}

class PortRound {
 public:
  PortRound() : ports_(ports_outside(kernel_range())) {
    std::random_device random;
    next_ = std::uniform_int_distribution<std::size_t>(0, ports_.size() - 1)(random);
  }

  herd::Result<HeldPort, Error> next(const std::string& host,
                                     const std::set<std::uint16_t>& avoid) {
    if (!numeric_address(host, 0)) return Error{"'" + host + "' is not a numeric address"};
    const std::lock_guard lock(mutex_);
    for (std::size_t tried = 0; tried < ports_.size(); ++tried) {
      const std::uint16_t port = ports_[next_];
      next_ = (next_ + 1) % ports_.size();
      if (avoid.contains(port)) continue;
      auto hold = hold_port(port);
      if (!hold) return hold.error();
      if (!hold->is_open()) continue;
      const int error = try_to_bind(*numeric_address(host, port));
      if (error == 0) return HeldPort{port, std::move(*hold)};
      // A port that is in use, or that this user may not bind, says nothing about the others.
      if (error == EADDRINUSE || error == EACCES) continue;
      return uv_failure("cannot have a port of " + host, uv_translate_sys_error(error));
    }
    return Error{"no port of " + host + " is free"};
  }

 private:
  std::mutex mutex_;
  std::vector<std::uint16_t> ports_;
  std::size_t next_ = 0;
};

}  // namespace

std::vector<std::uint16_t> ports_outside(std::pair<unsigned, unsigned> kernel_range) {
  const unsigned first = kernel_range.first, last = kernel_range.second;
  std::vector<std::uint16_t> ports;
  const auto add = [&](unsigned from, bool outside_only) {
    ports.clear();
    for (unsigned port = from; port <= kLastPort; ++port) {
      if (outside_only && port >= first && port <= last) continue;
      ports.push_back(static_cast<std::uint16_t>(port));
    }
    return ports.size() >= kEnoughPorts;
  };
  if (!add(kFirstQuietPort, true) && !add(kFirstUserPort, true)) add(kFirstQuietPort, false);
  return ports;
}

herd::Result<OwnedFd, Error> hold_port(std::uint16_t port) {
  OwnedFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.is_open()) return uv_failure("cannot hold a port", uv_translate_sys_error(errno));
  // A name after a zero byte is no file, and goes when its socket closes.
  const std::string name = "herdsim-port-" + std::to_string(port);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path + 1, name.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0) return fd;
  if (errno == EADDRINUSE) return OwnedFd();
  return uv_failure("cannot hold a port", uv_translate_sys_error(errno));
}

herd::Result<HeldPort, Error> free_port(const std::string& host,
                                        const std::set<std::uint16_t>& avoid) {
  static PortRound round;
  return round.next(host, avoid);
}

}  // namespace sim
