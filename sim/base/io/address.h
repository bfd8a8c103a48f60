// Numeric socket addresses, as scenarios name them: no name is ever looked up.
#pragma once

#include <uv.h>

#include <cstdint>
#include <optional>
#include <string>

namespace sim {

// IPv4 or IPv6; nullopt where `host` is neither.
std::optional<sockaddr_storage> numeric_address(const std::string& host, std::uint16_t port);

std::uint16_t port_of(const sockaddr_storage& address);

// As 127.0.0.1:40000 or [::1]:40000.
std::string to_string(const sockaddr_storage& address);

}  // namespace sim
