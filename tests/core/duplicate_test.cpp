// What a server does with a report that it holds already.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>

#include "core/schemes/catalogue.h"
#include "tests/core/fake_world.h"
#include "tests/core/report_of.h"

namespace herd {
namespace {

constexpr std::string_view kTakenReport =
    "AT Hamilton +0.2 kiwi.cs.ucla.edu +34.068930-118.445127 1.5";

TEST(Duplicate, ThatOnlyConcernsTheObserverDoesWhatItDoesAtTheServer) {
  for (const Scheme& scheme : {Scheme::kFlood, Scheme::kFloodEcho}) {
    for (const Recovery recovery : {Recovery::kNone, Recovery::kSync}) {
      FakeServer world(scheme, recovery);
      ASSERT_TRUE(Server::only_reports_duplicates(world.server.config()));
      world.link_up();
      const RecordView report = report_of(kTakenReport);
      world.hand_in(0, report);
      const Instant due = world.server.due();
      world.now += std::chrono::seconds(1);
      const std::string at_server = world.hand_in(0, report);
      EXPECT_EQ(world.server.due(), due);
      Server::duplicate_received(ServerId{0}, NeighborId{0}, report, world.trace, world.moment());
      EXPECT_EQ(world.trace.take(), at_server);
      EXPECT_NE(at_server, "");
    }
  }
}

TEST(Duplicate, ConcernsTheServerIfItsSchemeItsOutboxOrItsKeepAliveLearnsFromIt) {
  const auto passes = [](const Scheme& scheme, std::optional<KeepAlive> keep_alive,
                         std::optional<OutboxSpec> outbox) {
    ServerConfig config;
    config.herd = std::make_shared<const HerdConfig>(
        HerdConfig{.name = "paper", .scheme = scheme, .keep_alive = keep_alive});
    config.outbox = outbox;
    return Server::only_reports_duplicates(config);
  };
  EXPECT_TRUE(passes(Scheme::kFlood, std::nullopt, std::nullopt));
  EXPECT_FALSE(passes(Scheme::kFlood, KeepAlive{}, std::nullopt));
  EXPECT_FALSE(passes(Scheme::kFlood, std::nullopt, OutboxSpec{}));
  EXPECT_FALSE(passes(Scheme(*find_scheme("plumtree")), std::nullopt, std::nullopt));
}

}  // namespace
}  // namespace herd
