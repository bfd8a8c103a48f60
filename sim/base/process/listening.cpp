#include "sim/base/process/listening.h"

#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "sim/base/io/address.h"
#include "sim/base/text/numbers.h"
#include "sim/base/text/read_file.h"

namespace sim {
namespace {

using Address = std::array<std::uint8_t, 16>;

constexpr std::string_view kListen = "0A";
constexpr Address kAnyIpv6{};
constexpr Address kAnyIpv4{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_ipv4(const Address& address) {
  return std::equal(kAnyIpv4.begin(), kAnyIpv4.begin() + 12, address.begin());
}

std::string_view next_field(std::string_view& line) {
  const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
  line.remove_prefix(begin);
  const std::string_view field = line.substr(0, line.find(' '));
  line.remove_prefix(field.size());
  return field;
}

// The kernel prints four bytes of an address as one number in the machine's byte order.
std::optional<Address> address_of(std::string_view digits) {
  Address address = kAnyIpv4;
  std::uint8_t* word = address.data() + (digits.size() == 8 ? 12 : 0);
  for (; !digits.empty(); digits.remove_prefix(8), word += 4) {
    const auto number = read_whole<std::uint32_t>(digits.substr(0, 8), 16);
    if (!number) return std::nullopt;
    std::memcpy(word, &*number, sizeof *number);
  }
  return address;
}

}  // namespace

herd::Result<ListeningSockets, Error> ListeningSockets::read() {
  const auto tcp = read_file("/proc/net/tcp");
  if (!tcp) return uv_failure("/proc/net/tcp: cannot be read", uv_translate_sys_error(errno));
  // Missing if the machine has no IPv6.
  const auto tcp6 = read_file("/proc/net/tcp6");
  return parse(*tcp, tcp6 ? *tcp6 : std::string());
}

ListeningSockets ListeningSockets::parse(std::string_view tcp, std::string_view tcp6) {
  ListeningSockets out;
  out.add(tcp, 8);
  out.add(tcp6, 32);
  return out;
}

void ListeningSockets::add(std::string_view table, std::size_t address_digits) {
  while (!table.empty()) {
    std::string_view line = table.substr(0, table.find('\n'));
    table.remove_prefix(std::min(line.size() + 1, table.size()));
    next_field(line);  // its number
    const std::string_view local = next_field(line);
    next_field(line);  // the other endpoint
    if (next_field(line) != kListen || local.size() != address_digits + 5) continue;
    const auto address = address_of(local.substr(0, address_digits));
    const auto port = read_whole<std::uint16_t>(local.substr(address_digits + 1), 16);
    if (address && port) sockets_.insert(key(*address, *port));
  }
}

bool ListeningSockets::has(const std::string& host, std::uint16_t port) const {
  const auto numeric = numeric_address(host, port);
  if (!numeric) return false;
  Address address = kAnyIpv4;
  if (numeric->ss_family == AF_INET6) {
    std::memcpy(address.data(), &reinterpret_cast<const sockaddr_in6&>(*numeric).sin6_addr, 16);
  } else {
    std::memcpy(address.data() + 12, &reinterpret_cast<const sockaddr_in&>(*numeric).sin_addr, 4);
  }
  return sockets_.contains(key(address, port)) || sockets_.contains(key(kAnyIpv6, port)) ||
         (is_ipv4(address) && sockets_.contains(key(kAnyIpv4, port)));
}

ListeningSockets::Key ListeningSockets::key(const Address& address, std::uint16_t port) {
  Key out(address.begin(), address.end());
  out.push_back(static_cast<char>(port >> 8));
  out.push_back(static_cast<char>(port & 0xff));
  return out;
}

bool is_listening(const std::string& host, std::uint16_t port) {
  const auto sockets = ListeningSockets::read();
  return sockets.ok() && sockets->has(host, port);
}

}  // namespace sim
