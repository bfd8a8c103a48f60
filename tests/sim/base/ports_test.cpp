#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "sim/base/io/address.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/listening_port.h"
#include "sim/base/io/owned_fd.h"
#include "sim/base/process/free_port.h"
#include "sim/base/process/listening.h"

namespace sim {
namespace {

using testing::HasSubstr;

TEST(Listening, SeesAListenerAndItsEnd) {
  IoLoop loop;
  ListeningPort port(loop, [](uv_stream_t*) {});
  ASSERT_FALSE(port.open("127.0.0.1", 0));
  EXPECT_TRUE(is_listening("127.0.0.1", port.port()));
  EXPECT_FALSE(is_listening("127.0.0.2", port.port()));
  EXPECT_FALSE(is_listening("::1", port.port()));
  EXPECT_FALSE(is_listening("localhost", port.port())) << "no name is looked up";
  port.close();
  EXPECT_FALSE(is_listening("127.0.0.1", port.port())) << "bound is not listening";
}

TEST(Listening, SeesWhoListensOnIpv6) {
  IoLoop loop;
  ListeningPort port(loop, [](uv_stream_t*) {});
  if (port.open("::1", 0)) GTEST_SKIP() << "no IPv6 here";
  EXPECT_TRUE(is_listening("::1", port.port()));
  EXPECT_FALSE(is_listening("127.0.0.1", port.port()));
}

constexpr const char* kProcNetHead = "  sl  local_address rem_address   st tx_queue rx_queue\n";

// The kernel prints addresses as numbers in the byte order of the machine.
std::string ipv4_line(const char* address, const char* port, const char* state) {
  in_addr ipv4{};
  inet_pton(AF_INET, address, &ipv4);
  char text[128];
  std::snprintf(text, sizeof text, "   0: %08X:%s 00000000:0000 %s 00000000:00000000 00:0 1\n",
                ipv4.s_addr, port, state);
  return text;
}

std::string ipv6_line(const char* address, const char* port) {
  in6_addr ipv6{};
  inet_pton(AF_INET6, address, &ipv6);
  std::uint32_t words[4];
  std::memcpy(words, &ipv6, sizeof words);
  char text[256];
  std::snprintf(text, sizeof text, "  12: %08X%08X%08X%08X:%s %032d:0000 0A 0:0\n", words[0],
                words[1], words[2], words[3], port, 0);
  return text;
}

TEST(ListeningSockets, WildcardsCountForEveryAddress) {
  const auto sockets = ListeningSockets::parse(
      kProcNetHead + ipv4_line("127.0.0.1", "1F90", "0A") + ipv4_line("0.0.0.0", "1F91", "0A") +
          ipv4_line("127.0.0.1", "1F92", "01") + "garbage\n   3: zz:1F93 x 0A\n",
      kProcNetHead + ipv6_line("::", "1F94") + ipv6_line("::1", "1F95") +
          ipv6_line("::ffff:127.0.0.1", "1F96") + ipv6_line("2001:db8::5", "1F97"));
  EXPECT_TRUE(sockets.has("127.0.0.1", 8080));
  EXPECT_FALSE(sockets.has("127.0.0.2", 8080));
  EXPECT_TRUE(sockets.has("127.0.0.2", 8081));
  EXPECT_FALSE(sockets.has("::1", 8081));
  EXPECT_FALSE(sockets.has("127.0.0.1", 8082)) << "a connection";
  EXPECT_FALSE(sockets.has("127.0.0.1", 8083));
  EXPECT_TRUE(sockets.has("127.0.0.1", 8084));
  EXPECT_TRUE(sockets.has("::1", 8084));
  EXPECT_TRUE(sockets.has("::1", 8085));
  EXPECT_FALSE(sockets.has("127.0.0.1", 8085));
  EXPECT_TRUE(sockets.has("127.0.0.1", 8086)) << "mapped";
  EXPECT_TRUE(sockets.has("2001:db8::5", 8087));
}

TEST(PortsOutside, LeavesOutTheKernelsRange) {
  const auto usual = ports_outside({32768, 60999});
  EXPECT_EQ(usual.front(), 10000);
  EXPECT_EQ(usual.back(), 65535);
  EXPECT_EQ(usual.size(), 65536U - 10000 - (61000 - 32768));
  EXPECT_EQ(ports_outside({9000, 65535}).back(), 8999) << "then lower ones";
  EXPECT_EQ(ports_outside({1024, 65535}).size(), 65536U - 10000) << "then any";
}

TEST(FreePort, GivesEachOnceToAnyThread) {
  std::vector<std::uint16_t> first, second;
  const auto take = [](std::vector<std::uint16_t>& ports) {
    for (int i = 0; i < 200; ++i) {
      const auto port = free_port("127.0.0.1");
      if (port.ok()) ports.push_back(port->number);
    }
  };
  std::thread other([&] { take(first); });
  take(second);
  other.join();
  std::set<std::uint16_t> all(first.begin(), first.end());
  all.insert(second.begin(), second.end());
  EXPECT_EQ(all.size(), 400U);
}

TEST(FreePort, PassesOverWhatIsTakenOrToBeAvoided) {
  const auto port = free_port("127.0.0.1");
  ASSERT_TRUE(port.ok());
  std::set<std::uint16_t> avoid;
  for (unsigned next = port->number; next < port->number + 50U && next <= 65535; ++next) {
    avoid.insert(static_cast<std::uint16_t>(next));
  }
  const auto other = free_port("127.0.0.1", avoid);
  ASSERT_TRUE(other.ok());
  EXPECT_FALSE(avoid.contains(other->number));

  // Other sockets hold the next ports.
  std::vector<OwnedFd> held;
  std::set<std::uint16_t> taken;
  for (unsigned next = other->number + 1U; next < other->number + 20U && next <= 65535; ++next) {
    const auto address = *numeric_address("127.0.0.1", static_cast<std::uint16_t>(next));
    OwnedFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(sockaddr_in)) == 0) {
      taken.insert(static_cast<std::uint16_t>(next));
      held.push_back(std::move(fd));
    }
  }
  const auto third = free_port("127.0.0.1");
  ASSERT_TRUE(third.ok());
  EXPECT_FALSE(taken.contains(third->number));
}

TEST(FreePort, PassesOverWhatAnotherProcessGaveOut) {
  auto port = free_port("127.0.0.1");
  ASSERT_TRUE(port.ok());
  const auto again = hold_port(port->number);
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(again->is_open()) << "held until its program has ended";
  port->hold.reset();
  const auto later = hold_port(port->number);
  ASSERT_TRUE(later.ok());
  EXPECT_TRUE(later->is_open());

  std::vector<OwnedFd> held;
  for (unsigned next = port->number + 1U; next < port->number + 20U && next <= 65535; ++next) {
    auto hold = hold_port(static_cast<std::uint16_t>(next));
    ASSERT_TRUE(hold.ok());
    if (hold->is_open()) held.push_back(std::move(*hold));
  }
  ASSERT_FALSE(held.empty());
  const auto other = free_port("127.0.0.1");
  ASSERT_TRUE(other.ok());
  EXPECT_TRUE(other->number < port->number || other->number >= port->number + 20U);
}

TEST(FreePort, SaysWhichHostHasNone) {
  const auto elsewhere = free_port("192.0.2.1");
  ASSERT_FALSE(elsewhere.ok());
  EXPECT_THAT(elsewhere.error().message, HasSubstr("192.0.2.1"));
  EXPECT_FALSE(free_port("localhost").ok());
}

}  // namespace
}  // namespace sim
