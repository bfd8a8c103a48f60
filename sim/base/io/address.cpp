#include "sim/base/io/address.h"

#include <sys/un.h>

namespace sim {

std::optional<sockaddr_storage> numeric_address(const std::string& host, std::uint16_t port) {
  sockaddr_storage address{};
  if (uv_ip4_addr(host.c_str(), port, reinterpret_cast<sockaddr_in*>(&address)) == 0 ||
      uv_ip6_addr(host.c_str(), port, reinterpret_cast<sockaddr_in6*>(&address)) == 0) {
    return address;
  }
  return std::nullopt;
}

std::optional<sockaddr_storage> unix_address(const std::string& path) {
  sockaddr_storage address{};
  auto& local = reinterpret_cast<sockaddr_un&>(address);
  if (path.size() >= sizeof local.sun_path) return std::nullopt;
  local.sun_family = AF_UNIX;
  path.copy(local.sun_path, path.size());
  return address;
}

std::uint16_t port_of(const sockaddr_storage& address) {
  return ntohs(address.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port
                   : reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

std::string to_string(const sockaddr_storage& address) {
  char text[64];
  if (uv_ip_name(reinterpret_cast<const sockaddr*>(&address), text, sizeof text) != 0) return "?";
  const std::string port = std::to_string(port_of(address));
  return address.ss_family == AF_INET6 ? '[' + std::string(text) + "]:" + port
                                       : std::string(text) + ':' + port;
}

bool is_loopback(const std::string& address) {
  const auto numeric = numeric_address(address, 0);
  if (!numeric) return false;
  if (numeric->ss_family == AF_INET6) {
    return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(*numeric).sin6_addr) != 0;
  }
  constexpr std::uint32_t kNet = 127;
  return ntohl(reinterpret_cast<const sockaddr_in&>(*numeric).sin_addr.s_addr) >> 24 == kNet;
}

bool is_loopback_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return host == "localhost" || is_loopback(std::string(host));
}

}  // namespace sim
