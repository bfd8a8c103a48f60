#include "sim/base/io/address.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace sim {
namespace {

TEST(Address, NumericHostsOfBothFamilies) {
  struct Row {
    const char* host;
    std::uint16_t port;
    const char* text;
    int family;
  };
  for (const auto& [host, port, text, family] : {
           Row{"127.0.0.1", 40000, "127.0.0.1:40000", AF_INET},
           Row{"0.0.0.0", 0, "0.0.0.0:0", AF_INET},
           Row{"255.255.255.255", 65535, "255.255.255.255:65535", AF_INET},
           Row{"::1", 1, "[::1]:1", AF_INET6},
           Row{"::", 258, "[::]:258", AF_INET6},
           Row{"2001:0DB8:0:0:0:0:0:1", 12045, "[2001:db8::1]:12045", AF_INET6},
       }) {
    SCOPED_TRACE(host);
    const auto address = numeric_address(host, port);
    ASSERT_TRUE(address);
    EXPECT_EQ(address->ss_family, family);
    EXPECT_EQ(port_of(*address), port);
    EXPECT_EQ(to_string(*address), text);
  }
}

TEST(Address, NamesAndSlipsAreNone) {
  for (const char* host : {"", " ", "localhost", "127.0.0", "127.0.0.256", "127.0.0.1:80", "[::1]",
                           "127.0.0.1 ", " 127.0.0.1", "1", "::g", ":::1", "1.2.3.4.5"}) {
    EXPECT_FALSE(numeric_address(host, 80)) << '"' << host << '"';
  }
}

TEST(Address, PathsOfUnixSocketsHaveALimit) {
  EXPECT_EQ(unix_address("/tmp/socket")->ss_family, AF_UNIX);
  EXPECT_TRUE(unix_address(std::string(107, 'x')));
  EXPECT_FALSE(unix_address(std::string(108, 'x')));
}

}  // namespace
}  // namespace sim
