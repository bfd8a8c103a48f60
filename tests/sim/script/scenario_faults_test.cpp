// Faults in scenarios.

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tests/sim/script/scenario_support.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using test::error_of;
using test::event_with;
using test::text_of;

template <class Action>
Action read(std::string_view keys) {
  const Event event = event_with(keys);
  EXPECT_TRUE(std::holds_alternative<Action>(event.action)) << keys;
  const auto* action = std::get_if<Action>(&event.action);
  return action != nullptr ? *action : Action{};
}

TEST(ScenarioFaults, CutsOfLinks) {
  struct Row {
    std::string_view how;
    CutHow cut;
  };
  constexpr Row kRows[] = {{"", CutHow::kClose},
                           {R"(, "how": "close")", CutHow::kClose},
                           {R"(, "how": "reset")", CutHow::kReset},
                           {R"(, "how": "blackhole")", CutHow::kBlackhole}};
  for (const auto& [how, cut] : kRows) {
    const auto down =
        read<LinkDownEvent>(R"("do": "link_down", "link": ["Welsh", "Ball"])" + std::string(how));
    EXPECT_EQ(down.first + down.second, "WelshBall") << how;
    EXPECT_EQ(down.how, cut) << how;
    const auto partition =
        read<PartitionEvent>(R"("do": "partition", "groups": [["Ball"]])" + std::string(how));
    EXPECT_EQ(partition.how, cut) << how;
    const auto flap = read<FlapEvent>(
        R"("do": "flap", "link": ["Welsh", "Ball"], "up": "1s", "down": "2s", "over": "3s")" +
        std::string(how));
    EXPECT_EQ(flap.how, cut) << how;
  }
}

TEST(ScenarioFaults, CutsOfOneDirection) {
  const std::string_view kinds[] = {R"("do": "partition", "groups": [["Ball"]])",
                                    R"("do": "link_down", "link": ["Welsh", "Ball"])"};
  const auto cut_of = [](const std::string& keys) -> std::pair<CutHow, CutWays> {
    const Event event = event_with(keys);
    if (const auto* down = std::get_if<LinkDownEvent>(&event.action)) {
      return {down->how, down->ways};
    }
    const auto& partition = std::get<PartitionEvent>(event.action);
    return {partition.how, partition.ways};
  };
  for (const std::string_view kind : kinds) {
    const auto cut = [&](std::string_view more) { return cut_of(std::string(kind).append(more)); };
    EXPECT_EQ(cut(""), std::pair(CutHow::kClose, CutWays::kBoth));
    EXPECT_EQ(cut(R"(, "direction": "both")"), std::pair(CutHow::kClose, CutWays::kBoth));
    EXPECT_EQ(cut(R"(, "direction": "both", "how": "reset")"),
              std::pair(CutHow::kReset, CutWays::kBoth));
    EXPECT_EQ(cut(R"(, "direction": "forward")"), std::pair(CutHow::kBlackhole, CutWays::kForward));
    EXPECT_EQ(cut(R"(, "direction": "backward", "how": "blackhole")"),
              std::pair(CutHow::kBlackhole, CutWays::kBackward));
    const std::string keys = std::string(kind) + R"(, "direction": "forward", "how": "close")";
    EXPECT_EQ(error_of(text_of("", R"(, "events": [{"at": "1s", )" + keys + "}]")),
              "events.0.how: ends the connections of a link in both directions (\"blackhole\" with "
              "one \"direction\", or \"both\")");
  }
}

TEST(ScenarioFaults, PartitionsAndTheirEnd) {
  const auto partition =
      read<PartitionEvent>(R"("do": "partition", "groups": [["Ball", "Welsh"], ["Alford"]])");
  EXPECT_EQ(partition.groups,
            (std::vector<std::vector<std::string>>{{"Ball", "Welsh"}, {"Alford"}}));
  read<HealEvent>(R"("do": "heal")");
}

TEST(ScenarioFaults, Servers) {
  EXPECT_EQ(read<ServerDownEvent>(R"("do": "server_down", "server": "Ball")").server, "Ball");
  EXPECT_EQ(read<ServerUpEvent>(R"("do": "server_up", "server": "Ball")").server, "Ball");
  EXPECT_EQ(read<PauseEvent>(R"("do": "pause", "server": "Ball")").server, "Ball");
  EXPECT_EQ(read<ResumeEvent>(R"("do": "resume", "server": "Ball")").server, "Ball");
}

TEST(ScenarioFaults, SetLinkNamesWhatChanges) {
  const auto all = read<SetLinkEvent>(R"("do": "set_link", "latency": "5ms",
      "forward": {"loss": "1%"}, "backward": {"latency": "7ms", "bandwidth": "unlimited"})");
  EXPECT_FALSE(all.link.has_value());
  EXPECT_EQ(all.change.forward.latency, 5ms);
  EXPECT_EQ(all.change.forward.loss, 0.01);
  EXPECT_FALSE(all.change.forward.bandwidth_bps || all.change.forward.jitter);
  EXPECT_EQ(all.change.backward.latency, 7ms);
  EXPECT_EQ(all.change.backward.bandwidth_bps, 0);
  EXPECT_FALSE(all.change.backward.loss || all.change.backward.jitter);
  const auto one =
      read<SetLinkEvent>(R"("do": "set_link", "link": ["Welsh", "Ball"], "jitter": "1ms")");
  EXPECT_EQ(one.link, (ServerPair{"Welsh", "Ball"}));
  EXPECT_EQ(one.change.forward.jitter, (Jitter{JitterShape::kUniform, 1ms}));
}

TEST(ScenarioFaults, Flapping) {
  const auto link = read<FlapEvent>(
      R"("do": "flap", "link": ["Welsh", "Ball"], "up": "2s", "down": "500ms", "over": "9s")");
  EXPECT_EQ(std::get<ServerPair>(link.what), (ServerPair{"Welsh", "Ball"}));
  EXPECT_EQ(link.up, 2s);
  EXPECT_EQ(link.down, 500ms);
  EXPECT_EQ(link.over, 9s);
  const auto server = read<FlapEvent>(
      R"("do": "flap", "server": "Ball", "up": "1ms", "down": "1h", "over": "1ns")");
  EXPECT_EQ(std::get<std::string>(server.what), "Ball");
}

TEST(ScenarioFaults, Chaos) {
  const auto all = read<ChaosEvent>(R"("do": "chaos", "over": "9s", "lasting": "500ms",
      "link_down": "6/min", "blackhole": "1/s", "server_down": "1/h", "pause": "1000/s",
      "partition": "2/min")");
  EXPECT_EQ(all.over, 9s);
  EXPECT_EQ(all.lasting, 500ms);
  EXPECT_EQ(all.link_down, 10s);
  EXPECT_EQ(all.blackhole, 1s);
  EXPECT_EQ(all.server_down, 1h);
  EXPECT_EQ(all.pause, 1ms);
  EXPECT_EQ(all.partition, 30s);
  const auto one =
      read<ChaosEvent>(R"("do": "chaos", "over": "9s", "lasting": "500ms", "pause": "1/s")");
  EXPECT_FALSE(one.link_down || one.blackhole || one.server_down || one.partition);
}

TEST(ScenarioFaults, Errors) {
  struct Row {
    std::string_view keys, error;
  };
  constexpr Row kRows[] = {
      {R"("do": "link_down", "link": ["Welsh", "Ball"], "how": "rest")",
       R"(events.0.how: "rest" is not known here (did you mean 'reset'?))"},
      {R"("do": "link_up", "link": ["Welsh", "Ball"], "how": "reset")",
       R"(events.0.how: belongs to "link_down", not to "link_up" ("link_up" takes "link"))"},
      {R"("do": "partition", "groups": [])",
       R"(events.0.groups: is empty (a list of at least one group, as [["Alford", "Hamilton"], )"
       R"(["Ball"]]))"},
      {R"("do": "partition", "groups": [["Ball"], []])",
       "events.0.groups.1: is empty (a list of at least one server)"},
      {R"("do": "partition", "groups": [["Ball"], ["Welsh", "Ball"]])",
       R"(events.0.groups.1.1: server "Ball" is in a group already (each server in one group))"},
      {R"("do": "partition", "groups": [["Bell"]])",
       R"(events.0.groups.0.0: there is no server "Bell" in herd "a" (did you mean 'Ball'?))"},
      {R"("do": "partition", "groups": [["Alford", "Ball", "Hamilton", "Holiday", "Welsh"]])",
       R"(events.0.groups: cuts no link in herd "a" (groups that have links between them))"},
      {R"("do": "heal", "groups": [["Ball"]])",
       R"(events.0.groups: belongs to "partition", not to "heal" ("heal" takes none))"},
      {R"("do": "server_down")", "events.0.server: is missing (a server's name)"},
      {R"("do": "pause", "server": "Bell")",
       R"(events.0.server: there is no server "Bell" in herd "a" (did you mean 'Ball'?))"},
      {R"("do": "set_link", "link": ["Welsh", "Ball"])",
       R"(events.0: changes nothing ("latency", "jitter", "bandwidth", "loss", "forward" or )"
       R"("backward"))"},
      {R"("do": "set_link", "link": ["Welsh", "Holiday"], "loss": 0)",
       R"(events.0.link: there is no link of "Welsh" and "Holiday" in herd "a" (two servers that )"
       "are linked in each herd concerned)"},
      {R"("do": "set_link", "fail": 1, "loss": 0)",
       R"(events.0.fail: belongs to "set_places", not to "set_link" ("set_link" takes "link", )"
       R"("latency", "jitter", "bandwidth", "loss", "forward" and "backward"))"},
      {R"("do": "flap", "up": "1s", "down": "1s", "over": "1s")",
       R"(events.0: flaps nothing ("link" or "server"))"},
      {R"("do": "flap", "link": ["Welsh", "Ball"], "server": "Ball", "up": "1s", "down": "1s",
          "over": "1s")",
       R"(events.0: flaps both a link and a server ("link" or "server"))"},
      {R"("do": "flap", "server": "Ball", "how": "close", "up": "1s", "down": "1s", "over": "1s")",
       R"(events.0.how: is of links alone ("link" instead of "server"))"},
      {R"("do": "flap", "server": "Ball", "up": "999us", "down": "1s", "over": "1s")",
       R"(events.0.up: "999us" is out of range (a duration from 1ms to 8760h, as "500ms", "2s" or )"
       R"("1min"))"},
      {R"("do": "flap", "server": "Ball", "up": "1s", "down": "1s", "over": "9001ms")",
       "events.0.over: the flapping goes on after the end of the script (`at` and `over` together "
       "at most `duration`)"},
      {R"("do": "chaos", "over": "9001ms", "lasting": "1s", "pause": "1/s")",
       "events.0.over: the chaos goes on after the end of the script (`at` and `over` together "
       "at most `duration`)"},
      {R"("do": "chaos", "over": "9s", "lasting": "1s")",
       R"(events.0: does nothing ("link_down", "blackhole", "server_down", "pause" or )"
       R"("partition"))"},
      {R"("do": "chaos", "over": "9s", "lasting": "1s", "pause": "1001/s")",
       R"(events.0.pause: "1001/s" is out of range (a rate from one in 8760h to 1000/s, as )"
       R"("6/min"))"},
      {R"("do": "chaos", "over": "9s", "lasting": "1s", "pause": "0/s")",
       R"(events.0.pause: "0/s" is not a rate that can be used (a rate from one in 8760h to one )"
       R"(in 1ns, as "10/s", "600/min" or "1/h"))"},
  };
  for (const auto& [keys, error] : kRows) {
    EXPECT_EQ(error_of(text_of("", R"(, "events": [{"at": "1s", )" + std::string(keys) + "}]")),
              error)
        << keys;
  }
}

TEST(ScenarioFaults, OfLinksNeedLinksInEveryHerdConcerned) {
  const auto error = [](std::string_view event) {
    return error_of(R"({"name": "t", "duration": "10s", "herds": [
        {"name": "a"}, {"name": "b", "servers": ["A", "B"], "links": []}],
        "events": [{"at": "1s", )" +
                    std::string(event) + "}]}");
  };
  const std::string none = R"(events.0.do: there are no links in herd "b" (herds that have links))";
  const std::string chaos = R"("do": "chaos", "over": "1s", "lasting": "1s", )";
  EXPECT_EQ(error(R"("do": "set_link", "loss": 0)"), none);
  EXPECT_EQ(error(chaos + R"("link_down": "1/s")"), none);
  EXPECT_EQ(error(chaos + R"("blackhole": "1/s")"), none);
  EXPECT_EQ(error(chaos + R"("partition": "1/s")"), none);
  EXPECT_EQ(error(chaos + R"("server_down": "1/s", "pause": "1/s")"), "no errors");
  EXPECT_EQ(error(R"("do": "set_link", "loss": 0, "herd": "a")"), "no errors");
  EXPECT_EQ(error(R"("do": "partition", "groups": [["A"]], "herd": "b")"),
            R"(events.0.groups: cuts no link in herd "b" (groups that have links between them))");
}

}  // namespace
}  // namespace sim
