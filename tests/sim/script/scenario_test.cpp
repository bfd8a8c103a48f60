#include "sim/script/spec/scenario.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "sim/script/read/load_scenario.h"
#include "sim/script/spec/named_files.h"
#include "sim/script/traces/trace_data.h"
#include "tests/sim/script/scenario_support.h"

namespace sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::herd_with;
using test::parse;

Scenario with(const std::string& members, const LoadOptions& options = {}) {
  return parse(R"({"name": "t", "duration": "10s", "herds": [{"name": "a"}], )" + members + "}",
               options);
}

std::vector<std::string> names_of(const HerdSpec& herd) {
  std::vector<std::string> names;
  for (const ServerSpec& server : herd.servers) names.push_back(server.name);
  return names;
}

// Returns the links as "Alford-Welsh"; the server that dials comes first.
std::vector<std::string> links_of(const HerdSpec& herd) {
  std::vector<std::string> links;
  for (const LinkSpec& link : herd.links) {
    links.push_back(herd.servers[link.first].name + "-" + herd.servers[link.second].name);
  }
  return links;
}

TEST(Scenario, FillsInTheDefaults) {
  const Scenario scenario = parse(R"({"name": "t", "duration": "1.5s", "herds": [{"name": "a"}]})");
  EXPECT_EQ(scenario.file, "t.json");
  EXPECT_EQ(scenario.name, "t");
  EXPECT_EQ(scenario.about, "");
  EXPECT_EQ(scenario.seed, 1U);
  EXPECT_EQ(scenario.clock, ClockKind::kLive);
  EXPECT_EQ(scenario.duration, milliseconds(1500));
  EXPECT_EQ(scenario.drain, seconds(2));
  EXPECT_EQ(scenario.record, RecordLevel::kDeliveries);
  EXPECT_TRUE(scenario.clients.empty());
  EXPECT_TRUE(scenario.events.empty());
  EXPECT_TRUE(scenario.expect.empty());
  ASSERT_EQ(scenario.herds.size(), 1U);
  EXPECT_EQ(scenario.herds[0].propagation, herd::Scheme::kFloodEcho);
}

TEST(Scenario, IsThePapersHerdByDefault) {
  const HerdSpec herd = herd_with(R"("propagation": "flood")");
  EXPECT_EQ(names_of(herd),
            (std::vector<std::string>{"Alford", "Ball", "Hamilton", "Holiday", "Welsh"}));
  EXPECT_EQ(links_of(herd),
            (std::vector<std::string>{"Alford-Hamilton", "Alford-Welsh", "Ball-Holiday",
                                      "Ball-Welsh", "Hamilton-Holiday"}));
  EXPECT_EQ(herd.propagation, herd::Scheme::kFlood);
  EXPECT_EQ(herd.servers[0].host, "127.0.0.1");
  EXPECT_EQ(herd.servers[0].port, 0);
  EXPECT_EQ(herd.servers[0].at, std::nullopt);
}

TEST(Scenario, ThePapersHerdMayBeListedInAnyOrder) {
  const HerdSpec herd =
      herd_with(R"("servers": ["Welsh", "Holiday", "Hamilton", "Ball", "Alford"])");
  EXPECT_EQ(links_of(herd),
            (std::vector<std::string>{"Hamilton-Alford", "Welsh-Alford", "Holiday-Ball",
                                      "Welsh-Ball", "Holiday-Hamilton"}));
}

TEST(Scenario, ReadsServers) {
  const HerdSpec herd = herd_with(R"("links": [["B", "A"]], "propagation": {"scheme": "flood"},
      "servers": ["A", {"name": "B", "at": "+1.5-2", "host": "0::1", "port": 7, "skew": "-2s"}])");
  EXPECT_EQ(links_of(herd), std::vector<std::string>{"A-B"});
  EXPECT_EQ(herd.propagation, herd::Scheme::kFlood);
  EXPECT_EQ(herd.servers[1].at, (GeoPoint{1.5, -2}));
  EXPECT_EQ(herd.servers[1].host, "::1");
  EXPECT_EQ(herd.servers[1].port, 7);
  EXPECT_EQ(herd.servers[1].skew.offset, seconds(-2));
  EXPECT_EQ(names_of(herd_with(R"("servers": 3, "links": "line")")),
            (std::vector<std::string>{"S1", "S2", "S3"}));
}

TEST(Scenario, RandomLinksComeFromTheSeedAndTheHerd) {
  const std::string text = R"({"name": "t", "duration": "1s", "herds": [
      {"name": "a", "servers": 50, "links": {"regular": 4}},
      {"name": "b", "servers": 50, "links": {"regular": 4}}]})";
  LoadOptions other_seed;
  other_seed.seed = 2;
  const Scenario one = parse(text);
  EXPECT_EQ(one.herds[0].links, parse(text).herds[0].links);
  EXPECT_NE(one.herds[0].links, one.herds[1].links);
  EXPECT_NE(one.herds[0].links, parse(text, other_seed).herds[0].links);
}

TEST(Scenario, FindsServersAndLinks) {
  const HerdSpec herd = herd_with(R"("servers": 4, "links": "line")");
  EXPECT_EQ(herd.find_server("S3"), 2U);
  EXPECT_EQ(herd.find_server("S5"), std::nullopt);
  EXPECT_EQ(herd.find_link(1, 2), 1U);
  EXPECT_EQ(herd.find_link(2, 1), 1U);
  EXPECT_EQ(herd.find_link(0, 3), std::nullopt);
}

TEST(Scenario, NumbersItsClients) {
  ClientGroup group;
  group.id = "p-{n}.{n}-{m}";
  EXPECT_EQ(group.member_id(0), "p-0.0-{m}");
  EXPECT_EQ(group.member_id(12), "p-12.12-{m}");
  group.id = "one";
  EXPECT_EQ(group.member_id(0), "one");
}

TEST(Scenario, ReadsClients) {
  const Scenario scenario = with(R"("clients": [
      {"id": "p-{n}", "count": 3, "server": "spread", "skew": "-1ms"},
      {"id": "q", "server": "Ball", "start": "+1+2", "updates": "4/s", "mobility": {
          "model": "waypoints", "points": ["+3+4", "+5+6"], "speed": "36km/h", "loop": true}},
      {"id": "r", "server": "Ball", "mobility": "still",
       "updates": {"every": "1h", "arrivals": "poisson"}}])");
  ASSERT_EQ(scenario.clients.size(), 3U);
  const ClientGroup& spread = scenario.clients[0];
  EXPECT_EQ(spread.count, 3U);
  EXPECT_TRUE(std::holds_alternative<SpreadServers>(spread.server));
  EXPECT_EQ(spread.start, kDefaultLocation);
  EXPECT_TRUE(std::holds_alternative<StillMobility>(spread.mobility));
  EXPECT_FALSE(spread.updates.has_value());
  EXPECT_EQ(spread.skew.offset, milliseconds(-1));

  const ClientGroup& walker = scenario.clients[1];
  EXPECT_EQ(std::get<std::string>(walker.server), "Ball");
  EXPECT_EQ(walker.start, (GeoPoint{1, 2}));
  const auto& walk = std::get<WaypointMobility>(walker.mobility);
  EXPECT_EQ(walk.points, (std::vector<GeoPoint>{{3, 4}, {5, 6}}));
  EXPECT_EQ(walk.speed_mps, 10.0);
  EXPECT_TRUE(walk.loop);
  EXPECT_EQ(walker.updates->period, milliseconds(250));
  EXPECT_EQ(walker.updates->arrivals, Arrivals::kSteady);

  EXPECT_EQ(scenario.clients[2].updates->period, hours(1));
  EXPECT_EQ(scenario.clients[2].updates->arrivals, Arrivals::kPoisson);
}

TEST(Scenario, MobilityInAnArea) {
  const Scenario scenario = with(R"("clients": [
      {"id": "a", "server": "Ball", "start": "+34.05-118.45", "mobility": {
          "model": "random_waypoint", "area": ["+34.00-118.50", "+34.10-118.40"],
          "speed": ["1m/s", "2m/s"], "pause": ["0s", "30s"]}},
      {"id": "b", "server": "Ball", "mobility": {
          "model": "random_waypoint", "area": ["-20+176", "-15-178"], "speed": "1.5m/s",
          "pause": "10s"}},
      {"id": "c", "server": "Ball", "mobility": {
          "model": "gauss_markov", "area": ["+34.00-118.50", "+34.10-118.40"], "speed": "36km/h",
          "speed_deviation": "1m/s", "heading_deviation": 0.25, "memory": 1, "step": "500ms"}},
      {"id": "d", "server": "Ball", "mobility": {
          "model": "gauss_markov", "area": ["-90-180", "+90+180"], "speed": "36km/h"}},
      {"id": "e", "server": "Ball", "mobility": {
          "model": "levy_walk", "area": ["+34.00-118.50", "+34.10-118.40"], "speed": "3m/s",
          "flight": ["10m", "2km"], "flight_exponent": 2, "pause": ["1s", "5min"],
          "pause_exponent": 1}},
      {"id": "f", "server": "Ball", "mobility": {
          "model": "levy_walk", "area": ["+34.00-118.50", "+34.10-118.40"], "speed": "3m/s",
          "flight": "0.5km"}}])");
  EXPECT_TRUE(scenario.clients[0].start_given);
  const auto& a = std::get<RandomWaypointMobility>(scenario.clients[0].mobility);
  EXPECT_EQ(a.area.south, 34.0);
  EXPECT_EQ(a.area.west, -118.5);
  EXPECT_EQ(a.area.north, 34.1);
  EXPECT_EQ(a.area.east, -118.4);
  EXPECT_EQ(a.speed_mps.min, 1);
  EXPECT_EQ(a.speed_mps.max, 2);
  EXPECT_EQ(a.pause.min, seconds(0));
  EXPECT_EQ(a.pause.max, seconds(30));
  EXPECT_FALSE(scenario.clients[1].start_given);
  const auto& b = std::get<RandomWaypointMobility>(scenario.clients[1].mobility);
  EXPECT_EQ(b.area.west, 176);
  EXPECT_EQ(b.area.east, -178);
  EXPECT_EQ(b.speed_mps.min, 1.5);
  EXPECT_EQ(b.speed_mps.max, 1.5);
  EXPECT_EQ(b.pause.min, seconds(10));
  EXPECT_EQ(b.pause.max, seconds(10));
  const auto& c = std::get<GaussMarkovMobility>(scenario.clients[2].mobility);
  EXPECT_EQ(c.speed_mps, 10);
  EXPECT_EQ(c.speed_deviation_mps, 1);
  EXPECT_EQ(c.heading_deviation, 0.25);
  EXPECT_EQ(c.memory, 1);
  EXPECT_EQ(c.step, milliseconds(500));
  const auto& d = std::get<GaussMarkovMobility>(scenario.clients[3].mobility);
  EXPECT_EQ(d.speed_deviation_mps, 0);
  EXPECT_EQ(d.heading_deviation, 0.5);
  EXPECT_EQ(d.memory, 0.75);
  EXPECT_EQ(d.step, seconds(1));
  const auto& e = std::get<LevyWalkMobility>(scenario.clients[4].mobility);
  EXPECT_EQ(e.speed_mps, 3);
  EXPECT_EQ(e.flight_m.min, 10);
  EXPECT_EQ(e.flight_m.max, 2000);
  EXPECT_EQ(e.flight_exponent, 2);
  EXPECT_EQ(e.pause.min, seconds(1));
  EXPECT_EQ(e.pause.max, seconds(300));
  EXPECT_EQ(e.pause_exponent, 1);
  const auto& f = std::get<LevyWalkMobility>(scenario.clients[5].mobility);
  EXPECT_EQ(f.flight_m.min, 500);
  EXPECT_EQ(f.flight_m.max, 500);
  EXPECT_EQ(f.flight_exponent, 1.6);
  EXPECT_EQ(f.pause.max, seconds(0));
  EXPECT_EQ(f.pause_exponent, 0.8);
}

TEST(Scenario, ATracesClientsAreCounted) {
  const auto scenario = parse_scenario(HERDSIM_SOURCE_DIR "/scenarios/t.json", R"({
      "name": "t", "duration": "1s", "herds": [{"name": "a"}], "clients": [
      {"id": "car-{n}", "server": "Ball",
       "mobility": {"model": "trace", "file": "traces/streets.fcd.xml"}},
      {"id": "bus-{n}", "count": 3, "server": "Ball",
       "mobility": {"model": "trace", "file": "traces/streets.fcd.xml"}}]})");
  ASSERT_TRUE(scenario.ok()) << scenario.error()[0];
  const auto& data = std::get<TraceMobility>(scenario->clients[0].mobility).data;
  EXPECT_GE(scenario->clients[0].count, 200U);
  EXPECT_EQ(scenario->clients[0].count, data->clients.size());
  EXPECT_EQ(scenario->clients[1].count, 3U);
  // The file is read only once.
  EXPECT_EQ(std::get<TraceMobility>(scenario->clients[1].mobility).data, data);
}

TEST(Scenario, NamesItsDataFilesOnceAndAsTheFileDoes) {
  const auto scenario = parse_scenario(HERDSIM_SOURCE_DIR "/scenarios/cluster/t.json", R"({
      "name": "t", "duration": "1s", "herds": [{"name": "a"},
      {"name": "b", "places": {"provider": "embedded", "data": "../places/cities.csv"}}],
      "clients": [{"id": "car-{n}", "server": "Ball",
       "mobility": {"model": "trace", "file": "../traces/streets.fcd.xml"}},
      {"id": "bus-{n}", "count": 3, "server": "Ball",
       "mobility": {"model": "trace", "file": "../traces/streets.fcd.xml"}}]})");
  ASSERT_TRUE(scenario.ok()) << scenario.error()[0];
  const auto files = named_files(*scenario);
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].name, "../places/cities.csv");
  EXPECT_EQ(files[0].path, HERDSIM_SOURCE_DIR "/scenarios/cluster/../places/cities.csv");
  EXPECT_EQ(files[1].name, "../traces/streets.fcd.xml");
  EXPECT_TRUE(named_files(with(R"("clients": [])")).empty());
}

TEST(Scenario, ClientsStartAtTheirServerOfTheFirstHerd) {
  const Scenario scenario = parse(R"({"name": "t", "duration": "1s",
      "herds": [{"name": "a", "servers": [{"name": "X", "at": "+10+20"}, "Y"], "links": "line"},
                {"name": "b", "servers": ["X", {"name": "Y", "at": "+30+40"}], "links": "line"}],
      "clients": [{"id": "c", "server": "X"}, {"id": "d", "server": "Y"},
                  {"id": "e", "server": "X", "start": "+1+1"}]})");
  ASSERT_EQ(scenario.clients.size(), 3U);
  EXPECT_EQ(scenario.clients[0].start, (GeoPoint{10, 20}));
  EXPECT_EQ(scenario.clients[1].start, kDefaultLocation);
  EXPECT_EQ(scenario.clients[2].start, (GeoPoint{1, 1}));
}

TEST(Scenario, ReadsQueries) {
  const Scenario scenario = with(R"("clients": [
      {"id": "p", "server": "Ball"},
      {"id": "q", "server": "Ball", "queries": "4/s"},
      {"id": "r", "server": "Ball", "queries": {"every": "2s", "arrivals": "poisson",
          "radius": "500m", "bound": 20, "about": "another"}},
      {"id": "s", "server": "Ball", "queries": {"rate": "1/s", "about": "random"}},
      {"id": "t", "server": "Ball", "queries": {"rate": "1/s", "about": "later-1"}},
      {"id": "later-{n}", "count": 2, "server": "Ball"}])");
  ASSERT_EQ(scenario.clients.size(), 6U);
  EXPECT_FALSE(scenario.clients[0].queries.has_value());
  const QuerySchedule& plain = *scenario.clients[1].queries;
  EXPECT_EQ(plain.times.period, milliseconds(250));
  EXPECT_EQ(plain.times.arrivals, Arrivals::kSteady);
  EXPECT_EQ(plain.radius_km, "10");
  EXPECT_EQ(plain.bound, 5);
  EXPECT_TRUE(std::holds_alternative<AboutSelf>(plain.about));
  const QuerySchedule& full = *scenario.clients[2].queries;
  EXPECT_EQ(full.times.period, seconds(2));
  EXPECT_EQ(full.times.arrivals, Arrivals::kPoisson);
  EXPECT_EQ(full.radius_km, "0.5");
  EXPECT_EQ(full.bound, 20);
  EXPECT_TRUE(std::holds_alternative<AboutAnother>(full.about));
  EXPECT_TRUE(std::holds_alternative<AboutRandom>(scenario.clients[3].queries->about));
  EXPECT_EQ(std::get<std::string>(scenario.clients[4].queries->about), "later-1");
}

TEST(Scenario, AsksTheEmbeddedPlacesByDefault) {
  for (const std::string members :
       {R"("recovery": "none")", R"("places": "embedded")", R"("places": {})"}) {
    const PlacesSpec places = herd_with(members).places;
    EXPECT_EQ(places.provider, PlacesProvider::kEmbedded);
    EXPECT_EQ(places.faults.latency, seconds(0));
    EXPECT_EQ(places.faults.fail, 0);
    EXPECT_EQ(places.faults.cut, 0);
    EXPECT_EQ(places.faults.quota, std::nullopt);
    EXPECT_EQ(places.data, "");
    EXPECT_EQ(places.connect_timeout, seconds(2));
    EXPECT_EQ(places.timeout, seconds(5));
  }
}

TEST(Scenario, ReadsEmbeddedPlaces) {
  const PlacesSpec places =
      herd_with(R"("places": {"provider": "embedded", "latency": "500ms", "fail": 0.1, "cut": 1,
          "quota": 1000, "connect_timeout": "1s", "timeout": "1min"})")
          .places;
  EXPECT_EQ(places.provider, PlacesProvider::kEmbedded);
  EXPECT_EQ(places.faults.latency, milliseconds(500));
  EXPECT_EQ(places.faults.fail, 0.1);
  EXPECT_EQ(places.faults.cut, 1);
  EXPECT_EQ(places.faults.quota, 1000U);
  EXPECT_EQ(places.connect_timeout, seconds(1));
  EXPECT_EQ(places.timeout, seconds(60));
}

TEST(Scenario, ReadsGooglesPlaces) {
  const PlacesSpec google =
      herd_with(R"("places": {"provider": "google", "key_env": "A_API_KEY"})").places;
  EXPECT_EQ(google.provider, PlacesProvider::kGoogle);
  EXPECT_EQ(google.key_env, "A_API_KEY");
  EXPECT_EQ(google.base_url, "https://maps.googleapis.com");
  const PlacesSpec other = herd_with(R"("places": {"provider": "google", "key_env": "A_API_KEY",
      "base_url": "http://[::1]:8080/maps"})")
                               .places;
  EXPECT_EQ(other.base_url, "http://[::1]:8080/maps");
}

TEST(Scenario, ReadsTheLimitsOfRecords) {
  const herd::RecordLimits limits =
      herd_with(R"("max_records": 5000, "max_bytes": "64KiB")").record_limits;
  EXPECT_EQ(limits.max_records, 5000U);
  EXPECT_EQ(limits.max_bytes, 65'536U);
  EXPECT_EQ(herd_with(R"("max_bytes": "16384B")").record_limits.max_bytes, 16'384U);
  EXPECT_EQ(herd_with(R"("max_bytes": "1GiB")").record_limits.max_bytes, std::uint64_t{1} << 30);
  EXPECT_EQ(herd_with(R"("links": "paper")").record_limits.max_records, herd::kMaxRecords);
}

TEST(Scenario, AShortTimeOutShortensThatOfConnecting) {
  EXPECT_EQ(herd_with(R"("places": {"timeout": "1500ms"})").places.connect_timeout,
            milliseconds(1500));
  EXPECT_EQ(herd_with(R"("places": {"timeout": "1min"})").places.connect_timeout, seconds(2));
}

TEST(Scenario, LooksForThePlacesBesideTheFile) {
  const std::string folder = HERDSIM_SOURCE_DIR "/tests/data/scenarios/";
  const auto data_of = [](const std::string& file, const std::string& data) {
    const auto scenario = parse_scenario(
        file, R"({"name": "t", "duration": "1s", "herds": [{"name": "a", "places": {"data": ")" +
                  data + "\"}}]}");
    return scenario.ok() ? scenario->herds[0].places.data : scenario.error()[0];
  };
  EXPECT_EQ(data_of(folder + "t.json", "good/towns.csv"), folder + "good/towns.csv");
  EXPECT_EQ(data_of(folder + "good/t.json", "towns.csv"), folder + "good/towns.csv");
  EXPECT_EQ(data_of("t.json", folder + "good/towns.csv"), folder + "good/towns.csv");
  EXPECT_EQ(data_of("/t.json", "no/towns.csv"),
            R"(/t.json:1: herds.0.places.data: "no/towns.csv" cannot be read: No such file or )"
            R"(directory (a CSV or GeoJSON file, from the scenario file's folder))");
}

TEST(Scenario, ReadsChangesOfPlaces) {
  const Scenario scenario = with(R"("events": [
      {"at": "1s", "do": "set_places", "latency": "800ms"},
      {"at": "2s", "do": "set_places", "fail": 0.5, "cut": 0, "quota": 7}])");
  ASSERT_EQ(scenario.events.size(), 2U);
  const auto& slow = std::get<SetPlacesEvent>(scenario.events[0].action);
  EXPECT_EQ(slow.latency, milliseconds(800));
  EXPECT_EQ(slow.fail, std::nullopt);
  EXPECT_EQ(slow.cut, std::nullopt);
  EXPECT_EQ(slow.quota, std::nullopt);
  const auto& bad = std::get<SetPlacesEvent>(scenario.events[1].action);
  EXPECT_EQ(bad.latency, std::nullopt);
  EXPECT_EQ(bad.fail, 0.5);
  EXPECT_EQ(bad.cut, 0);
  EXPECT_EQ(bad.quota, 7U);
}

TEST(Scenario, OrdersEventsByTimeAndThenAsInTheFile) {
  const Scenario scenario = with(R"("clients": [{"id": "c", "server": "Ball"}], "events": [
      {"at": "10s", "do": "send", "client": "c", "line": "last"},
      {"at": "2s", "do": "link_down", "link": ["Welsh", "Alford"], "herd": "a"},
      {"at": "2s", "do": "link_up", "link": ["Welsh", "Alford"]},
      {"at": "0s", "do": "move", "client": "c", "to": "Welsh"},
      {"at": "2s", "do": "burst", "server": "Ball", "updates": 9, "clients": 3, "over": "8s"},
      {"at": "0s", "do": "burst", "server": "Ball", "updates": 1}])");
  ASSERT_EQ(scenario.events.size(), 6U);
  EXPECT_EQ(std::get<MoveEvent>(scenario.events[0].action).to, "Welsh");
  const auto& one = std::get<BurstEvent>(scenario.events[1].action);
  EXPECT_EQ(one.clients, 1U);
  EXPECT_EQ(one.over, seconds(0));
  const auto& down = std::get<LinkDownEvent>(scenario.events[2].action);
  EXPECT_EQ(down.first + down.second, "WelshAlford");
  EXPECT_EQ(scenario.events[2].herd, 0U);
  EXPECT_TRUE(scenario.events[2].concerns(0));
  EXPECT_FALSE(scenario.events[2].concerns(1));
  EXPECT_TRUE(std::holds_alternative<LinkUpEvent>(scenario.events[3].action));
  EXPECT_TRUE(scenario.events[3].concerns(1));
  const auto& burst = std::get<BurstEvent>(scenario.events[4].action);
  EXPECT_EQ(burst.updates, 9U);
  EXPECT_EQ(burst.clients, 3U);
  EXPECT_EQ(burst.over, seconds(8));
  const auto& send = std::get<SendEvent>(scenario.events[5].action);
  EXPECT_EQ(send.line, "last");
  EXPECT_EQ(scenario.events[5].at, seconds(10));
}

TEST(Scenario, ReadsExpectations) {
  const Scenario scenario = with(R"("expect": [
      {"herd": "*", "metric": "violations", "equals": 0},
      {"herd": "a", "metric": "redundancy", "min": 0.5, "max": 1.5}])");
  ASSERT_EQ(scenario.expect.size(), 2U);
  EXPECT_EQ(scenario.expect[0].herd, "*");
  EXPECT_EQ(scenario.expect[0].equals, 0.0);
  EXPECT_EQ(scenario.expect[0].min, std::nullopt);
  EXPECT_EQ(scenario.expect[1].metric, "redundancy");
  EXPECT_EQ(scenario.expect[1].min, 0.5);
  EXPECT_EQ(scenario.expect[1].max, 1.5);
}

TEST(ScenarioOverrides, ChangeWhatIsThereAndMakeWhatIsMissing) {
  LoadOptions options;
  options.overrides = {
      {"herds.0.propagation", "flood"},  {"duration", "30s"}, {"clients.0.count", "2"},
      {"clients.0.updates.every", "1s"}, {"name", "\"2\""},   {"herds.0.name", "first"},
      {"herds.0.name", "second"}};
  options.seed = 9;
  options.clock = "live";
  const Scenario scenario = with(R"("clients": [{"id": "c{n}", "server": "Ball"}])", options);
  EXPECT_EQ(scenario.name, "2");
  EXPECT_EQ(scenario.duration, seconds(30));
  EXPECT_EQ(scenario.seed, 9U);
  ASSERT_EQ(scenario.clients.size(), 1U);
  EXPECT_EQ(scenario.clients[0].count, 2U);
  EXPECT_EQ(scenario.clients[0].updates->period, seconds(1));
  EXPECT_EQ(scenario.herds[0].name, "second");
  EXPECT_EQ(scenario.herds[0].propagation, herd::Scheme::kFlood);
}

TEST(ScenarioOverrides, AsRunIsTheFileWithTheOverridesInIt) {
  LoadOptions options;
  options.overrides = {{"name", "t"}, {"expect.0.min", "0.1"}};
  options.seed = 9;
  options.clock = "live";
  const Scenario scenario = parse(R"({"seed": 3, "name": "é", "duration": "1s",
      "herds": [{"name": "a"}], "expect": [{"herd": "*", "metric": "lost", "max": 2}]})",
                                  options);
  EXPECT_EQ(scenario.as_run, R"({
  "seed": 9,
  "name": "t",
  "duration": "1s",
  "herds": [
    {
      "name": "a"
    }
  ],
  "expect": [
    {
      "herd": "*",
      "metric": "lost",
      "max": 2,
      "min": 0.1
    }
  ],
  "clock": "live"
})");
  // The scenario as run is itself a scenario, and equal to it.
  EXPECT_EQ(parse(scenario.as_run).as_run, scenario.as_run);
  options.as_run = false;
  EXPECT_EQ(parse(scenario.as_run, options).as_run, "");
}

}  // namespace
}  // namespace sim
