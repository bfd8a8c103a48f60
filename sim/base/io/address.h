// Addresses of sockets: numeric ones, as scenarios name them, of which no name is ever looked up,
// and paths of UNIX sockets.
#pragma once

#include <uv.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

// Returns an IPv4 or IPv6 address; nullopt if `host` is neither.
std::optional<sockaddr_storage> numeric_address(const std::string& host, std::uint16_t port);

// nullopt if the path is too long for a UNIX socket.
std::optional<sockaddr_storage> unix_address(const std::string& path);

std::uint16_t port_of(const sockaddr_storage& address);

// Returns text such as 127.0.0.1:40000 or [::1]:40000.
std::string to_string(const sockaddr_storage& address);

// Returns whether a URL's host is this machine: 127.0.0.0/8, [::1] or localhost.
bool is_loopback_host(std::string_view host);
// Returns whether a numeric address is this machine's own.
bool is_loopback(const std::string& address);

}  // namespace sim
