// The error messages for wrong herds, as whole lines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "sim/script/read/load_scenario.h"
#include "tests/sim/script/scenario_errors_support.h"

namespace sim {
namespace {

using test::ErrorCase;
using test::errors_of;
using testing::ElementsAre;

TEST(ScenarioErrors, LoopsNeedServersOfOurOwnAndRealTime) {
  const auto errors_of_herd = [](const std::string& herd, const LoadOptions& options = {}) {
    return errors_of(R"({"name": "t", "duration": "10s", "herds": [{"name": "a",)" + herd + "}]}",
                     options);
  };
  EXPECT_THAT(errors_of_herd(R"("loops": 5)"), ElementsAre("no errors"));
  EXPECT_THAT(errors_of_herd(R"("loops": 6)"),
              ElementsAre("t.json:1: herds.0.loops: is 6 for 5 servers (at most one for each "
                          "server)"));
  EXPECT_THAT(errors_of_herd(R"("servers": 1, "links": [], "loops": 2)"),
              ElementsAre("t.json:1: herds.0.loops: is 2 for 1 server (at most one for each "
                          "server)"));
  EXPECT_THAT(errors_of_herd(R"("servers": 99, "links": "ring", "loops": 65)"),
              ElementsAre("t.json:1: herds.0.loops: 65 is out of range (a whole number from 1 to "
                          "64)"));
  LoadOptions in_virtual_time;
  in_virtual_time.clock = "virtual";
  EXPECT_THAT(errors_of_herd(R"("loops": 1)", in_virtual_time), ElementsAre("no errors"));
  EXPECT_THAT(errors_of_herd(R"("loops": 2)", in_virtual_time),
              ElementsAre(R"(t.json:1: herds.0.loops: is 2, and virtual time has one loop for all )"
                          R"((1, or "clock": "live"))"));
  EXPECT_THAT(
      errors_of_herd(R"("servers": ["A", "B"], "links": "line", "loops": 2,)"
                     R"("engine": {"command": ["x", "{server}", "{port}", "{neighbors}"]})"),
      ElementsAre("t.json:1: herds.0.loops: is of our own servers, and these are another "
                  R"(program's (leave it out, or "engine": "native"))"));
}

TEST(ScenarioErrors, OfHerds) {
  constexpr ErrorCase kRows[] = {
      {"unknown scheme", R"("propagation": "multicast")",
       R"(propagation: "multicast" is not known here ("flood-echo", "flood", "source-tree", )"
       R"("plumtree", "gossip" or "gossipsub"))"},
      {"unknown places", R"("places": "embeded")",
       R"(places: "embeded" is not known here (did you mean 'embedded'?))"},
      {"places of another type", R"("places": 3)",
       R"(places: is a number ("embedded", or an object with a "provider"))"},
      {"google alone", R"("places": "google")",
       R"(places: "google" has no "key_env" ({"provider": "google", "key_env": NAME}))"},
      {"google without a key", R"("places": {"provider": "google"})",
       "places.key_env: is missing (the name of the environment variable that holds the key, "
       R"(which ends in _API_KEY, as "GOOGLE_PLACES_API_KEY"))"},
      {"a key is not repeated", R"("places": {"provider": "google", "key_env": "AIza-secret"})",
       "places.key_env: is not the name of a variable for API keys (the name of the environment "
       R"(variable that holds the key, which ends in _API_KEY, as "GOOGLE_PLACES_API_KEY"))"},
      {"another secret of the environment",
       R"("places": {"provider": "google", "key_env": "GITHUB_TOKEN"})",
       "places.key_env: is not the name of a variable for API keys (the name of the environment "
       R"(variable that holds the key, which ends in _API_KEY, as "GOOGLE_PLACES_API_KEY"))"},
      {"a URL with a key is not repeated",
       R"("places": {"provider": "google", "key_env": "K_API_KEY", "base_url": "http://x/?key=secret"})",
       "places.base_url: is not a URL that can be used (https, a host, maybe a port and a path, as "
       R"("https://maps.googleapis.com"; http only to 127.0.0.1, [::1] or localhost, because )"
       R"(the key goes there))"},
      {"a key over plain HTTP",
       R"("places": {"provider": "google", "key_env": "K_API_KEY", "base_url": "http://a.example"})",
       "places.base_url: is not a URL that can be used (https, a host, maybe a port and a path, as "
       R"("https://maps.googleapis.com"; http only to 127.0.0.1, [::1] or localhost, because )"
       R"(the key goes there))"},
      {"too few records", R"("max_records": 0)",
       "max_records: 0 is out of range (a whole number from 1 to 100000000)"},
      {"decimal megabytes", R"("max_bytes": "64MB")",
       R"(max_bytes: "64MB" is not a size that can be used (a size from 16KiB to 1024GiB, as )"
       R"("256MiB"))"},
      {"too few bytes", R"("max_bytes": "1KiB")",
       R"(max_bytes: "1KiB" is out of range (a size from 16KiB to 1024GiB, as "256MiB"))"},
      {"key of google", R"("places": {"base_url": "http://127.0.0.1"})",
       R"(places.base_url: belongs to "google", not to "embedded" ("embedded" takes "latency", )"
       R"("fail", "cut", "quota", "data", "connect_timeout" and "timeout"))"},
      {"key of embedded",
       R"("places": {"provider": "google", "key_env": "K_API_KEY", "latency": "1s"})",
       R"(places.latency: belongs to "embedded", not to "google" ("google" takes "key_env", )"
       R"("base_url", "connect_timeout" and "timeout"))"},
      {"share", R"("places": {"cut": -0.5})",
       "places.cut: -0.5 is out of range (a number from 0 to 1)"},
      {"quota", R"("places": {"quota": -1})",
       "places.quota: -1 is out of range (a whole number from 0 to 1000000000)"},
      {"time-out", R"("places": {"timeout": "999us"})",
       R"(places.timeout: "999us" is out of range (a duration from 1ms to 8760h, as "500ms", )"
       R"("2s" or "1min"))"},
      {"time-outs", R"("places": {"connect_timeout": "6s"})",
       R"(places.connect_timeout: is above "timeout" (at most "timeout", which is 5s by default))"},
      {"no data", R"("places": {"data": "no-such.csv"})",
       R"(places.data: "no-such.csv" cannot be read: No such file or directory )"
       "(a CSV or GeoJSON file, from the scenario file's folder)"},
      {"unknown recovery", R"("recovery": "sink")",
       R"(recovery: "sink" is not known here (did you mean 'sync'?))"},
      {"unknown order", R"("order": "server-times")",
       R"(order: "server-times" is not known here (did you mean 'server-time'?))"},
      {"order as a number", R"("order": 1)",
       R"(order: is a number ("client-time" or "server-time"))"},
      {"engine without a list", R"("engine": {"command": "x", "ports": [1, 2, 3, 4, 5]})",
       R"(engine.command: is a string (a list of the program and its arguments, as ["python3", "herd.py", "{server}"]))"},
      {"link twice", R"("links": [["Ball", "Welsh"], ["Welsh", "Ball"]])",
       "links.1: is listed already (each link once, in either order)"},
      {"link to itself", R"("links": [["Ball", "Ball"]])",
       R"(links.0: links "Ball" with itself (two servers, as ["Alford", "Welsh"]))"},
      {"link of nobody", R"("links": [["Ball", "Wells"]])",
       R"(links.0.1: there is no server "Wells" (did you mean 'Welsh'?))"},
      {"no links", R"("servers": 2)",
       "links: is missing; only the paper's five servers have links of their own (a list of "
       R"(pairs, "paper", "ring", "line", "star", "complete", "tree", {"regular": K} or )"
       R"({"grid": [W, H]}))"},
      {"impossible links", R"("servers": 2, "links": "ring")",
       "links: a ring cannot be made of 2 server(s) (at least 3 servers)"},
      {"server twice", R"("servers": ["A", "A"], "links": "line")",
       R"(servers.1: there is a server "A" already (a name for each))"},
      {"port twice", R"("links": [], "servers": [{"name": "A", "host": "::1", "port": 9},
        {"name": "B", "host": "0:0::1", "port": 9}])",
       "servers.1.port: port 9 of ::1 is taken by herds.0.servers.0 "
       "(a port for each, or 0 for any free one)"},
  };
  for (const auto& [name, members, error] : kRows) {
    SCOPED_TRACE(name);
    const ScenarioErrors errors =
        errors_of(R"({"name": "t", "duration": "1s", "herds": [{"name": "a", )" +
                  std::string(members) + "}]}");
    ASSERT_EQ(errors.size(), 1U) << testing::PrintToString(errors);
    EXPECT_EQ(errors[0].substr(errors[0].find("herds.0.")), "herds.0." + std::string(error));
  }
}

TEST(ScenarioErrors, NamesMustBeKnownInEveryHerdConcerned) {
  const auto errors = [](const std::string& rest) {
    return errors_of(R"({"name": "t", "duration": "1s", "herds": [
      {"name": "a", "servers": ["X", "Y"], "links": "line"},
      {"name": "b", "servers": ["X", "Z"], "links": []},
      {"name": "c", "servers": ["X", "Z"], "links": "line"}], )" +
                     rest + "}");
  };
  EXPECT_THAT(errors(R"("clients": [{"id": "c", "server": "Y"}])"),
              ElementsAre(R"(t.json:4: clients.0.server: there is no server "Y" in herd "b" and 1 )"
                          R"(more ("X" or "Z"))"));
  EXPECT_THAT(
      errors(R"("events": [{"at": "0s", "do": "burst", "server": "Z", "updates": 1}])"),
      ElementsAre(R"(t.json:4: events.0.server: there is no server "Z" in herd "a" ("X" or "Y"))"));
  EXPECT_THAT(errors(R"("events": [{"at": "0s", "do": "burst", "server": "Z", "updates": 1,
      "herd": "c"}, {"at": "0s", "do": "link_down", "link": ["Z", "X"], "herd": "c"}])"),
              ElementsAre("no errors"));
  EXPECT_THAT(
      errors(R"("events": [{"at": "0s", "do": "link_down", "link": ["Z", "X"], "herd": "b"}])"),
      ElementsAre(R"(t.json:4: events.0.link: there is no link of "Z" and "X" in herd "b" )"
                  R"((two servers that are linked in each herd concerned))"));
}

TEST(ScenarioErrors, PlacesMustBeEmbeddedInEveryHerdConcerned) {
  const auto errors = [](const std::string& event) {
    return errors_of(R"({"name": "t", "duration": "1s", "herds": [
      {"name": "a"}, {"name": "b", "places": {"provider": "google", "key_env": "K_API_KEY"}}],
      "events": [{"at": "0s", "do": "set_places", "fail": 1)" +
                     event + "}]}");
  };
  const std::string there_are_none =
      R"(t.json:3: events.0.do: there are no embedded places in herd "b" )"
      R"((herds whose "places" are "embedded"))";
  EXPECT_THAT(errors(""), ElementsAre(there_are_none));
  EXPECT_THAT(errors(R"(, "herd": "b")"), ElementsAre(there_are_none));
  EXPECT_THAT(errors(R"(, "herd": "a")"), ElementsAre("no errors"));
}

}  // namespace
}  // namespace sim
