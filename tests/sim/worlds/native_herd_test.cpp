#include "sim/worlds/world/native_herd.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/core/fake_herd.h"

namespace sim {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;

HerdSpec line_of_three(herd::Recovery recovery) {
  HerdSpec spec;
  spec.name = "line";
  spec.servers.resize(3);
  for (std::uint32_t s = 0; s < 3; ++s) spec.servers[s].name = herd::FakeHerd::name(s);
  spec.links = {{0, 1}, {1, 2}};
  spec.recovery = recovery;
  return spec;
}

// S1 - S2 - S3, of servers that the test wires to each other.
class FakeNativeHerd final : public NativeHerd {
 public:
  explicit FakeNativeHerd(herd::Recovery recovery = herd::Recovery::kSync)
      : servers(
            3, {{0, 1}, {1, 2}}, herd::Scheme::kFlood, [](std::uint64_t) { return 0; }, recovery),
        spec_(line_of_three(recovery)),
        adjacency_(make_adjacency(spec_)) {}

  const HerdSpec& spec() const override { return spec_; }
  const Adjacency& adjacency() const override { return adjacency_; }
  const herd::Server* core(std::uint32_t server) const override {
    return elsewhere.contains(server) ? nullptr : &servers.server(server);
  }
  bool acts(std::uint32_t server) const override { return !paused.contains(server); }
  LinkFault link_fault(std::uint32_t link) const override { return faults[link]; }

  std::string endpoints(std::uint32_t link) const {
    std::string out;
    at_both_endpoints(link, [&](std::uint32_t server, herd::NeighborId neighbor) {
      out += spec_.servers[server].name + "." + std::to_string(neighbor.value) + " ";
    });
    return out;
  }

  herd::FakeHerd servers;
  std::set<std::uint32_t> elsewhere, paused;
  std::vector<LinkFault> faults{LinkFault::kNone, LinkFault::kNone};

 private:
  HerdSpec spec_;
  Adjacency adjacency_;
};

TEST(ServerConfig, SaysWhatTheSpecSaysOfAServerAndItsNeighbors) {
  HerdSpec spec = line_of_three(herd::Recovery::kSync);
  spec.propagation = herd::Scheme::kFlood;
  spec.order = herd::RecordOrder::kServerTime;
  spec.keep_alive.reset();
  spec.override_of[1].forward.latency = spec.override_of[1].backward.latency =
      std::chrono::seconds(3);
  spec.record_limits.max_records = 5;
  herd::FakeAuthenticator authenticator;
  const auto shared =
      herd_config(spec, {77, &authenticator, {1, 2}, server_names(spec), make_routes(spec)});
  const herd::ServerConfig config = server_config(spec, make_adjacency(spec), 1, shared, 3);
  EXPECT_EQ(config.herd, shared);
  EXPECT_EQ(config.herd->name, "line");
  EXPECT_EQ(config.name, "S2");
  EXPECT_EQ(config.seat.number, 1U);
  EXPECT_EQ(config.seat.seats, 3U);
  EXPECT_EQ(config.herd->scheme, herd::Scheme::kFlood);
  EXPECT_EQ(config.herd->recovery, herd::Recovery::kSync);
  EXPECT_EQ(config.herd->order, herd::RecordOrder::kServerTime);
  EXPECT_FALSE(config.herd->keep_alive.has_value());
  EXPECT_EQ(config.herd->seed, 77U);
  ASSERT_EQ(config.neighbors.size(), 2U);
  EXPECT_EQ(config.neighbors[0].name, "S1");
  EXPECT_FALSE(config.neighbors[0].dials);
  EXPECT_EQ(config.herd->authenticator, &authenticator);
  EXPECT_TRUE(config.herd->servers->contains("S3"));
  EXPECT_FALSE(config.herd->servers->contains("S4"));
  EXPECT_EQ(config.herd->hash_key.second, 2U);
  EXPECT_EQ(config.herd->record_limits.max_records, 5U);
  EXPECT_EQ(config.neighbors[1].name, "S3");
  EXPECT_TRUE(config.neighbors[1].dials);
  EXPECT_GT(config.neighbors[1].handshake_timeout, config.neighbors[0].handshake_timeout)
      << "its link is slower";
}

TEST(NativeHerd, NamesTheLinksThatAreMissing) {
  FakeNativeHerd herd;
  EXPECT_FALSE(herd.all_links_up());
  EXPECT_EQ(herd.links_missing(), "S1 - S2, S2 - S3");
  EXPECT_EQ(herd.links_missing_message(), "no handshake in time on the links: S1 - S2, S2 - S3");
  herd.servers.start();
  EXPECT_TRUE(herd.all_links_up());
  EXPECT_EQ(herd.links_missing(), "");
  EXPECT_EQ(herd.links_missing_message(), "");
  herd.servers.cut(1);
  herd.servers.settle();
  EXPECT_FALSE(herd.all_links_up());
  EXPECT_EQ(herd.links_missing(), "S2 - S3");
}

TEST(NativeHerd, LeavesServersThatAreHostedElsewhereToOthers) {
  FakeNativeHerd herd;
  herd.servers.start();
  herd.servers.cut(1);
  herd.servers.settle();
  herd.elsewhere = {1};
  EXPECT_EQ(herd.links_missing(), "") << "the server that dials is not hosted here";
  EXPECT_FALSE(herd.all_links_up()) << "the other endpoint is";
  EXPECT_THAT(herd.links_synchronized(), ElementsAre(true, false));
  herd.elsewhere = {1, 2};
  EXPECT_TRUE(herd.all_links_up());
  EXPECT_THAT(herd.links_synchronized(), ElementsAre(true, true));
}

TEST(NativeHerd, HasRecoveredWhenEveryLinkThatNoFaultKeepsDownIsSynchronized) {
  FakeNativeHerd herd;
  EXPECT_FALSE(herd.recovered());
  herd.servers.start();
  EXPECT_TRUE(herd.recovered());
  EXPECT_THAT(herd.links_synchronized(), ElementsAre(true, true));
  herd.servers.cut(0);
  herd.servers.settle();
  EXPECT_FALSE(herd.recovered());
  EXPECT_THAT(herd.links_synchronized(), ElementsAre(false, true));
  for (const LinkFault fault : {LinkFault::kCut, LinkFault::kBlackhole}) {
    herd.faults[0] = fault;
    EXPECT_TRUE(herd.recovered());
  }
  herd.faults[0] = LinkFault::kNone;
  for (const std::uint32_t server : {0U, 1U}) {
    herd.paused = {server};
    EXPECT_TRUE(herd.recovered()) << "one of the link's servers does nothing";
  }
  herd.paused = {2};
  EXPECT_FALSE(herd.recovered());
}

// It asks the server first that had not recovered at the last call.
TEST(NativeHerd, HasNotRecoveredWhicheverLinkIsDown) {
  FakeNativeHerd herd;
  herd.servers.start();
  for (const std::uint32_t down : {1U, 0U, 1U}) {
    herd.servers.cut(down);
    herd.servers.settle();
    EXPECT_FALSE(herd.recovered());
    EXPECT_FALSE(herd.recovered());
    herd.servers.mend(down);
    herd.servers.settle();
    EXPECT_TRUE(herd.recovered());
  }
}

// The hold keeps the line of a comparison from coming.
TEST(NativeHerd, HasRecoveredIfAllEndpointsKnowThatTheyHoldTheSame) {
  FakeNativeHerd herd;
  herd.servers.compare_every(milliseconds(1));
  herd.servers.start();
  herd.servers.say(0, "IAMAT kiwi +34-118 1");
  herd.servers.settle();
  herd.servers.advance(milliseconds(1));
  herd.servers.hold(0);
  herd.servers.advance(milliseconds(1));
  EXPECT_TRUE(herd.recovered()) << "the comparison in progress can find nothing";
  EXPECT_THAT(herd.links_synchronized(), ElementsAre(true, true));
  herd.servers.say(2, "IAMAT emu +34-118 1");
  herd.servers.settle();
  EXPECT_FALSE(herd.recovered());
  herd.servers.hold(0, false);
  herd.servers.settle();
  EXPECT_TRUE(herd.recovered());
}

TEST(NativeHerd, HasNotRecoveredWhileAServerWillSendARecord) {
  FakeNativeHerd herd(herd::Recovery::kNone);
  herd.servers.collect({herd::OutboxSpec::Mode::kDelay, milliseconds(50), 100, std::nullopt});
  herd.servers.start();
  EXPECT_TRUE(herd.recovered());
  herd.servers.say(0, "IAMAT kiwi +34-118 1");
  EXPECT_FALSE(herd.recovered());
  herd.paused = {0};
  EXPECT_FALSE(herd.recovered()) << "it sends the record once it goes on";
  herd.paused = {};
  herd.servers.advance(milliseconds(200));
  EXPECT_TRUE(herd.recovered());
  EXPECT_EQ(herd.servers.knowledge(2), herd.servers.knowledge(0));
}

TEST(NativeHerd, HasNothingToRecoverWithoutRecovery) {
  const FakeNativeHerd herd(herd::Recovery::kNone);
  EXPECT_FALSE(herd.all_links_up());
  EXPECT_TRUE(herd.recovered());
}

TEST(NativeHerd, FindsBothEndpointsOfALink) {
  const FakeNativeHerd herd;
  EXPECT_EQ(herd.endpoints(0), "S1.0 S2.0 ");
  EXPECT_EQ(herd.endpoints(1), "S2.1 S3.0 ");
}

}  // namespace
}  // namespace sim
