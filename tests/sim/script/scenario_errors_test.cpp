// The error messages for wrong scenarios, as whole lines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "sim/script/read/load_scenario.h"
#include "tests/sim/script/scenario_errors_support.h"

namespace sim {
namespace {

using test::ErrorCase;
using test::errors_of;
using test::errors_with;
using testing::ElementsAre;

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

TEST(ScenarioErrors, Table) {
  constexpr ErrorCase kRows[] = {
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

}  // namespace
}  // namespace sim
