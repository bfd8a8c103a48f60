// The TCP sockets that listen on this machine, as the kernel lists them. No server is dialled,
// because a foreign server might not tolerate that.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/result.h"
#include "sim/base/io/uv_error.h"

namespace sim {

class ListeningSockets {
 public:
  // Reads the sockets of this process's network. The cost grows with the number of connections on
  // the machine, so read once to ask about many ports. Blocks. Any thread may call it.
  static herd::Result<ListeningSockets, Error> read();
  // Parses the contents of /proc/net/tcp and /proc/net/tcp6. Skips what it cannot parse.
  static ListeningSockets parse(std::string_view tcp, std::string_view tcp6);

  // Returns true if a socket listens for connections to that address. A socket on all addresses
  // counts. One on all IPv6 addresses also counts for IPv4, although it may accept only IPv6.
  // Returns false if `host` is not numeric.
  bool has(const std::string& host, std::uint16_t port) const;

 private:
  // An address as IPv6 (IPv4 addresses are mapped) and a port.
  using Key = std::string;
  static Key key(const std::array<std::uint8_t, 16>& address, std::uint16_t port);
  void add(std::string_view table, std::size_t address_digits);

  std::unordered_set<Key> sockets_;
};

// Asks for one port. Returns false if the kernel gives no information.
bool is_listening(const std::string& host, std::uint16_t port);

}  // namespace sim
