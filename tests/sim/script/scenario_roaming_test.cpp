// Scenarios with clients that change servers, and with rates that change.

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

#include "tests/sim/script/scenario_support.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using test::client_with;
using test::error_of;
using test::kPlacedServers;
using test::text_of;

TEST(ScenarioRoaming, StaysByDefault) {
  const Handover handover = client_with(R"("server": "Ball")").handover;
  EXPECT_FALSE(handover.times.has_value());
  EXPECT_FALSE(handover.on_loss.has_value());
}

TEST(ScenarioRoaming, KeepsToTheNearest) {
  const ClientGroup plain = client_with(R"("server": "nearest", "start": "+34-118")");
  EXPECT_TRUE(std::holds_alternative<NearestServer>(plain.server));
  EXPECT_EQ(plain.start, (GeoPoint{34, -118}));
  EXPECT_TRUE(plain.start_given);
  EXPECT_EQ(plain.handover.hysteresis_m, 50);
  EXPECT_EQ(plain.handover.check, 1s);
  const ClientGroup own =
      client_with(R"("server": "nearest", "handover": {"hysteresis": "1.5km", "check": "250ms"})");
  EXPECT_FALSE(own.start_given);
  EXPECT_EQ(own.start, kDefaultLocation);
  EXPECT_EQ(own.handover.hysteresis_m, 1500);
  EXPECT_EQ(own.handover.check, 250ms);
  EXPECT_FALSE(own.handover.times.has_value());
}

TEST(ScenarioRoaming, GoesAtTimesOfItsOwn) {
  struct Row {
    std::string_view text;
    Duration period;
    Arrivals arrivals;
    NextServer to;
  };
  const Row kRows[] = {
      {R"({"every": "5s"})", 5s, Arrivals::kSteady, NextServer::kNext},
      {R"({"rate": "2/min", "to": "next"})", 30s, Arrivals::kSteady, NextServer::kNext},
      {R"({"rate": "2/min", "arrivals": "poisson", "to": "random"})", 30s, Arrivals::kPoisson,
       NextServer::kRandom},
      {R"({"every": "1s", "to": "nearest"})", 1s, Arrivals::kSteady, NextServer::kNearest},
  };
  for (const auto& [text, period, arrivals, to] : kRows) {
    const Handover handover =
        client_with(R"("server": "spread", "handover": )" + std::string(text)).handover;
    ASSERT_TRUE(handover.times.has_value()) << text;
    EXPECT_EQ(handover.times->period, period) << text;
    EXPECT_EQ(handover.times->arrivals, arrivals) << text;
    EXPECT_EQ(handover.to, to) << text;
    EXPECT_FALSE(handover.on_loss.has_value()) << text;
  }
}

TEST(ScenarioRoaming, GoesElsewhereWhenItsServerIsGone) {
  struct Row {
    std::string_view text;
    std::optional<NextServer> on_loss;
  };
  const Row kRows[] = {{"same", std::nullopt},
                       {"next", NextServer::kNext},
                       {"random", NextServer::kRandom},
                       {"nearest", NextServer::kNearest}};
  for (const std::string server : {"Ball", "nearest"}) {
    for (const auto& [text, on_loss] : kRows) {
      const ClientGroup group =
          client_with(R"("server": ")" + server + R"(", "handover": {"on_loss": ")" +
                      std::string(text) + "\"}");
      EXPECT_EQ(group.handover.on_loss, on_loss) << text;
      EXPECT_FALSE(group.handover.times.has_value()) << text;
    }
  }
}

TEST(ScenarioRoaming, Ramps) {
  const ClientGroup group = client_with(R"("server": "Ball",
      "updates": {"from": "600/min", "to": "5000/s", "over": "4s"},
      "queries": {"from": "1/h", "to": "0/s", "arrivals": "poisson", "bound": 7})");
  ASSERT_TRUE(group.updates && group.updates->ramp);
  EXPECT_EQ(group.updates->ramp->from_per_s, 10);
  EXPECT_EQ(group.updates->ramp->to_per_s, 5000);
  EXPECT_EQ(group.updates->ramp->over, 4s);
  EXPECT_EQ(group.updates->arrivals, Arrivals::kSteady);
  ASSERT_TRUE(group.queries && group.queries->times.ramp);
  EXPECT_EQ(group.queries->times.ramp->from_per_s, 1.0 / 3600);
  EXPECT_EQ(group.queries->times.ramp->to_per_s, 0);
  EXPECT_EQ(group.queries->times.ramp->over, 10s);  // the script's length
  EXPECT_EQ(group.queries->times.arrivals, Arrivals::kPoisson);
  EXPECT_EQ(group.queries->bound, 7);
  EXPECT_FALSE(client_with(R"("server": "Ball", "updates": "1/s")").updates->ramp);
}

TEST(ScenarioRoaming, Errors) {
  struct Row {
    std::string_view keys, error;
  };
  constexpr Row kRows[] = {
      {R"("server": "Ball", "handover": {})",
       R"(handover: is empty ({"every": "5s"} or {"rate": "2/min", "arrivals": "poisson"} with )"
       R"("to", "on_loss", or both))"},
      {R"("server": "Ball", "handover": {"to": "next"})",
       R"(handover: has no rate ({"every": "5s"} or {"rate": "2/min", "arrivals": "poisson"} )"
       R"(with "to", "on_loss", or both))"},
      {R"("server": "Ball", "handover": {"every": "1s", "rate": "1/s"})",
       R"(handover: has both "every" and "rate" ({"every": "5s"} or {"rate": "2/min", )"
       R"("arrivals": "poisson"} with "to", "on_loss", or both))"},
      {R"("server": "Ball", "handover": {"every": "1s", "to": "Welsh"})",
       R"(handover.to: "Welsh" is not known here ("next", "random" or "nearest"))"},
      {R"("server": "Ball", "handover": {"on_loss": "some"})",
       R"(handover.on_loss: "some" is not known here (did you mean 'same'?))"},
      {R"("server": "Ball", "handover": {"evry": "1s", "on_loss": "next"})",
       "handover.evry: unknown key (did you mean 'every'?)"},
      {R"("server": "Ball", "handover": {"every": "1s", "hysteresis": "5m"})",
       R"(handover.hysteresis: is for clients of the server "nearest" alone ({"every": "5s"} or )"
       R"({"rate": "2/min", "arrivals": "poisson"} with "to", "on_loss", or both))"},
      {R"("server": "nearest", "handover": {"every": "1s"})",
       R"(handover.every: is not for clients of the server "nearest" ("hysteresis", "check" or )"
       R"("on_loss"))"},
      {R"("server": "nearest", "handover": {})",
       R"(handover: is empty ("hysteresis", "check" or "on_loss"))"},
      {R"("server": "nearest", "handover": {"hysteresis": "20000.001km"})",
       R"(handover.hysteresis: "20000.001km" is out of range (a distance of at most 20000km, as )"
       R"("0m", "50m" or "1.5km"))"},
      {R"("server": "Ball", "updates": {"from": "1/s"})",
       R"(updates.to: is missing ("0/s", or a rate from one in 8760h to one in 1ns, as "10/s", )"
       R"("600/min" or "1/h"))"},
      {R"("server": "Ball", "updates": {"from": "0/s", "to": "0/h"})",
       R"(updates: is a ramp from nothing to nothing (a rate above zero for "from", "to" or both))"},
      {R"("server": "Ball", "updates": {"from": "1/s", "to": "2/s", "every": "1s"})",
       R"(updates.every: is no part of a ramp ("from" and "to" alone))"},
      {R"("server": "Ball", "updates": {"from": "1/s", "to": "3000000000/s"})",
       R"(updates.to: "3000000000/s" is not a rate that can be used ("0/s", or a rate from one in )"
       R"(8760h to one in 1ns, as "10/s", "600/min" or "1/h"))"},
      {R"("server": "Ball", "queries": {"from": "1/s", "to": "2/s", "over": "0s"})",
       R"(queries.over: "0s" is out of range (a duration above zero and at most 8760h, as )"
       R"("250us", "20ms", "5s", "2min" or "1h"))"},
  };
  for (const auto& [keys, error] : kRows) {
    EXPECT_EQ(error_of(text_of(R"(, "links": "paper", "servers": )" + std::string(kPlacedServers),
                               R"(, "clients": [{"id": "c", )" + std::string(keys) + "}]")),
              "clients.0." + std::string(error))
        << keys;
  }
}

TEST(ScenarioRoaming, TheNearestNeedsPositionsInEveryHerd) {
  const auto error = [](std::string_view client) {
    return error_of(R"({"name": "t", "duration": "1s", "herds": [
        {"name": "a", "links": "line", "servers": [{"name": "A", "at": "+1+1"},
                                                   {"name": "B", "at": "+2+2"}]},
        {"name": "b", "links": "line", "servers": [{"name": "A", "at": "+1+1"}, "B"]}],
        "clients": [{"id": "c", )" +
                    std::string(client) + "}]}");
  };
  const std::string nowhere =
      R"(: server "B" of herd "b" stands nowhere ("at" for each server of every herd))";
  EXPECT_EQ(error(R"("server": "nearest")"), "clients.0.server" + nowhere);
  EXPECT_EQ(error(R"("server": "A", "handover": {"every": "1s", "to": "nearest"})"),
            "clients.0.handover.to" + nowhere);
  EXPECT_EQ(error(R"("server": "A", "handover": {"on_loss": "nearest"})"),
            "clients.0.handover.on_loss" + nowhere);
  EXPECT_EQ(error(R"("server": "A", "handover": {"every": "1s", "to": "random"})"), "no errors");
}

TEST(ScenarioRoaming, APositionThatIsWrongIsReportedOnce) {
  EXPECT_EQ(error_of(text_of(R"(, "servers": [{"name": "A", "at": "1+1"}], "links": [])",
                             R"(, "clients": [{"id": "c", "server": "nearest"}])")),
            R"(herds.0.servers.0.at: "1+1" is not a location (ISO 6709 degrees, latitude then )"
            R"(longitude, both signed, as "+34.068930-118.445127"))");
}

TEST(ScenarioRoaming, NeedsAnotherServerInEveryHerd) {
  const auto error = [](std::string_view handover) {
    return error_of(R"({"name": "t", "duration": "1s", "herds": [
        {"name": "a", "links": "line", "servers": ["A", "B"]},
        {"name": "b", "links": [], "servers": ["A"]}],
        "clients": [{"id": "c", "server": "A", "handover": )" +
                    std::string(handover) + "}]}");
  };
  const std::string alone =
      R"(clients.0.handover: there is no other server in herd "b" (at least 2 servers in every )"
      "herd)";
  EXPECT_EQ(error(R"({"every": "1s"})"), alone);
  EXPECT_EQ(error(R"({"on_loss": "next"})"), alone);
}

}  // namespace
}  // namespace sim
