// Scenarios with a herd that is served elsewhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

#include "tests/sim/script/scenario_errors_support.h"

namespace sim {
namespace {

using test::ErrorCase;
using test::errors_of;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kServersWithPorts =
    R"("servers": [{"name": "A", "port": 4001}, {"name": "B", "port": 4002}], "links": "line")";

// Returns a scenario with one herd, whose engine has these members.
std::string served_text(std::string_view engine, std::string_view herd = "",
                        std::string_view more = "") {
  return R"({"name": "t", "duration": "10s", "herds": [{"name": "a", )" +
         std::string(kServersWithPorts) + R"(, "engine": {)" + std::string(engine) + "}" +
         std::string(herd) + "}]" + std::string(more) + "}";
}

TEST(ServedHerdScenario, HasDefaultsForServersThatHerdsimServes) {
  const auto scenario = parse_scenario("t.json", served_text(R"("served": true)"));
  ASSERT_TRUE(scenario.ok()) << scenario.error()[0];
  const HerdSpec& herd = scenario->herds[0];
  EXPECT_TRUE(herd.is_served_elsewhere());
  EXPECT_TRUE(herd.can_be_served());
  EXPECT_FALSE(herd.reaches_links());
  EXPECT_EQ(herd.external->name, "served");
  EXPECT_TRUE(std::holds_alternative<WatchReplies>(herd.external->watch));
  EXPECT_EQ(herd.external->ready_within, std::chrono::seconds(20));
  EXPECT_EQ(herd.external->dialect.connection, ConnectionUse::kPersistent);
}

TEST(ServedHerdScenario, TakesWhatSaysHowToTalk) {
  const auto scenario = parse_scenario(
      "t.json", served_text(R"("served": true, "name": "theirs", "line_ending": "crlf",
                          "pipelining": true, "reply_within": "1s", "ready": {"within": "3s"},
                          "observe": "whatsat")"));
  ASSERT_TRUE(scenario.ok()) << scenario.error()[0];
  const EngineSpec& engine = *scenario->herds[0].external;
  EXPECT_EQ(engine.name, "theirs");
  EXPECT_EQ(engine.dialect.line_ending, LineEnding::kCrLf);
  EXPECT_TRUE(engine.dialect.pipelining);
  EXPECT_EQ(engine.ready_within, std::chrono::seconds(3));
  EXPECT_TRUE(std::holds_alternative<WatchWhatsat>(engine.watch));
}

TEST(ServedHerdScenario, AnEngineWithACommandIsNotServedElsewhere) {
  const auto scenario = parse_scenario("t.json", served_text(R"("command": ["x", "{port}"])"));
  ASSERT_TRUE(scenario.ok()) << scenario.error()[0];
  EXPECT_FALSE(scenario->herds[0].is_served_elsewhere());
  EXPECT_FALSE(scenario->herds[0].can_be_served());
  EXPECT_EQ(scenario->herds[0].external->name, "external");
}

TEST(ServedHerdScenario, RefusesKeysOfProgramsThatHerdsimStarts) {
  constexpr std::string_view kOfPrograms =
      R"(: is of programs that herdsim starts, and these servers run elsewhere )";
  for (const std::string member :
       {R"("command": ["x"])", R"("per": "herd")", R"("cwd": "x")", R"("env": {"X": "y"})",
        R"("ports": [1, 2])", R"("stop": "SIGINT")", R"("stop_within": "1s")",
        R"("links": "persistent")"}) {
    const std::string key = member.substr(1, member.find('"', 1) - 1);
    EXPECT_THAT(errors_of(served_text(R"("served": true, )" + member)),
                ElementsAre("t.json:1: herds.0.engine." + key + std::string(kOfPrograms) +
                            R"((leave it out, or have a "command" in place of "served"))"));
  }
  for (const std::string member : {R"("output": "up")", R"("after": "1s")"}) {
    const std::string key = member.substr(1, member.find('"', 1) - 1);
    EXPECT_THAT(errors_of(served_text(R"("served": true, "ready": {)" + member + "}")),
                ElementsAre("t.json:1: herds.0.engine.ready." + key + std::string(kOfPrograms) +
                            R"(("within" alone))"));
  }
}

TEST(ServedHerdScenario, RefusesWhatCannotBe) {
  constexpr ErrorCase kRows[] = {
      {"neither", R"("name": "x")",
       R"(command: is missing (a list of the program and its arguments; or "served": true, if the )"
       "servers run already)"},
      {"not served", R"("served": false)",
       R"(served: says where the servers are not (true, or a "command" in place of "served"))"},
      {"not a flag", R"("served": "yes")", "served: is a string (true or false)"},
      {"links", R"("served": true, "observe": "links")",
       "observe: cannot be: the links of servers that are served elsewhere do not run through "
       R"(herdsim ("replies" or "whatsat"))"},
      {"a log", R"("served": true, "observe": {"log": "(?P<client>x) (?P<time>y)z"})",
       "observe: is a log, and servers that are served elsewhere write theirs there "
       R"(("replies" or "whatsat"))"},
      {"misspelt", R"("served": true, "observe": "replys")",
       R"(observe: "replys" is not known here (did you mean 'replies'?))"},
  };
  for (const auto& [name, members, error] : kRows) {
    SCOPED_TRACE(name);
    EXPECT_THAT(errors_of(served_text(members)),
                ElementsAre("t.json:1: herds.0.engine." + std::string(error)));
  }
}

TEST(ServedHerdScenario, RefusesWhatIsSetWhereTheServersAreServed) {
  for (const std::string member :
       {R"("recovery": "sync")", R"("keepalive": "off")", R"("propagation": "flood")",
        R"("places": "embedded")", R"("link": {"latency": "1ms"})", R"("loops": 2)",
        R"("max_records": 5)"}) {
    const std::string key = member.substr(1, member.find('"', 1) - 1);
    EXPECT_THAT(errors_of(served_text(R"("served": true)", ", " + member)),
                ElementsAre("t.json:1: herds.0." + key +
                            ": is set where the servers are served, and this run only talks to "
                            R"(them (leave it out, or "engine": "native"))"));
  }
}

TEST(ServedHerdScenario, NeedsRealTimeAndAPortForEachServer) {
  EXPECT_THAT(errors_of(served_text(R"("served": true)", "", R"(, "clock": "virtual")")),
              ElementsAre("t.json:1: herds.0.engine: is of real programs, which take real time "
                          R"(("clock": "live"))"));
  EXPECT_THAT(
      errors_of(R"({"name": "t", "duration": "1s", "herds": [{"name": "a",
                    "engine": {"served": true}}]})"),
      ElementsAre(R"(t.json:1: herds.0.servers: server "Alford" has no port, and is served )"
                  R"(elsewhere ("host" and "port" for each server, as {"name": "Ball", )"
                  R"("host": "127.0.0.1", "port": 12001}))"));
}

TEST(ServedHerdScenario, RefusesFaultsAndTakesWhatClientsDo) {
  const auto errors_with_event = [](const std::string& event) {
    return errors_of(served_text(R"("served": true)", "",
                                 R"(, "clients": [{"id": "c", "server": "A"}],
"events": [{"at": "1s", )" + event + "}]"));
  };
  for (const std::string fault :
       {R"("do": "link_down", "link": ["A", "B"])", R"("do": "partition", "groups": [["A"]])",
        R"("do": "server_down", "server": "A")", R"("do": "pause", "server": "A")",
        R"("do": "set_link", "latency": "1ms")",
        R"("do": "flap", "server": "A", "up": "1s", "down": "1s", "over": "2s")",
        R"("do": "chaos", "over": "1s", "lasting": "1s", "pause": "1/s", "link_down": "1/s")"}) {
    EXPECT_THAT(
        errors_with_event(fault),
        ElementsAre(
            "t.json:2: events.0.do: happens to servers or links, and herdsim has no hand on "
            R"(those that are served elsewhere in herd "a" ("herd" of another one, or a )"
            R"("burst", "move" or "send" of clients))"))
        << fault;
  }
  EXPECT_THAT(errors_with_event(R"("do": "set_places", "fail": 1)"),
              ElementsAre(HasSubstr(R"(events.0.do: there are no embedded places in herd "a")")));
  for (const std::string action : {R"("do": "burst", "server": "A", "updates": 3)",
                                   R"("do": "move", "client": "c", "to": "B")",
                                   R"("do": "send", "client": "c", "line": "WHATSAT c 1 1")"}) {
    EXPECT_THAT(errors_with_event(action), ElementsAre("no errors")) << action;
  }
}

TEST(ServedHerdScenario, CanTakeThePlaceOfANativeHerd) {
  LoadOptions options;
  options.overrides = {{"herds.0.engine", R"({"served": true})"}};
  const auto scenario = parse_scenario(
      "t.json",
      R"({"name": "t", "duration": "1s", "herds": [{"name": "a", "recovery": "sync", )" +
          std::string(kServersWithPorts) + "}]}",
      options);
  ASSERT_TRUE(scenario.ok()) << scenario.error()[0];
  EXPECT_TRUE(scenario->herds[0].is_served_elsewhere());
  EXPECT_THAT(scenario->warnings,
              ElementsAre("t.json:1: herds.0.recovery: warning: is left out, because this herd is "
                          "now served elsewhere (tell the herdsim serve that hosts it)"));
}

}  // namespace
}  // namespace sim
