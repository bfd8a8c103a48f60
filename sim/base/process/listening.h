// Who listens on this machine's TCP ports, as the kernel says: nobody is dialled, which servers in
// the wild may not bear.
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
  // Of this process's network, as it is now. Costs a line a connection of the machine: whoever asks
  // about many ports reads once. Blocking, any thread.
  static herd::Result<ListeningSockets, Error> read();
  // From what /proc/net/tcp and /proc/net/tcp6 hold; what cannot be understood is passed over.
  static ListeningSockets parse(std::string_view tcp, std::string_view tcp6);

  // Whether a connection to that address would be taken: whoever listens on all addresses counts,
  // and on all of IPv6 counts for IPv4 too, though he may have chosen to have IPv6 alone. `host`
  // numeric, else false.
  bool has(const std::string& host, std::uint16_t port) const;

 private:
  // An address as IPv6 has it, those of IPv4 mapped, and a port.
  using Key = std::string;
  static Key key(const std::array<std::uint8_t, 16>& address, std::uint16_t port);
  void add(std::string_view table, std::size_t address_digits);

  std::unordered_set<Key> sockets_;
};

// For one port. False where the kernel does not say.
bool is_listening(const std::string& host, std::uint16_t port);

}  // namespace sim
