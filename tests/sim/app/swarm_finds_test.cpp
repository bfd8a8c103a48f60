// Regression tests: scenarios with which the swarm found bugs, reduced.
#include <gtest/gtest.h>

#include <string>

#include "sim/app/swarm/verdict.h"

namespace sim {
namespace {

struct Find {
  const char* name;
  const char* rest;  // the scenario after its first keys
};
void PrintTo(const Find& find, std::ostream* out) { *out << find.name; }

class SwarmFinds : public testing::TestWithParam<Find> {};

TEST_P(SwarmFinds, DoNotComeAgain) {
  const std::string frame = R"({"name": "find", "clock": "virtual", "drain": "2min", )";
  const Verdict verdict = judge(frame + GetParam().rest + "}", {.again = true, .other_wire = true});
  for (const Failure& failure : verdict.failures) ADD_FAILURE() << failure.sentence;
}

constexpr Find kFinds[] = {
    {"EndsOvertakeWhatALinkLost", R"("seed": 69, "duration": "900ms",
        "herds": [{"name": "h0", "servers": ["S6", "S8"], "links": [["S6", "S8"]],
                   "link": {"latency": "100ms", "loss": "2%"}, "keepalive": {"timeout": "400ms"}}],
        "clients": [{"id": "c0-{n}", "count": 3, "server": "S6", "updates": {"rate": "50/s"}}])"},
    {"AnswersBehindAWhatsat", R"("duration": "207ms",
        "herds": [{"name": "h0", "servers": 1, "links": [], "places": {"latency": "1s"}}],
        "clients": [{"id": "c1", "server": "S1", "updates": "10/s", "queries": "1/s"}])"},
    {"ConnectionInTheDeadOnesPlace", R"("duration": "2001ms",
        "herds": [{"name": "h0", "servers": 2, "links": "line"}],
        "events": [{"at": "1s", "do": "link_down", "link": ["S1", "S2"], "how": "blackhole"},
                   {"at": "1s", "do": "server_down", "server": "S1"},
                   {"at": "1s", "do": "server_up", "server": "S1"},
                   {"at": "2s", "do": "server_down", "server": "S2"},
                   {"at": "2s", "do": "link_up", "link": ["S1", "S2"]}],
        "clients": [{"id": "c2", "server": "S1", "updates": "1/s"}])"},
    {"PauseBeforeALinkIsInStep", R"("duration": "1100ms",
        "herds": [{"name": "h0", "servers": ["S1", "S3"], "links": "line", "recovery": "sync"}],
        "events": [{"at": "0s", "do": "set_link", "latency": "40ms"},
                   {"at": "0s", "do": "send", "client": "c0-0", "line": "IAMAT told-2 +90+180 1"},
                   {"at": "0s", "do": "server_down", "server": "S1"},
                   {"at": "900ms", "do": "server_up", "server": "S1"},
                   {"at": "1100ms", "do": "pause", "server": "S3"}],
        "clients": [{"id": "c0-0", "server": "S3"}])"},
    {"BlackholeBeforeALinkIsInStep", R"("duration": "1100ms",
        "herds": [{"name": "h0", "servers": ["S1", "S3"], "links": "line", "recovery": "sync"}],
        "events": [{"at": "0s", "do": "set_link", "latency": "40ms"},
                   {"at": "0s", "do": "send", "client": "c0-0", "line": "IAMAT told-2 +90+180 1"},
                   {"at": "0s", "do": "server_down", "server": "S1"},
                   {"at": "900ms", "do": "server_up", "server": "S1"},
                   {"at": "1100ms", "do": "link_down", "link": ["S1", "S3"], "how": "blackhole"}],
        "clients": [{"id": "c0-0", "server": "S3"}])"},
    {"RepeatAfterARestart", R"("duration": "900ms",
        "herds": [{"name": "h0", "servers": ["S1", "S3", "S6"], "links": "line"}],
        "events": [{"at": "0s", "do": "link_down", "link": ["S1", "S3"]},
                   {"at": "0s", "do": "send", "client": "c0", "line": "IAMAT told +34.1-118.4 1479413885"},
                   {"at": "500ms", "do": "link_up", "link": ["S1", "S3"]},
                   {"at": "600ms", "do": "server_down", "server": "S6"},
                   {"at": "800ms", "do": "server_up", "server": "S6"},
                   {"at": "900ms", "do": "send", "client": "c0", "line": "IAMAT told +34.1-118.4 1479413885"}],
        "clients": [{"id": "c0", "server": "S6"}])"},
    // A dial that failed while its server was paused is not told as a later one's.
    {"ADialThatFailedInAPause", R"("seed": 1027413, "duration": "4s",
        "herds": [{"name": "h0", "service_time": "970us"}],
        "events": [{"at": "180ms", "do": "chaos", "over": "2900ms", "lasting": "439ms",
                    "blackhole": "268/min", "server_down": "196/min"},
                   {"at": "3s", "do": "chaos", "over": "700ms", "lasting": "5ms",
                    "link_down": "286/min"},
                   {"at": "1840ms", "do": "pause", "server": "Hamilton"},
                   {"at": "4s", "do": "resume", "server": "Hamilton"}],
        "clients": [{"id": "c0-{n}", "server": "Alford", "handover": {"on_loss": "next"},
                     "updates": "5/s"}])"},
    // A connection that comes during a pause may break before the server has come to its lines.
    {"AConnectionThatCameInAPause", R"("duration": "1s",
        "herds": [{"name": "h0", "servers": 2, "links": [["S2", "S1"]], "service_time": "1ms"}],
        "events": [{"at": "100ms", "do": "pause", "server": "S1"},
                   {"at": "200ms", "do": "link_down", "link": ["S1", "S2"], "how": "reset"},
                   {"at": "300ms", "do": "link_up", "link": ["S1", "S2"]},
                   {"at": "500ms", "do": "resume", "server": "S1"},
                   {"at": "501ms", "do": "link_down", "link": ["S1", "S2"], "how": "reset"}],
        "clients": [{"id": "c", "server": "S1", "updates": "200/s"}])"},
    // A server closes the connection after a bad LINK, and answers nothing that comes after it.
    {"AnUpdateAfterABadLink", R"("duration": "1s", "herds": [{"name": "h"}],
        "clients": [{"id": "c", "server": "Ball", "link": {"latency": "20ms"}}],
        "events": [{"at": "100ms", "do": "send", "client": "c", "line": "LINK h a b c"},
                   {"at": "110ms", "do": "send", "client": "c", "line": "IAMAT c +34-118 1"}])"},
    // The servers still route by a map without a link that has come back.
    {"AnUpdateByAnOldMap", R"("seed": 33026, "duration": "525ms",
        "herds": [{"name": "h0", "link": {"jitter": {"normal": "10ms"}},
                   "propagation": "source-tree", "keepalive": {"every": "50ms"},
                   "servers": ["Alford", "Ball", "Hamilton", "Welsh"],
                   "links": [["Alford", "Hamilton"], ["Alford", "Welsh"], ["Ball", "Welsh"],
                             ["Ball", "Hamilton"]]}],
        "events": [{"at": "400ms", "do": "link_down", "link": ["Ball", "Hamilton"]},
                   {"at": "500ms", "do": "link_up"},
                   {"at": "100ms", "do": "link_down", "link": ["Welsh", "Alford"]}],
        "clients": [{"id": "c0-{n}", "count": 3, "server": "spread", "updates": "216000/h"}])"},
    // A line that is sent again arrives late, and those behind it get another bandwidth.
    {"ABandwidthBehindALateLine", R"("duration": "1100ms",
        "herds": [{"name": "h0", "servers": ["S6", "S7"], "links": [["S6", "S7"]]}],
        "events": [{"at": "500ms", "do": "set_link", "loss": "8%"},
                   {"at": "1s", "do": "set_link", "bandwidth": "1gbit/s"},
                   {"at": "1100ms", "do": "set_link", "latency": "0s"}],
        "clients": [{"id": "c0-{n}", "server": "S6", "updates": {"rate": "20/s"}}])"},
    {"AnAnnouncementLostWithItsLink", R"("duration": "500ms",
        "herds": [{"name": "h0", "servers": ["S1", "S2", "S3"], "links": "complete",
                   "propagation": {"scheme": "plumtree", "trees": "shared",
                                   "graft_timeout": "700ms"}}],
        "events": [{"at": "500ms", "do": "link_down", "link": ["S1", "S2"]},
                   {"at": "500ms", "do": "link_down", "link": ["S2", "S3"]},
                   {"at": "500ms", "do": "link_up"}],
        "clients": [{"id": "café0-{n}", "server": "S1", "updates": "1/s"},
                    {"id": "c2-{n}", "count": 3, "server": "S3", "updates": "1/s"}])"},
    // The neighbour that announced the newest record is gone; another one announced an older one.
    {"AnOlderAnnouncementIsLeft", R"("duration": "500ms",
        "herds": [{"name": "h0", "servers": 5,
                   "links": [["S1", "S2"], ["S2", "S3"], ["S3", "S4"], ["S4", "S5"], ["S1", "S5"]],
                   "link": {"latency": "20ms"}, "recovery": "sync",
                   "propagation": {"scheme": "plumtree", "trees": "shared"}}],
        "events": [{"at": "500ms", "do": "link_down", "link": ["S3", "S4"]},
                   {"at": "500ms", "do": "link_down", "link": ["S1", "S2"]}],
        "clients": [{"id": "c0-{n}", "count": 3, "server": "spread", "updates": "10/s"}])"},
    // One herd looks for neighbours for ever, while another one is never quiet.
    {"AMeshThatIsNeverComplete", R"("seed": 12369, "duration": "1800ms",
        "herds": [{"name": "h0", "servers": 2, "links": "line", "keepalive": "off"},
                  {"name": "h1", "links": "star", "propagation": "gossipsub",
                   "servers": ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S14", "S15", "S16", "S17",
                               "S18", "S19", "S21"],
                   "link": {"backward": {"latency": "40ms"}}}],
        "events": [{"at": "0s", "herd": "h0", "do": "link_down", "link": ["S1", "S2"],
                    "how": "blackhole"},
                   {"at": "0s", "herd": "h1", "do": "link_down", "link": ["S1", "S21"]},
                   {"at": "0s", "herd": "h1", "do": "link_up"}],
        "clients": [{"id": "c2-{n}", "server": "S1", "updates": "1/s",
                     "link": {"latency": "2710ms"}}])"},
    // One herd has news of its map in flight when the other one comes to rest.
    {"AMapThatIsStillTold", R"("seed": 68495, "duration": "1001ms",
        "herds": [{"name": "h0", "servers": 4, "links": [["S1", "S2"], ["S1", "S3"], ["S2", "S4"]],
                   "link": {"latency": "34ms", "bandwidth": "64kbit/s"},
                   "propagation": "source-tree"},
                  {"name": "h2", "servers": 3, "links": "line", "link": {"latency": "50ms"},
                   "propagation": "source-tree"}],
        "events": [{"at": "1s", "do": "server_up", "server": "S3"},
                   {"at": "0s", "do": "server_down", "server": "S3"}],
        "clients": [{"id": "c0-{n}", "server": "S3", "updates": "1/s"}])"},
    // A newer update takes an update's place in an outbox, and then meets a cut.
    {"ANewerOneThatMetACut", R"("duration": "600ms",
        "herds": [{"name": "h0", "propagation": "source-tree", "batch": {"wait": "190ms", "max": 1},
                   "servers": [{"name": "S1", "at": "+34.144494-118.583485"},
                               {"name": "S3", "at": "+34.096119-118.575206"},
                               {"name": "S4", "at": "+34.090824-118.477114"},
                               {"name": "S5", "at": "+34.120362-118.323279"},
                               {"name": "S6", "at": "+34.138744-118.516401"},
                               {"name": "S7", "at": "+34.125688-118.477195"}],
                   "links": [["S1", "S3"], ["S3", "S4"], ["S4", "S5"], ["S5", "S6"], ["S6", "S7"],
                             ["S1", "S7"]]}],
        "events": [{"at": "600ms", "do": "server_down", "server": "S6"},
                   {"at": "500ms", "do": "link_down", "link": ["S1", "S3"]}],
        "clients": [{"id": "c0-{n}", "count": 3, "server": "nearest", "updates": "10/s",
                     "mobility": {"model": "gauss_markov", "speed": "731m/s",
                                  "area": ["+34.000000-118.600000", "+34.200000-118.300000"]}}])"},
    // Servers that start between cut links take these for up at first, and repair what they miss.
    {"LinksThatNeverComeUp", R"("seed": 97245, "duration": "2708ms",
        "herds": [{"name": "h0", "servers": 6, "link": {"latency": "10ms"},
                   "propagation": "source-tree", "recovery": "sync",
                   "links": [["S1", "S2"], ["S1", "S4"], ["S1", "S5"], ["S1", "S6"], ["S2", "S3"],
                             ["S2", "S4"], ["S2", "S5"], ["S3", "S4"], ["S3", "S5"], ["S3", "S6"],
                             ["S4", "S6"], ["S5", "S6"]]}],
        "events": [{"at": "1s", "do": "chaos", "over": "1340ms", "lasting": "100ms",
                    "server_down": "273/min"},
                   {"at": "1s", "do": "partition", "groups": [["S1", "S3"]]},
                   {"at": "0ms", "do": "link_down", "links": 2}],
        "clients": [{"id": "{x}1-{n}", "server": "S4", "handover": {"every": "1s"},
                     "updates": "2/s"}])"},
    // Questions for a client's records wait behind a lost packet, and arrive all at once.
    {"QuestionsThatArriveTogether", R"("seed": 192559, "duration": "1500ms",
        "herds": [{"name": "h0", "servers": 4, "links": [["S1", "S2"], ["S2", "S3"], ["S3", "S4"],
                                                         ["S1", "S4"]],
                   "link": {"latency": "1ms", "jitter": "6900us", "loss": "5%"},
                   "propagation": "plumtree", "recovery": {"scheme": "sync", "every": "760ms"}}],
        "clients": [{"id": "c0-{n}", "count": 2, "server": "spread", "updates": "52800/h"},
                    {"id": "c1-{n}", "server": "S2", "updates": "79200/h",
                     "link": {"latency": "32ms"}}])"},
    {"APauseWithRecordsInTheOutbox", R"("duration": "100ms",
        "herds": [{"name": "h0", "servers": 2, "links": "line", "recovery": "sync",
                   "batch": {"wait": "100ms"}}],
        "events": [{"at": "100ms", "do": "pause", "server": "S1"}],
        "clients": [{"id": "c0-{n}", "count": 2, "server": "S1", "updates": "10/s"}])"},
};

// Where the drain is shorter than what an answer has to wait for, answers are still to come.
constexpr Find kShortDrains[] = {
    {"AClientsLink", R"("duration": "1s", "drain": "1s", "herds": [{"name": "h"}],
        "clients": [{"id": "c", "server": "Ball", "link": {"latency": "2s"}, "updates": "2/s"}])"},
    {"AnswersOnTheirWay", R"("duration": "1s", "drain": "1s", "herds": [{"name": "h"}],
        "clients": [{"id": "c", "server": "Ball", "link": {"down": {"latency": "4s"}},
                     "updates": "2/s"}])"},
    {"ALostLine", R"("duration": "1s", "drain": "10ms", "herds": [{"name": "h"}],
        "clients": [{"id": "c", "server": "Ball", "link": {"latency": "1ms", "loss": "60%"},
                     "updates": "20/s"}])"},
    {"Places", R"("duration": "1s", "drain": "100ms",
        "herds": [{"name": "h", "places": {"latency": "3s"}}],
        "clients": [{"id": "c", "server": "Ball", "updates": "9/s", "queries": "2/s"}])"},
    {"ASlowServer", R"("duration": "1s", "drain": "100ms",
        "herds": [{"name": "h", "servers": 1, "links": [], "service_time": "300ms"}],
        "clients": [{"id": "c", "server": "S1", "updates": "20/s"}])"},
    {"ADial", R"("duration": "1s", "drain": "10ms", "herds": [{"name": "h"}],
        "events": [{"at": "999ms", "do": "move", "client": "c", "to": "Alford"},
                   {"at": "1s", "do": "send", "client": "c", "line": "IAMAT c +34-118 1"}],
        "clients": [{"id": "c", "server": "Ball", "link": {"latency": "100ms"}}])"},
    {"APausedServer", R"("duration": "1s", "drain": "1s", "herds": [{"name": "h"}],
        "events": [{"at": "500ms", "do": "pause", "server": "Alford"},
                   {"at": "900ms", "do": "move", "client": "c", "to": "Alford"}],
        "clients": [{"id": "c", "server": "Ball", "updates": "20/s"},
                    {"id": "d", "server": "Alford", "updates": "20/s"}])"},
    {"NoDrain", R"("duration": "1s", "drain": "0s", "herds": [{"name": "h"}],
        "clients": [{"id": "c", "server": "Ball", "link": {"latency": "1ms"}, "updates": "1000/s"}])"},
    {"FloodsOnTheirWay", R"("duration": "1s", "drain": "1ms",
        "herds": [{"name": "h", "link": {"latency": "20ms"}, "recovery": "sync"}],
        "clients": [{"id": "c", "server": "Ball", "updates": "1000/s"}])"},
};

class ShortDrains : public testing::TestWithParam<Find> {};

TEST_P(ShortDrains, AreNoViolation) {
  const std::string frame = R"({"name": "short", "clock": "virtual", )";
  const Verdict verdict = judge(frame + GetParam().rest + "}", {});
  for (const Failure& failure : verdict.failures) ADD_FAILURE() << failure.sentence;
}

INSTANTIATE_TEST_SUITE_P(Each, ShortDrains, testing::ValuesIn(kShortDrains),
                         [](const auto& find) { return std::string(find.param.name); });

INSTANTIATE_TEST_SUITE_P(Each, SwarmFinds, testing::ValuesIn(kFinds),
                         [](const auto& find) { return std::string(find.param.name); });

}  // namespace
}  // namespace sim
