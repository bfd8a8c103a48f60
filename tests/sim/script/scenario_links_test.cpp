// Links in scenarios: conditions, overrides, recovery and keep-alives; also clocks.

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "tests/sim/script/scenario_support.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using test::client_with;
using test::error_of;
using test::herd_with;
using test::text_of;

TEST(ScenarioLinks, AreIdealByDefault) {
  for (const HerdSpec& herd : {herd_with(R"("recovery": "none")"), herd_with(R"("link": {})")}) {
    EXPECT_TRUE(herd.link.ideal());
    EXPECT_TRUE(herd.override_of.empty());
    for (std::uint32_t link = 0; link < herd.links.size(); ++link) {
      EXPECT_TRUE(herd.conditions_of(link).ideal());
    }
  }
  EXPECT_TRUE(client_with(R"("server": "Ball")").link.ideal());
}

TEST(ScenarioLinks, ReadsConditionsOfBothDirections) {
  const LinkConditions expected{20ms, {JitterShape::kUniform, 5ms}, 1e7, 0.01};
  const TwoWayConditions link =
      herd_with(R"("link": {"latency": "20ms", "jitter": "5ms", "bandwidth": "10mbit/s",
                            "loss": 0.01})")
          .link;
  EXPECT_EQ(link.forward, expected);
  EXPECT_EQ(link.backward, expected);
}

TEST(ScenarioLinks, ADirectionOverridesWhatItNames) {
  const TwoWayConditions link = herd_with(R"("link": {"latency": "20ms", "bandwidth": "1mbit/s",
          "forward": {"latency": "5ms", "bandwidth": "unlimited"},
          "backward": {"loss": "50%"}})")
                                    .link;
  EXPECT_EQ(link.forward, (LinkConditions{5ms, {}, 0, 0}));
  EXPECT_EQ(link.backward, (LinkConditions{20ms, {}, 1e6, 0.5}));
}

TEST(ScenarioLinks, ClientsCallTheDirectionsUpAndDown) {
  const ClientGroup group = client_with(R"("server": "Ball", "link": {"latency": "30ms",
      "up": {"bandwidth": "1mbit/s"}, "down": {"bandwidth": "20mbit/s"}})");
  EXPECT_EQ(group.link.forward, (LinkConditions{30ms, {}, 1e6, 0}));
  EXPECT_EQ(group.link.backward, (LinkConditions{30ms, {}, 2e7, 0}));
}

TEST(ScenarioLinks, Jitters) {
  struct Row {
    std::string_view text;
    Jitter jitter;
  };
  const Row kRows[] = {
      {R"("5ms")", {JitterShape::kUniform, 5ms}},
      {R"({"uniform": "5ms"})", {JitterShape::kUniform, 5ms}},
      {R"({"normal": "250us"})", {JitterShape::kNormal, 250us}},
      {R"({"exponential": "60s"})", {JitterShape::kExponential, 60s}},
      {R"("0s")", {JitterShape::kUniform, 0s}},
  };
  for (const auto& [text, jitter] : kRows) {
    const HerdSpec herd = herd_with(R"("link": {"jitter": )" + std::string(text) + "}");
    EXPECT_EQ(herd.link.forward.jitter, jitter) << text;
    EXPECT_EQ(herd.link.backward.jitter, jitter) << text;
  }
}

TEST(ScenarioLinks, OverridesAreOfTheHerdsLinkAndOfTheirOwnDirection) {
  // The herd lists Alford-Welsh and Ball-Holiday. The first override names its link in the other
  // order.
  const HerdSpec herd = herd_with(R"(
      "link": {"latency": "20ms", "loss": 0.1},
      "link_overrides": [
        {"link": ["Welsh", "Alford"], "loss": 0, "forward": {"latency": "1ms"},
         "backward": {"latency": "2ms"}},
        {"link": ["Ball", "Holiday"], "forward": {"latency": "3ms"}}])");
  const std::uint32_t welsh =
      *herd.find_link(*herd.find_server("Alford"), *herd.find_server("Welsh"));
  const std::uint32_t ball =
      *herd.find_link(*herd.find_server("Ball"), *herd.find_server("Holiday"));
  ASSERT_EQ(herd.override_of.size(), 2U);
  EXPECT_EQ(herd.conditions_of(welsh).forward, (LinkConditions{2ms, {}, 0, 0}));
  EXPECT_EQ(herd.conditions_of(welsh).backward, (LinkConditions{1ms, {}, 0, 0}));
  EXPECT_EQ(herd.conditions_of(ball).forward, (LinkConditions{3ms, {}, 0, 0.1}));
  EXPECT_EQ(herd.conditions_of(ball).backward, (LinkConditions{20ms, {}, 0, 0.1}));
  for (std::uint32_t link = 0; link < herd.links.size(); ++link) {
    if (link != welsh && link != ball) {
      EXPECT_EQ(herd.conditions_of(link), herd.link);
    }
  }
}

TEST(ScenarioLinks, RecoversBySyncWhereAsked) {
  EXPECT_EQ(herd_with(R"("links": "paper")").recovery, herd::Recovery::kNone);
  EXPECT_EQ(herd_with(R"("recovery": "none")").recovery, herd::Recovery::kNone);
  EXPECT_EQ(herd_with(R"("recovery": "sync")").recovery, herd::Recovery::kSync);
}

TEST(ScenarioLinks, GoesByServerTimeWhereAsked) {
  EXPECT_EQ(herd_with(R"("links": "paper")").order, herd::RecordOrder::kClientTime);
  EXPECT_EQ(herd_with(R"("order": "client-time")").order, herd::RecordOrder::kClientTime);
  EXPECT_EQ(herd_with(R"("order": "server-time")").order, herd::RecordOrder::kServerTime);
}

TEST(ScenarioLinks, KeepAlives) {
  struct Row {
    std::string_view keys;
    herd::Duration every, timeout;
  };
  const Row kRows[] = {
      {R"("links": "paper")", 1s, 3s},
      {R"("keepalive": {})", 1s, 3s},
      {R"("keepalive": {"every": "2s", "timeout": "4s"})", 2s, 4s},
      {R"("keepalive": {"every": "5s"})", 5s, 15s},
      {R"("keepalive": {"every": "10ms"})", 10ms, 30ms},
      {R"("keepalive": {"timeout": "1min"})", 1s, 1min},
      {R"("keepalive": {"timeout": "300ms"})", 100ms, 300ms},
  };
  for (const auto& [keys, every, timeout] : kRows) {
    const auto keep_alive = herd_with(keys).keep_alive;
    ASSERT_TRUE(keep_alive) << keys;
    EXPECT_EQ(keep_alive->every, every) << keys;
    EXPECT_EQ(keep_alive->timeout, timeout) << keys;
  }
  EXPECT_FALSE(herd_with(R"("keepalive": "off")").keep_alive);
  // The default timeout is longer if the slowest link takes longer.
  const HerdSpec slow = herd_with(
      R"("link": {"latency": "1s"}, )"
      R"("link_overrides": [{"link": ["Ball", "Welsh"], "backward": {"latency": "3s"}}])");
  EXPECT_EQ(slow.keep_alive->timeout, 10s);
}

// Returns a scenario of the paper's herd with a keep-alive of 100 ms and 300 ms, if `keys` do not
// say otherwise, and events.
std::string with_set_links(
    const std::string& events,
    const std::string& keys = R"("keepalive": {"every": "100ms", "timeout": "300ms"})") {
  return text_of(", " + keys, R"(, "events": [)" + events + "]");
}

constexpr std::string_view kTooSlow =
    "makes a link slower than the \"keepalive\" of herd \"a\" allows: it would be closed, and "
    "never "
    "come up again (latencies that add up, there and back, to less than 200 ms (\"timeout\" less "
    "\"every\"))";

TEST(ScenarioLinks, AKeepAliveMustAllowWhatTheScriptMakesOfALink) {
  const std::string all = R"({"at": "2s", "do": "set_link", "latency": "100ms"})";
  EXPECT_EQ(error_of(with_set_links(all)), "events.0: " + std::string(kTooSlow));
  // Two changes that are harmless one by one, in the order of time.
  const std::string later = R"({"at": "3s", "do": "set_link", "link": ["Welsh", "Alford"],
                                "forward": {"latency": "150ms"}})";
  const std::string sooner = R"({"at": "1s", "do": "set_link", "link": ["Alford", "Welsh"],
                                 "forward": {"latency": "50ms"}})";
  EXPECT_EQ(error_of(with_set_links(later + "," + sooner)), "events.0: " + std::string(kTooSlow));
  const std::string undone = R"({"at": "2s", "do": "set_link", "latency": "0s"})";
  for (const std::string& fine :
       {with_set_links(later + "," + undone + "," + sooner), with_set_links(later),
        with_set_links(R"({"at": "1s", "do": "set_link", "jitter": "1s", "loss": 0.5})"),
        with_set_links(all, R"("keepalive": "off")")}) {
    EXPECT_EQ(error_of(fine), "no errors");
  }
}

TEST(ScenarioLinks, WithoutAKeyTheKeepAliveFollowsTheScript) {
  const Scenario scenario = test::parse(with_set_links(
      R"({"at": "2s", "do": "set_link", "latency": "5s"},
         {"at": "3s", "do": "set_link", "latency": "1ms"})",
      R"("recovery": "none")"));
  ASSERT_TRUE(scenario.herds[0].keep_alive);
  EXPECT_EQ(scenario.herds[0].keep_alive->every, 1s);
  EXPECT_EQ(scenario.herds[0].keep_alive->timeout, 22s);
  EXPECT_EQ(scenario.herds[0].set_round_trip, 10s);
}

TEST(ScenarioClocks, AreOffByAConstantAndByMoreWithTime) {
  struct Row {
    std::string_view text;
    ClockSkew skew;
  };
  const Row kRows[] = {
      {R"("-20ms")", {-20ms, 0}},
      {R"({"offset": "+1s"})", {1s, 0}},
      {R"({"drift": "100ppm"})", {0s, 100'000}},
      {R"({"offset": "-20ms", "drift": "-0.125ppm"})", {-20ms, -125}},
      {R"({"drift": "-100000ppm"})", {0s, -100'000'000}},
  };
  for (const auto& [text, skew] : kRows) {
    const std::string key = "\"skew\": " + std::string(text);
    EXPECT_EQ(client_with(R"("server": "Ball", )" + key).skew, skew) << text;
    const HerdSpec herd = herd_with(R"("links": [], "servers": ["A", {"name": "B", )" + key + "}]");
    EXPECT_EQ(herd.servers[0].skew, ClockSkew{}) << text;
    EXPECT_EQ(herd.servers[1].skew, skew) << text;
  }
}

TEST(ScenarioLinks, Errors) {
  struct Row {
    std::string_view keys, error;
  };
  constexpr Row kRows[] = {
      {R"("link": "20ms")",
       R"(link: is a string (an object of "latency", "jitter", "bandwidth", "loss", "forward" )"
       R"(and "backward"))"},
      {R"("link": {"latency": "61s"})",
       R"(link.latency: "61s" is out of range (a duration of at most 60s, as "0s", "250us" or )"
       R"("20ms"))"},
      {R"("link": {"latncy": "1s"})", "link.latncy: unknown key (did you mean 'latency'?)"},
      {R"("link": {"up": {}})",
       R"(link.up: unknown key ("latency", "jitter", "bandwidth", "loss", "forward" or )"
       R"("backward"))"},
      {R"("link": {"forward": {"forward": {}}})",
       R"(link.forward.forward: unknown key ("latency", "jitter", "bandwidth" or "loss"))"},
      {R"("link": {"jitter": {}})",
       R"(link.jitter: has no shape (one of "uniform", "normal" or "exponential"))"},
      {R"("link": {"jitter": {"normal": "1s", "uniform": "1s"}})",
       R"(link.jitter: has several shapes (one of "uniform", "normal" or "exponential"))"},
      {R"("link": {"jitter": {"normal": "1h"}})",
       R"(link.jitter.normal: "1h" is out of range (a duration of at most 60s, as "0s", "250us" )"
       R"(or "20ms"))"},
      {R"("link": {"bandwidth": "10Mbit/s"})",
       R"(link.bandwidth: "10Mbit/s" is not a bandwidth that can be used (from 1bit/s to )"
       R"(1000gbit/s, as "56kbit/s" or "10mbit/s", or "unlimited"))"},
      {R"("link": {"bandwidth": "0.1bit/s"})",
       R"(link.bandwidth: "0.1bit/s" is out of range (from 1bit/s to )"
       R"(1000gbit/s, as "56kbit/s" or "10mbit/s", or "unlimited"))"},
      {R"("link": {"loss": 0.91})",
       R"(link.loss: 0.91 is out of range (a share from 0 to 0.9, as 0.01 or "1%"))"},
      {R"("link": {"loss": "-1%"})",
       R"(link.loss: "-1%" is not a share that can be used (a share from 0 to 0.9, as 0.01 or )"
       R"("1%"))"},
      {R"("link_overrides": [{"loss": 0}])",
       R"(link_overrides.0.link: is missing (two servers, as ["Alford", "Welsh"]))"},
      {R"("link_overrides": [{"link": ["Alford", "Ball"], "loss": 0}])",
       R"(link_overrides.0.link: there is no link of "Alford" and "Ball" )"
       "(two servers that are linked)"},
      {R"("link_overrides": [{"link": ["Alford", "Wels"], "loss": 0}])",
       R"(link_overrides.0.link.1: there is no server "Wels" (did you mean 'Welsh'?))"},
      {R"("link_overrides": [{"link": ["Alford", "Welsh"], "loss": 0},
                             {"link": ["Welsh", "Alford"], "loss": 0}])",
       "link_overrides.1.link: is listed already (each link once, in either order)"},
      {R"("link_overrides": [{"link": ["Alford", "Welsh"], "forward": {}}])",
       R"(link_overrides.0: changes nothing ("latency", "jitter", "bandwidth", "loss", "forward" )"
       R"(or "backward"))"},
      {R"("keepalive": "on")", R"(keepalive: "on" is not known here ("off"))"},
      {R"("link": {"latency": "40ms"}, "keepalive": {"every": "20ms", "timeout": "100ms"})",
       "keepalive: lets go of a link before it has come up: its latencies add up to more "
       R"((a "timeout" above "every" and the longest way there and back together))"},
      {R"("link": {"latency": "2s"}, "keepalive": {"every": "2s"})",
       "keepalive: lets go of a link before it has come up: its latencies add up to more "
       R"((a "timeout" above "every" and the longest way there and back together))"},
      {R"("keepalive": {"every": "2s", "timeout": "3999ms"})",
       R"(keepalive.timeout: is less than twice "every" (at least twice "every"))"},
      {R"("keepalive": {"every": "999us"})",
       R"(keepalive.every: "999us" is out of range (a duration from 1ms to 8760h, as "500ms", )"
       R"("2s" or "1min"))"},
      {R"("links": [], "servers": [{"name": "A", "skew": {}}])",
       R"(servers.0.skew: says nothing of the clock ("offset", "drift" or both))"},
      {R"("links": [], "servers": [{"name": "A", "skew": {"drift": "100000.001ppm"}}])",
       R"(servers.0.skew.drift: "100000.001ppm" is out of range (from -100000ppm to 100000ppm )"
       R"(with at most three decimals, as "100ppm" or "-0.5ppm"))"},
  };
  for (const auto& [keys, error] : kRows) {
    EXPECT_EQ(error_of(text_of(", " + std::string(keys), "")), "herds.0." + std::string(error))
        << keys;
  }
}

TEST(ScenarioLinks, OneMistakeIsNotReportedTwice) {
  // Wrong servers and links cause no errors in overrides.
  EXPECT_EQ(error_of(text_of(R"(, "servers": ["A", "B b"], "links": [["A", "B"]],
      "link_overrides": [{"link": ["A", "C"], "loss": 0}])",
                             "")),
            R"(herds.0.servers.1: "B b" is not a name (1 to 64 of A-Z a-z 0-9 . _ -))");
  EXPECT_EQ(error_of(text_of(R"(, "links": "rings",
      "link_overrides": [{"link": ["Ball", "Alford"], "loss": 0}])",
                             "")),
            R"(herds.0.links: "rings" is not known here (did you mean 'ring'?))");
}

}  // namespace
}  // namespace sim
