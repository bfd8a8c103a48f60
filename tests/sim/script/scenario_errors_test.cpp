// The error messages for wrong scenarios, as whole lines.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "sim/script/read/load_scenario.h"

namespace sim {
namespace {

using testing::ElementsAre;

ScenarioErrors errors_of(const std::string& text, const LoadOptions& options = {}) {
  const auto scenario = parse_scenario("t.json", text, options);
  return scenario.ok() ? ScenarioErrors{"no errors"} : scenario.error();
}

// Returns the errors of a scenario with one client, `c`. The interesting members are on line 2.
ScenarioErrors errors_with(std::string_view members, const LoadOptions& options = {}) {
  return errors_of(R"({"name": "t", "duration": "10s", "herds": [{"name": "a"}],)"
                   "\n" +
                       std::string(members) + "}",
                   options);
}

TEST(ScenarioErrors, ReportsAllAtOnceInTheOrderOfTheLines) {
  EXPECT_THAT(
      errors_of(R"({
  "expect": [{"herd": "b", "metric": "mesages", "max": "3"}],
  "events": [
    {"at": "11s", "do": "link_down", "link": ["Alford", "Ball"]},
    {"at": "1s", "do": "move", "client": "d", "to": "Welch"},
    {"at": "1s", "do": "partiton", "groups": [["Alford"], ["Ball"]]},
    {"at": "1s", "do": "burst", "server": "Ball", "updates": 5, "line": "x"}
  ],
  "clients": [{"id": "client", "server": "Bal", "lnik": {}}],
  "duration": "10s",
  "drian": "2s",
  "herds": [
    {"name": "aa", "propagation": "floood"}
  ]
})"),
      ElementsAre(
          "t.json:1: name: is missing (the run's name)",
          R"(t.json:2: expect.0.herd: there is no herd "b" ("aa"))",
          R"(t.json:2: expect.0.metric: "mesages" is not a metric (did you mean 'messages'?))",
          R"(t.json:2: expect.0.max: is a string (a number))",
          R"(t.json:4: events.0.at: is after the end of the script (at most `duration`))",
          R"(t.json:4: events.0.link: there is no link of "Alford" and "Ball" in herd "aa" )"
          R"((two servers that are linked in each herd concerned))",
          R"(t.json:5: events.1.client: there is no client "d" )"
          R"((an id of a client group's member))",
          R"(t.json:5: events.1.to: there is no server "Welch" in herd "aa" )"
          R"((did you mean 'Welsh'?))",
          R"(t.json:6: events.2.do: "partiton" is not known here (did you mean 'partition'?))",
          R"(t.json:7: events.3.line: belongs to "send", not to "burst" )"
          R"(("burst" takes "server", "updates", "clients" and "over"))",
          R"(t.json:9: clients.0.server: there is no server "Bal" in herd "aa" )"
          R"((did you mean 'Ball'?))",
          "t.json:9: clients.0.lnik: unknown key (did you mean 'link'?)",
          "t.json:11: drian: unknown key (did you mean 'drain'?)",
          R"(t.json:13: herds.0.propagation: "floood" is not known here )"
          R"((did you mean 'flood'?))"));
}

struct Row {
  std::string_view name, members, error;
};

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

TEST(ScenarioErrors, Table) {
  constexpr Row kRows[] = {
      {"wrong type", R"("about": 3)", "about: is a number (a sentence)"},
      {"unknown key without a near one", R"("zzz": 3)",
       R"(zzz: unknown key ("name", "about", "seed", "clock", "duration", "drain", "record", )"
       R"("messages", "herds", "clients", "events", "expect", ...))"},
      {"a sweep where one scenario is needed", R"("sweep": {"seed": [1, 2]})",
       "sweep: makes many scenarios of this one, and here one is needed (leave it out, as by --set "
       "sweep=null)"},
      {"unknown clock", R"("clock": "virtul")",
       R"(clock: "virtul" is not known here (did you mean 'virtual'?))"},
      {"a model that live herds do not have", R"("service_time": "20us")",
       R"(service_time: is a model that only virtual time has ("clock": "virtual", or leave it )"
       R"(out))"},
      {"long service", R"("clock": "virtual", "service_time": "61s")",
       R"(service_time: "61s" is out of range (a duration of at most 60s, as "20us"))"},
      {"unknown wire", R"("clock": "virtual", "wire": "texts")",
       R"(wire: "texts" is not known here (did you mean 'text'?))"},
      {"whole number", R"("seed": 1.5)",
       "seed: 1.5 is not a whole number (a whole number from 0 to 9223372036854775807)"},
      {"range", R"("seed": -1)",
       "seed: -1 is out of range (a whole number from 0 to 9223372036854775807)"},
      {"control characters stay out", R"("record": "a\n\u001b[1m")",
       R"(record: "a\x0a\x1b[1m" is not known here ("summary", "updates" or "deliveries"))"},
      {"key with a line end", R"("a\nb": 1)",
       R"(a\x0ab: unknown key ("name", "about", "seed", "clock", "duration", "drain", "record", )"
       R"("messages", "herds", "clients", "events", "expect", ...))"},
      {"duration", R"("drain": "2 s")",
       R"(drain: "2 s" is not a duration that can be used (a duration of at most 8760h, as "0s", )"
       R"("250us", "20ms", "5s", "2min" or "1h"))"},
      {"one id for many", R"("clients": [{"id": "c", "count": 2, "server": "Ball"}])",
       R"(clients.0.id: gives 2 clients one id ({n} in it for the member's number, as "c-{n}"))"},
      {"id twice",
       R"("clients": [{"id": "c{n}", "count": 2, "server": "Ball"}, {"id": "c1", "server": "Ball"}])",
       R"(clients.1.id: there is a client "c1" already (an id for each client of all groups))"},
      {"reserved id", R"("clients": [{"id": "burst-1", "server": "Ball"}])",
       R"(clients.0.id: "burst-1" is reserved for the clients of a burst )"
       R"((an id that does not begin with "burst-"))"},
      {"client id misspelt",
       R"("clients": [{"id": "phone-{n}", "count": 3, "server": "Ball"}],)"
       R"( "events": [{"at": "1s", "do": "move", "client": "phnoe-2", "to": "Ball"}])",
       R"(events.0.client: there is no client "phnoe-2" (did you mean 'phone-2'?))"},
      {"burst beyond the end",
       R"("events": [{"at": "9s", "do": "burst", "server": "Ball", "updates": 1, "over": "1001ms"}])",
       "events.0.over: the burst goes on after the end of the script "
       "(`at` and `over` together at most `duration`)"},
      {"queries radius",
       R"("clients": [{"id": "c", "server": "Ball", "queries": {"rate": "1/s", "radius": "10"}}])",
       R"(clients.0.queries.radius: "10" is not a distance that can be used )"
       R"((a distance above zero and at most 50km, as "500m" or "10km"))"},
      {"queries radius range",
       R"("clients": [{"id": "c", "server": "Ball", "queries": {"rate": "1/s", "radius": "50001m"}}])",
       R"(clients.0.queries.radius: "50001m" is out of range )"
       R"((a distance above zero and at most 50km, as "500m" or "10km"))"},
      {"queries without a rate", R"("clients": [{"id": "c", "server": "Ball", "queries": {}}])",
       R"(clients.0.queries: has no rate )"
       R"((a rate, as "1/s", {"every": "1s"} or {"rate": "1/s", "about": "another"}))"},
      {"queries about nobody",
       R"("clients": [{"id": "c", "server": "Ball", "queries": {"rate": "1/s", "about": "zorro"}}])",
       R"(clients.0.queries.about: there is no client "zorro" )"
       R"(("self", "another", "random" or a client's id))"},
      {"queries about misspelt",
       R"("clients": [{"id": "c", "server": "Ball", "queries": {"rate": "1/s", "about": "anoter"}}])",
       "clients.0.queries.about: there is no client \"anoter\" (did you mean 'another'?)"},
      {"queries about a misspelt client",
       R"("clients": [{"id": "phone", "server": "Ball", "queries": {"rate": "1/s", "about": "phnoe"}}])",
       "clients.0.queries.about: there is no client \"phnoe\" (did you mean 'phone'?)"},
      {"changes nothing", R"("events": [{"at": "1s", "do": "set_places"}])",
       R"(events.0: changes nothing ("latency", "fail", "cut" or "quota"))"},
      {"key of set_places",
       R"("events": [{"at": "1s", "do": "set_places", "fail": 0, "over": "1s"}])",
       R"(events.0.over: belongs to "burst", not to "set_places" )"
       R"(("set_places" takes "latency", "fail", "cut" and "quota"))"},
      {"set_places out of range", R"("events": [{"at": "1s", "do": "set_places", "fail": 1.5}])",
       "events.0.fail: 1.5 is out of range (a number from 0 to 1)"},
      {"line ending",
       R"("clients": [{"id": "c", "server": "Ball"}],)"
       R"( "events": [{"at": "1s", "do": "send", "client": "c", "line": "a\nb"}])",
       "events.0.line: has a line ending in it (a line without its ending)"},
      {"expects nothing", R"("expect": [{"herd": "*", "metric": "lost"}])",
       R"(expect.0: expects nothing ("equals", "min" or "max"))"},
      {"text column", R"("expect": [{"herd": "*", "metric": "clock", "equals": 1}])",
       R"(expect.0.metric: "clock" is not a metric (a numeric column of summary.csv))"},
  };
  for (const auto& [name, members, error] : kRows) {
    SCOPED_TRACE(name);
    EXPECT_THAT(errors_with(members), ElementsAre("t.json:2: " + std::string(error)));
  }
}

TEST(ScenarioErrors, OfHerds) {
  constexpr Row kRows[] = {
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

TEST(ScenarioErrors, OfMobility) {
  constexpr std::string_view kArea = R"("area": ["+34-118.5", "+34.1-118.4"])";
  constexpr Row kRows[] = {
      {"unknown model", R"({"model": "random_waypont"})",
       R"(model: "random_waypont" is not known here (did you mean 'random_waypoint'?))"},
      {"no model", "{}",
       R"(model: is missing ("still", "waypoints", "random_waypoint", "gauss_markov", )"
       R"("levy_walk" or "trace"))"},
      {"a name alone", R"("levy_walk")",
       R"(: "levy_walk" has no area )"
       R"(({"model": "levy_walk", "area": [...], "speed": "5km/h", "flight": [...]}))"},
      {"a trace's name alone", R"("trace")",
       R"(: "trace" has no file ({"model": "trace", "file": "walk.csv"}))"},
      {"no area", R"({"model": "random_waypoint", "speed": "1m/s"})",
       "area: is missing (its south-west and its north-east corner, as "
       R"(["+34.00-118.50", "+34.10-118.40"]))"},
      {"one corner", R"({"model": "random_waypoint", "speed": "1m/s", "area": ["+34-118"]})",
       "area: is a list of 1 (its south-west and its north-east corner, as "
       R"(["+34.00-118.50", "+34.10-118.40"]))"},
      {"a corner that is none",
       R"({"model": "random_waypoint", "speed": "1m/s", "area": ["+34-118", "34,-117"]})",
       R"(area.1: "34,-117" is not a location (ISO 6709 degrees, latitude then longitude, both )"
       R"(signed, as "+34.068930-118.445127"))"},
      {"corners upside down",
       R"({"model": "levy_walk", "speed": "1m/s", "flight": "1m", "area": ["+34-118", "+33-117"]})",
       "area: has its second corner south of its first (its south-west and its north-east corner, "
       R"(as ["+34.00-118.50", "+34.10-118.40"]))"},
      {"an area without width",
       R"({"model": "gauss_markov", "speed": "1m/s", "area": ["+34-118", "+35-118"]})",
       "area: is too small (at least 1m high and wide)"},
      {"speed range", R"({"model": "random_waypoint", AREA, "speed": ["2m/s", "1m/s"]})",
       "speed: goes from more to less (the lesser first)"},
      {"three speeds", R"({"model": "random_waypoint", AREA, "speed": ["1m/s", "2m/s", "3m/s"]})",
       R"(speed: is a list of 3 (a speed above zero and at most 100000m/s, as "1.5m/s", or two, )"
       R"(as ["1m/s", "2m/s"]))"},
      {"speed from zero", R"({"model": "random_waypoint", AREA, "speed": ["0m/s", "1m/s"]})",
       R"(speed.0: "0m/s" is not a speed that can be used (a speed above zero and at most )"
       R"(100000m/s, as "1.5m/s", or two, as ["1m/s", "2m/s"]))"},
      {"pause", R"({"model": "random_waypoint", AREA, "speed": "1m/s", "pause": ["1s", 5]})",
       R"(pause.1: is a number (a duration of at most 8760h, as "10s", or two, as ["0s", "30s"]))"},
      {"a key of another model",
       R"({"model": "random_waypoint", AREA, "speed": "1m/s", "step": "1s"})",
       R"(step: unknown key ("model", "area", "speed" or "pause"))"},
      {"speed range of another model",
       R"({"model": "gauss_markov", AREA, "speed": ["1m/s", "2m/s"]})",
       R"(speed: is a list (a speed above zero and at most 100000m/s, as "3m/s" or "50km/h"))"},
      {"negative deviation",
       R"({"model": "gauss_markov", AREA, "speed": "1m/s", "speed_deviation": "-1m/s"})",
       R"(speed_deviation: "-1m/s" is not a speed that can be used (a speed of at most )"
       R"(100000m/s, as "0m/s" or "1km/h"))"},
      {"heading", R"({"model": "gauss_markov", AREA, "speed": "1m/s", "heading_deviation": -1})",
       "heading_deviation: -1 is out of range (radians, from 0 to 10)"},
      {"memory", R"({"model": "gauss_markov", AREA, "speed": "1m/s", "memory": 1.01})",
       "memory: 1.01 is out of range (a number from 0 to 1)"},
      {"step", R"({"model": "gauss_markov", AREA, "speed": "1m/s", "step": "999us"})",
       R"(step: "999us" is out of range (a duration from 1ms to 8760h, as "100ms" or "1s"))"},
      {"steps too long", R"({"model": "gauss_markov", AREA, "speed": "100m/s", "step": "1min"})",
       "area: is too small for steps of 6000 m (at least four steps, of `speed` times `step`, from "
       "south to north)"},
      {"no flight", R"({"model": "levy_walk", AREA, "speed": "1m/s"})",
       "flight: is missing (a distance above zero and at most 10000km, as \"50m\", or two, as "
       R"(["10m", "2km"]))"},
      {"flight", R"({"model": "levy_walk", AREA, "speed": "1m/s", "flight": ["0m", "1km"]})",
       R"(flight.0: "0m" is not a distance that can be used (a distance above zero and at most )"
       R"(10000km, as "50m", or two, as ["10m", "2km"]))"},
      {"flights too long", R"({"model": "levy_walk", AREA, "speed": "1m/s", "flight": "6km"})",
       "area: is too small for flights of 6000 m (at least two of the shortest flights from south "
       "to north)"},
      {"flight exponent",
       R"({"model": "levy_walk", AREA, "speed": "1m/s", "flight": "1m", "flight_exponent": 0})",
       "flight_exponent: 0 is out of range (a number above 0 and at most 3)"},
      {"pause from zero",
       R"({"model": "levy_walk", AREA, "speed": "1m/s", "flight": "1m", "pause": ["0s", "1s"]})",
       R"(pause: begins at zero, where its density has no end (a first one above zero, as )"
       R"(["1s", "5min"], or "0s" alone))"},
      {"no file", R"({"model": "trace"})",
       "file: is missing (a CSV, GPX or SUMO FCD file, from the scenario file's folder)"},
      {"no such file", R"({"model": "trace", "file": "no-such.csv"})",
       R"(file: "no-such.csv" cannot be read: No such file or directory )"
       "(a CSV, GPX or SUMO FCD file, from the scenario file's folder)"},
  };
  for (const auto& [name, mobility, error] : kRows) {
    SCOPED_TRACE(name);
    std::string text(mobility);
    if (const auto at = text.find("AREA"); at != std::string::npos) text.replace(at, 4, kArea);
    const std::string path = error.starts_with(':') ? "clients.0.mobility" : "clients.0.mobility.";
    EXPECT_THAT(
        errors_with(R"("clients": [{"id": "c", "server": "Ball", "mobility": )" + text + "}]"),
        ElementsAre("t.json:2: " + path + std::string(error)));
  }
}

TEST(ScenarioErrors, OfStartsOutsideTheArea) {
  constexpr std::string_view kModels[] = {
      R"("model": "random_waypoint", "speed": "1m/s")",
      R"("model": "gauss_markov", "speed": "1m/s")",
      R"("model": "levy_walk", "speed": "1m/s", "flight": "10m")",
  };
  for (const std::string_view model : kModels) {
    const auto errors = [&](std::string_view start) {
      return errors_with(R"("clients": [{"id": "c", "server": "Ball", "start": ")" +
                         std::string(start) + R"(", "mobility": {)" + std::string(model) +
                         R"(, "area": ["-20+176", "-15-178"]}}])");
    };
    EXPECT_THAT(errors("-17+175"),
                ElementsAre("t.json:2: clients.0.start: is outside the area of its mobility (a "
                            "location in the area, or none: it is drawn then)"));
    EXPECT_THAT(errors("-17-179"), ElementsAre("no errors"));
    EXPECT_THAT(errors("-20+176"), ElementsAre("no errors"));
  }
}

// A folder with a trace file, for scenarios in the same folder.
class TraceErrors : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "herdsim-trace-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string in_folder(const std::string& name) const { return folder_ + '/' + name; }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream(in_folder(name), std::ios::binary) << text;
  }
  // Returns the errors of a scenario in the folder, without the folder's name.
  ScenarioErrors errors_of_clients(std::string_view clients) const {
    const auto scenario = parse_scenario(
        in_folder("t.json"), R"({"name": "t", "duration": "10s", "herds": [{"name": "a"}],)"
                             "\n\"clients\": " +
                                 std::string(clients) + "}");
    if (scenario.ok()) return {"no errors"};
    ScenarioErrors errors = scenario.error();
    for (std::string& error : errors) {
      EXPECT_TRUE(error.starts_with(folder_ + '/')) << error;
      error.erase(0, folder_.size() + 1);
    }
    return errors;
  }

 private:
  std::string folder_;
};

TEST_F(TraceErrors, HaveTheTracesFileAndLine) {
  write("walk.csv", "time_s,client,lat,lon\n0,a,1,2\n1,a,north,2\n0.5,a,1,200\n");
  write("drive.xml", "<fcd-export>\n<timestep time='0'>\n<vehicle id='a' x='1500' y='1'/>\n");
  // Each problem is reported once, however many groups name the file, in the scenario's order. The
  // number of clients is not checked against a bad file.
  EXPECT_THAT(
      errors_of_clients(R"([
    {"id": "c-{n}", "server": "Ball", "mobility": {"model": "trace", "file": "walk.csv"}},
    {"id": "d-{n}", "count": 9, "server": "Bal", "mobility": {"model": "trace", "file": "walk.csv"}},
    {"id": "e-{n}", "server": "Ball", "mobility": {"model": "trace", "file": "drive.xml"}}])"),
      ElementsAre(R"(walk.csv:3: lat: "north" is not a number (decimal degrees from -90 to 90))",
                  R"(walk.csv:4: lon: "200" is out of range (decimal degrees from -180 to 180))",
                  R"(t.json:4: clients.1.server: there is no server "Bal" in herd "a" )"
                  R"((did you mean 'Ball'?))",
                  R"(drive.xml:3: x: "1500" is out of range (a longitude from -180 to 180: )"
                  "SUMO writes them with --fcd-output.geo)",
                  "drive.xml:4: XML: no element found"));
}

TEST_F(TraceErrors, OfCountsAndIds) {
  write("walk.csv", "time_s,client,lat,lon\n0,a,1,2\n0,b,1,2\n0,c,1,2\n");
  const auto errors = [&](std::string_view members) {
    return errors_of_clients(
        R"([{"server": "Ball", "mobility": {"model": "trace", "file": "walk.csv"}, )" +
        std::string(members) + "}]");
  };
  EXPECT_THAT(errors(R"("id": "c-{n}")"), ElementsAre("no errors"));
  EXPECT_THAT(errors(R"("id": "c-{n}", "count": 3)"), ElementsAre("no errors"));
  EXPECT_THAT(errors(R"("id": "c", "count": 1)"), ElementsAre("no errors"));
  EXPECT_THAT(errors(R"("id": "c-{n}", "count": 4)"),
              ElementsAre("t.json:2: clients.0.count: is 4, but the trace has 3 (at most as many "
                          "clients as the trace has)"));
  EXPECT_THAT(errors(R"("id": "c")"),
              ElementsAre("t.json:2: clients.0.id: gives 3 clients one id ({n} in it for the "
                          R"(member's number, as "c-{n}"))"));
  EXPECT_THAT(errors(R"("id": "c-{n}", "start": "+1+2")"),
              ElementsAre("t.json:2: clients.0.start: does not go with a trace (leave it out: the "
                          "file says where its clients are)"));
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

TEST(ScenarioErrors, OneMistakeIsNotReportedTwice) {
  // Wrong servers, herds, clients and times cause no further errors.
  EXPECT_THAT(errors_of(R"({"name": "t", "duration": "soon",
  "herds": [{"name": "a", "servers": ["A", "B b"], "links": [["A", "B"]], "places": "googel"}],
  "clients": [{"id": "c c", "server": "B", "queries": {"rate": "1/s", "about": "c"}}],
  "events": [{"at": "3h", "do": "move", "client": "c", "to": "B"},
             {"at": "0s", "do": "set_places", "latency": "1s"}],
  "expect": [{"herd": "a", "metric": "lost", "equals": 0}]})"),
              ElementsAre(R"(t.json:1: duration: "soon" is not a duration that can be used (a )"
                          R"(duration above zero and at most 8760h, as "250us", "20ms", "5s", )"
                          R"("2min" or "1h"))",
                          R"(t.json:2: herds.0.servers.1: "B b" is not a name )"
                          R"((1 to 64 of A-Z a-z 0-9 . _ -))",
                          R"(t.json:2: herds.0.places: "googel" is not known here )"
                          R"((did you mean 'google'?))",
                          R"(t.json:3: clients.0.id: "c c" is not an id )"
                          R"((an id without white space, as "phone-{n}"))"));
}

TEST(ScenarioErrors, OfOverridesSayWhereTheyCameFrom) {
  struct OverrideRow {
    std::string_view path, value, error;
  };
  constexpr OverrideRow kRows[] = {
      {"duration", "soon",
       R"(1: duration: "soon" is not a duration that can be used, given by --set duration )"
       R"((a duration above zero and at most 8760h, as "250us", "20ms", "5s", "2min" or "1h"))"},
      {"herds.0.propogation", "flood",
       "1: herds.0.propogation: unknown key, given by --set herds.0.propogation "
       "(did you mean 'propagation'?)"},
      {"clients.0.mobility.speed", "3m/s",
       "2: clients.0.mobility.model: is missing, given by --set clients.0.mobility.speed "
       R"(("still", "waypoints", "random_waypoint", "gauss_markov", "levy_walk" or "trace"))"},
      {"clients.1.id", "d",
       R"(2: clients.1.id: "1" is not in the list "clients", given by --set clients.1.id )"
       "(an index from 0 to 0)"},
      {"clients.x", "d",
       R"(2: clients.x: "x" is not in the list "clients", given by --set clients.x )"
       "(an index from 0 to 0)"},
      {"name.first", "d",
       R"(1: name.first: "name" is neither an object nor a list, given by --set name.first )"
       R"((all of "name" at once))"},
      {"expect.0.herd", "a",
       "1: expect.0.herd: leads to what is not there, given by --set expect.0.herd "
       "(a list can only be given whole)"},
      {"a..b", "1", "1: a..b: is not a path, given by --set a..b (as herds.0.propagation)"},
      {"name", "\xff", "1: name: is not UTF-8, given by --set name (JSON, or a text for a string)"},
  };
  for (const auto& [path, value, error] : kRows) {
    SCOPED_TRACE(path);
    LoadOptions options;
    options.overrides = {{std::string(path), std::string(value)}};
    EXPECT_THAT(errors_with(R"("clients": [{"id": "c", "server": "Ball"}])", options),
                ElementsAre("t.json:" + std::string(error)));
  }
}

TEST(ScenarioErrors, OfOptionsSayWhereTheyCameFrom) {
  LoadOptions options;
  options.clock = "virtul";
  options.seed = 0xffff'ffff'ffff'ffff;
  EXPECT_THAT(errors_with(R"("seed": 4)", options),
              ElementsAre(R"(t.json:1: clock: "virtul" is not known here, given by --clock )"
                          "(did you mean 'virtual'?)",
                          "t.json:2: seed: 1.8446744073709552e+19 is out of range, given by --seed "
                          "(a whole number from 0 to 9223372036854775807)"));
}

TEST(ScenarioErrors, OfTextThatIsNotJson) {
  EXPECT_THAT(errors_of(""), ElementsAre("t.json:1: scenario: is not JSON: column 1: is empty (a "
                                         "scenario)"));
  EXPECT_THAT(errors_of("{\n\"name\": }"),
              ElementsAre("t.json:2: scenario: is not JSON: column 9: unexpected token near '}'"));
  EXPECT_THAT(
      errors_of("{\"name\": \"a\",\n\"name\": \"b\"}"),
      ElementsAre(
          R"(t.json:2: scenario: is not JSON: column 6: duplicate object key near '"name"')"));
  EXPECT_THAT(errors_of("[]"), ElementsAre("t.json:1: scenario: is a list (an object)"));
}

TEST(ScenarioErrors, OfFilesThatCannotBeRead) {
  const auto errors = [](const std::string& file) {
    const auto scenario = load_scenario(file);
    return scenario.ok() ? ScenarioErrors{"no errors"} : scenario.error();
  };
  EXPECT_THAT(errors("/nonexistent/s.json"),
              ElementsAre("/nonexistent/s.json: scenario: cannot be read: "
                          "No such file or directory"));
  EXPECT_THAT(errors("/"), ElementsAre("/: scenario: cannot be read: Is a directory"));
}

}  // namespace
}  // namespace sim
