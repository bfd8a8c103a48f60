#include "sim/base/io/listening_port.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "sim/base/io/address.h"

namespace sim {
namespace {

// Dials a port of this machine. Returns 0 or the errno.
int dial(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = *numeric_address("127.0.0.1", port);
  const int error =
      connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(sockaddr_in)) == 0 ? 0
                                                                                         : errno;
  close(fd);
  return error;
}

// Returns true if another socket can listen on the port. `shares`: it asks to share it with others
// that do.
bool can_be_taken(std::uint16_t port, bool shares) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = shares ? 1 : 0;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const auto address = *numeric_address("127.0.0.1", port);
  const bool taken =
      bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(sockaddr_in)) == 0 &&
      listen(fd, 1) == 0;
  close(fd);
  return taken;
}

void expect_closed(ListeningPort& port) {
  EXPECT_EQ(dial(port.port()), ECONNREFUSED);
  EXPECT_FALSE(can_be_taken(port.port(), false));
  EXPECT_FALSE(can_be_taken(port.port(), true));
  EXPECT_EQ(dial(port.port()), ECONNREFUSED);
}

TEST(ListeningPort, ClosedItRefusesAndIsNobodyElses) {
  IoLoop loop;
  ListeningPort port(loop, [](uv_stream_t*) {});
  ASSERT_FALSE(port.open("127.0.0.1", 0));
  const std::uint16_t number = port.port();
  ASSERT_NE(number, 0);
  EXPECT_EQ(dial(number), 0);

  port.close();
  expect_closed(port);

  ASSERT_FALSE(port.reopen());
  EXPECT_EQ(port.port(), number);
  EXPECT_EQ(dial(number), 0);
}

TEST(ListeningPort, ReservedItIsClosedUntilItIsReopened) {
  IoLoop loop;
  ListeningPort port(loop, [](uv_stream_t*) {});
  ASSERT_FALSE(port.reserve("127.0.0.1", 0));
  const std::uint16_t number = port.port();
  ASSERT_NE(number, 0);
  expect_closed(port);
  ASSERT_FALSE(port.reopen());
  EXPECT_EQ(port.port(), number);
  EXPECT_EQ(dial(number), 0);
}

TEST(ListeningPort, SaysWhichAddressIsTaken) {
  IoLoop loop;
  ListeningPort first(loop, [](uv_stream_t*) {}), second(loop, [](uv_stream_t*) {});
  ASSERT_FALSE(first.open("127.0.0.1", 0));
  const auto error = second.open("127.0.0.1", first.port());
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message, "cannot listen on 127.0.0.1:" + std::to_string(first.port()) +
                                ": address already in use");
}

TEST(ListeningPort, SaysThatAnAddressIsNone) {
  IoLoop loop;
  ListeningPort port(loop, [](uv_stream_t*) {});
  const auto error = port.open("localhost", 0);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message, "cannot listen on localhost:0: not a numeric address");
}

}  // namespace
}  // namespace sim
