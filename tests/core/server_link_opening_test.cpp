// How a server answers a handshake.
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/limits.h"
#include "core/server.h"
#include "tests/core/fake_world.h"

namespace herd {
namespace {

struct OpeningRow {
  std::string_view name, line, want;
};

constexpr OpeningRow kOpenings[] = {
    {"good", "LINK paper Welsh Alford w", "send 0 [NONCE n1<LF>]\n"},
    {"good in other white space", "  LINK paper\tWelsh Alford w ", "send 0 [NONCE n1<LF>]\n"},
    {"another herd", "LINK Paper Welsh Alford w",
     "refused: bad-handshake @0 'LINK'\n"
     "send 0 [? LINK Paper Welsh Alford w<LF>]\nclose 0 bad-handshake\n"},
    {"no neighbour", "  LINK paper Ball Alford w",
     "refused: bad-handshake @2 'LINK'\n"
     "send 0 [?   LINK paper Ball Alford w<LF>]\nclose 0 bad-handshake\n"},
    {"itself", "LINK paper Alford Alford w",
     "refused: bad-handshake @0 'LINK'\n"
     "send 0 [? LINK paper Alford Alford w<LF>]\nclose 0 bad-handshake\n"},
    {"meant for another", "LINK paper Welsh Ball w",
     "refused: bad-handshake @0 'LINK'\n"
     "send 0 [? LINK paper Welsh Ball w<LF>]\nclose 0 bad-handshake\n"},
    {"a neighbour that is not the one to dial", "LINK paper Hamilton Alford h",
     "refused: bad-handshake @0 'LINK'\n"
     "send 0 [? LINK paper Hamilton Alford h<LF>]\nclose 0 bad-handshake\n"},
    {"no nonce: a bad line, no failed handshake", "LINK paper Welsh Alford",
     "refused: missing-field @23\nsend 0 [? LINK paper Welsh Alford<LF>]\n"},
};

TEST(LinkOpening, Table) {
  for (const auto& [name, line, want] : kOpenings) {
    SCOPED_TRACE(name);
    FakeServer world;
    world.open(0);
    EXPECT_EQ(world.say(0, line), want);
    EXPECT_FALSE(world.server.link_is_up(NeighborId{1})) << "nobody has proven anything";
  }
}

TEST(LinkOpening, IsOverOnceTheMacIsRight) {
  for (const std::string_view space : {" ", "\t  "}) {
    FakeServer world;
    world.open(0);
    EXPECT_EQ(world.ask_link(0), "send 0 [NONCE n1<LF>]\n");
    EXPECT_FALSE(world.server.link_is_up(NeighborId{1}));
    std::string line = world.mac_of_welsh(0);
    line.replace(line.find(' '), 1, space);
    EXPECT_EQ(world.say(0, line, "\r\n"), world.opened(0));
    EXPECT_TRUE(world.server.link_is_up(NeighborId{1}));
    EXPECT_FALSE(world.server.all_links_up()) << "the other one is not";
  }
}

TEST(LinkOpening, AnythingButTheRightMacEndsIt) {
  const std::string right = "MAC " + fake_mac("MAC", "Welsh", "Alford", "w", "n1");
  const std::pair<std::string, std::string> rows[] = {
      {right.substr(0, right.size() - 1), ""},
      {right + "1", ""},
      {"MAC " + fake_mac("MAC", "Welsh", "Alford", "w", "n2"), ""},
      {"MAC " + fake_mac("MAC", "Alford", "Welsh", "n1", "w"), ""},
      {"MAC " + fake_mac("LINKED", "Welsh", "Alford", "w", "n1"), ""},
      {"MAC", "missing-field @3"},
      {right + " x", "extra-field @" + std::to_string(right.size() + 1) + " 'x'"},
      {"LINK paper Welsh Alford w", "unknown-command @0 'LINK'"},
      {"IAMAT c +0+0 0", "unknown-command @0 'IAMAT'"},
      {"AT Ball +1 c +0+0 1", "unknown-command @0 'AT'"},
      {"", "missing-field @0"},
  };
  for (const auto& [line, error] : rows) {
    SCOPED_TRACE(line);
    FakeServer world;
    world.open(0);
    world.ask_link(0);
    EXPECT_EQ(world.say(0, line),
              "refused: " + (error.empty() ? "bad-handshake @0 '" + line + "'" : error) +
                  "\nsend 0 [? " + line + "<LF>]\nclose 0 bad-handshake\n");
    EXPECT_EQ(world.say(0, right), "") << "there is no second try";
    EXPECT_EQ(world.say(0, "IAMAT c +0+0 0"), "");
    EXPECT_EQ(world.server.records().size(), 0U);
    EXPECT_EQ(world.gone(0), "");
  }
}

TEST(LinkOpening, RefusalHasTheLinesEnding) {
  FakeServer world;
  world.open(0);
  EXPECT_EQ(world.say(0, "LINK paper Welsh Ball no", "\r\n"),
            "refused: bad-handshake @0 'LINK'\n"
            "send 0 [? LINK paper Welsh Ball no<CR><LF>]\nclose 0 bad-handshake\n");
  EXPECT_EQ(world.ask_link(0), "") << "there is no second try";
  EXPECT_EQ(world.say(0, "IAMAT c +0+0 0"), "");
}

TEST(LinkOpening, HasToBeTheFirstLine) {
  for (const std::string_view first : {"", "hello", "IAMAT c +0+0 0", "MAC x", "NONCE x"}) {
    FakeServer world;
    world.open(0);
    world.say(0, first);
    EXPECT_EQ(world.ask_link(0),
              "refused: bad-handshake @0 'LINK'\nsend 0 [? LINK paper Welsh Alford w<LF>]\n");
    EXPECT_FALSE(world.server.link_is_up(NeighborId{1}));
    EXPECT_EQ(world.say(0, "?"), "refused: unknown-command @0 '?'\nsend 0 [? ?<LF>]\n")
        << "it is a client's connection and stays one";
  }
}

// An attacker repeats what it has seen of a good handshake, as often as it likes.
TEST(LinkOpening, ReplayedLinesProveNothing) {
  FakeServer world;
  world.open(0);
  world.open_link(0);
  const std::string seen = world.mac_of_welsh(0);
  for (std::uint32_t n = 1; n <= 1000; ++n) {
    world.open(n);
    EXPECT_EQ(world.ask_link(n),
              "send " + std::to_string(n) + " [NONCE n" + std::to_string(n + 1) + "<LF>]\n");
    EXPECT_EQ(world.say(n, seen).find("link"), std::string::npos);
    EXPECT_EQ(world.say(n, "AT Ball +1 forged +0+0 1"), "");
    world.gone(n);
  }
  EXPECT_EQ(world.server.records().size(), 0U);
  EXPECT_TRUE(world.server.link_is_up(NeighborId{1})) << "it is the neighbour's own still";
}

TEST(LinkOpening, MayBreakOffAtAnyLine) {
  FakeServer world;
  world.open(0);
  world.ask_link(0);
  EXPECT_EQ(world.server.max_line(ConnectionId{0}), kMaxClientLine);
  EXPECT_EQ(world.end_input(0), "close 0 peer-done\n");
  EXPECT_EQ(world.gone(0), "");
  world.open(0);
  world.ask_link(0);
  EXPECT_EQ(world.gone(0), "");
  world.open(0);
  world.ask_link(0);
  EXPECT_EQ(world.say_overlong(0, "MAC xxx"),
            "refused: too-long @8192 'MAC xxx'\nsend 0 [? MAC xxx<LF>]\nclose 0 overlong\n");
  EXPECT_EQ(world.server.deadline(), std::nullopt) << "Welsh dials";
}

TEST(LinkOpening, NewestConnectionOfANeighbourReplacesTheOld) {
  FakeServer world;
  world.open(0);
  world.open(1);
  world.open_link(0);
  const std::string replaced = world.open_link(1);
  EXPECT_EQ(replaced, "down 1\nclose 0 replaced\n" + world.opened(1));
  EXPECT_EQ(world.say(0, "AT Ball +1 c +0+0 1"), "") << "the old one is not heard any more";
  EXPECT_EQ(world.gone(0), "") << "nor missed";
  EXPECT_TRUE(world.server.link_is_up(NeighborId{1}));
  EXPECT_EQ(world.say(1, "AT Ball +1 c +0+0 1"),
            "received 1 taken c 1\nsent 1 c 1\nupdate 1 [AT Ball +1 c +0+0 1]\n");
}

TEST(LinkOpening, OldConnectionMayBeEndingWhenItIsReplaced) {
  FakeServer world;
  world.open(0);
  world.open(1);
  world.open_link(0);
  EXPECT_EQ(world.end_input(0), "down 1\nclose 0 peer-done\n");
  const std::string opened = world.open_link(1);
  EXPECT_EQ(opened, world.opened(1));
}

TEST(LinkOpening, FailedHandshakeLeavesTheLinkThatIsThere) {
  FakeServer world;
  world.link_up();
  world.open(0);
  world.ask_link(0);
  EXPECT_TRUE(world.server.all_links_up());
  world.say(0, "MAC guess");
  EXPECT_TRUE(world.server.all_links_up());
  world.gone(0);
  EXPECT_TRUE(world.server.all_links_up());
}

}  // namespace
}  // namespace herd
