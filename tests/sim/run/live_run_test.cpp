#include "sim/run/live_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <utility>
#include <variant>

#include "sim/measure/checker/closed_forms.h"
#include "sim/measure/figures/summary_cells.h"
#include "sim/script/read/load_scenario.h"
#include "sim/script/spec/summary_columns.h"
#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

Scenario live_scenario(const std::string& text) {
  auto scenario = parse_scenario("test.json", text);
  if (scenario) return std::move(scenario).value();
  for (const std::string& line : scenario.error()) ADD_FAILURE() << line;
  return {};
}

class LiveRunTest : public testing::Test {
 protected:
  void SetUp() override { std::signal(SIGPIPE, SIG_IGN); }

  herd::Result<RunResults, Error> run(const Scenario& scenario,
                                      std::function<void(const Progress&)> on_progress = {}) {
    LiveRunOptions options;
    options.log_folder = folder_.path();
    options.on_progress = std::move(on_progress);
    return run_live(scenario, options);
  }
  RunResults play(const std::string& text) {
    auto results = run(live_scenario(text));
    if (results) return std::move(results).value();
    ADD_FAILURE() << results.error().message;
    return {};
  }

  test::TempFolder folder_;
};

// Returns a numeric number_in of a herd's summary.
double number_in(const HerdResults& herd, std::string_view column) {
  const auto figure = figure_of(cell_of(herd, find_column(column).value()));
  EXPECT_TRUE(figure) << "no number " << column;
  return figure.value_or(-1);
}

void expect_closed_form(const HerdResults& herd, herd::Scheme scheme, Component component,
                        std::uint64_t updates) {
  SCOPED_TRACE(herd.herd);
  const FloodCounts each = closed_form(scheme, component).value();
  const auto times = [&](std::uint64_t count) { return static_cast<double>(updates * count); };
  EXPECT_EQ(number_in(herd, "servers"), static_cast<double>(component.servers));
  EXPECT_EQ(number_in(herd, "links"), static_cast<double>(component.links));
  EXPECT_EQ(number_in(herd, "updates"), times(1));
  EXPECT_EQ(number_in(herd, "accepted"), times(1));
  EXPECT_EQ(number_in(herd, "covered"), times(1));
  EXPECT_EQ(number_in(herd, "messages"), times(each.messages));
  EXPECT_EQ(number_in(herd, "deliveries"), times(each.deliveries));
  EXPECT_EQ(number_in(herd, "duplicates"), times(each.duplicates));
  EXPECT_EQ(number_in(herd, "echoes"), times(each.echoes));
  for (const char* none : {"stale", "lost", "undelivered", "link_drops", "violations"}) {
    EXPECT_EQ(number_in(herd, none), 0) << none;
  }
  EXPECT_EQ(number_in(herd, "converged"), 1);
  EXPECT_THAT(herd.violations, IsEmpty());
  std::uint64_t messages = 0;
  for (const LinkRow& link : herd.links) {
    messages += link.messages;
    EXPECT_GE(link.bytes, link.messages);
  }
  EXPECT_EQ(messages, updates * each.messages);
  EXPECT_EQ(herd.links.size(), 2 * component.links);
  EXPECT_EQ(herd.deliveries.size(), updates * each.deliveries);
}

// Each update comes from a client of its own, so that none can overtake another on a slow machine.
constexpr std::uint64_t kUpdates = 24;
const std::string kClients = R"("duration": "120ms", "drain": "60s",
    "clients": [{"id": "phone-{n}", "count": 4, "server": "spread", "updates": {"every": "120ms"}}],
    "events": [{"at": "60ms", "do": "burst", "server": "@", "updates": 20, "clients": 20,
                "over": "20ms"}])";

struct TopologyCase {
  const char* name;
  const char* herd;  // the keys for its servers and links
  const char* first_server;
  Component component;
};

const TopologyCase kTopologies[] = {
    {"Paper", R"("links": "paper")", "Alford", {5, 5}},
    {"Alone", R"("servers": 1, "links": [])", "S1", {1, 0}},
    {"Pair", R"("servers": 2, "links": [["S1", "S2"]])", "S1", {2, 1}},
    {"Ring", R"("servers": 7, "links": "ring")", "S1", {7, 7}},
    {"Line", R"("servers": 6, "links": "line")", "S1", {6, 5}},
    {"Star", R"("servers": 8, "links": "star")", "S1", {8, 7}},
    {"Complete", R"("servers": 6, "links": "complete")", "S1", {6, 15}},
    {"Tree", R"("servers": 10, "links": "tree")", "S1", {10, 9}},
    {"Regular", R"("servers": 12, "links": {"regular": 4})", "S1", {12, 24}},
    {"Grid", R"("servers": 12, "links": {"grid": [4, 3]})", "S1", {12, 17}},
};

std::string clients_at(const std::string& server) {
  std::string out = kClients;
  return out.replace(out.find('@'), 1, server);
}

class LiveRunTopologyTest
    : public LiveRunTest,
      public testing::WithParamInterface<std::tuple<TopologyCase, herd::Scheme>> {};

TEST_P(LiveRunTopologyTest, CountsAreTheClosedForm) {
  const auto& [topology, scheme] = GetParam();
  const RunResults results = play(R"({"name": "t", "herds": [{"name": "h", "propagation": ")" +
                                  std::string(herd::to_string(scheme)) + "\", " + topology.herd +
                                  "}], " + clients_at(topology.first_server) + "}");
  EXPECT_TRUE(results.complete);
  ASSERT_EQ(results.herds.size(), 1U);
  expect_closed_form(results.herds[0], scheme, topology.component, kUpdates);
}

INSTANTIATE_TEST_SUITE_P(All, LiveRunTopologyTest,
                         testing::Combine(testing::ValuesIn(kTopologies),
                                          testing::Values(herd::Scheme::kFloodEcho,
                                                          herd::Scheme::kFlood)),
                         [](const auto& each) {
                           return std::string(std::get<0>(each.param).name) +
                                  (std::get<1>(each.param) == herd::Scheme::kFlood ? "Flood"
                                                                                   : "FloodEcho");
                         });

TEST_F(LiveRunTest, AHerdOnSeveralLoopsCountsTheSameAndItsThreadsTime) {
  for (const char* loops : {"2", "3", "5"}) {
    SCOPED_TRACE(loops);
    const RunResults results =
        play(R"({"name": "t", "herds": [{"name": "h", "links": "paper", "loops": )" +
             std::string(loops) + "}], " + clients_at("Alford") + "}");
    EXPECT_TRUE(results.complete);
    ASSERT_EQ(results.herds.size(), 1U);
    expect_closed_form(results.herds[0], herd::Scheme::kFloodEcho, {5, 5}, kUpdates);
    EXPECT_GT(number_in(results.herds[0], "cpu_s"), 0);
    std::set<std::uint16_t> ports;
    for (const ServerRow& server : results.herds[0].servers) {
      EXPECT_TRUE(ports.insert(server.port).second) << server.port;
      EXPECT_EQ(server.clients_known, kUpdates);
    }
  }
}

TEST_F(LiveRunTest, HerdsSideBySideMeetTheSameWorld) {
  const RunResults results = play(R"({"name": "two", "herds": [
      {"name": "echo", "propagation": "flood-echo", "links": "paper"},
      {"name": "split", "propagation": "flood", "links": "paper"}], )" +
                                  clients_at("Welsh") + "}");
  ASSERT_EQ(results.herds.size(), 2U);
  EXPECT_TRUE(results.complete);
  expect_closed_form(results.herds[0], herd::Scheme::kFloodEcho, {5, 5}, kUpdates);
  expect_closed_form(results.herds[1], herd::Scheme::kFlood, {5, 5}, kUpdates);
  // Both herds get the same script, so each update is planned for the same moment.
  ASSERT_EQ(results.herds[0].updates.size(), results.herds[1].updates.size());
  for (std::size_t i = 0; i < kUpdates; ++i) {
    EXPECT_EQ(results.herds[0].updates[i].sent, results.herds[1].updates[i].sent);
    EXPECT_EQ(results.herds[0].updates[i].client, results.herds[1].updates[i].client);
  }
  // Ten servers have ten ports and ten logs.
  std::set<std::uint16_t> ports;
  for (const HerdResults& herd : results.herds) {
    for (const ServerRow& server : herd.servers) {
      EXPECT_TRUE(ports.insert(server.port).second) << server.port;
      EXPECT_TRUE(exists(folder_.path() / herd.herd / (server.server + ".log")));
    }
  }
  EXPECT_EQ(ports.size(), 10U);
}

TEST_F(LiveRunTest, LinkThatIsDownThroughoutLeavesALine) {
  const RunResults results = play(R"({"name": "down", "duration": "150ms", "drain": "60s",
      "herds": [{"name": "echo", "propagation": "flood-echo", "links": "paper"},
                {"name": "split", "propagation": "flood", "links": "paper"}],
      "clients": [{"id": "phone", "server": "Ball"}],
      "events": [{"at": "0s", "do": "link_down", "link": ["Alford", "Welsh"]},
                 {"at": "100ms", "do": "burst", "server": "Ball", "updates": 50, "clients": 50, "over": "0s"}]})");
  ASSERT_EQ(results.herds.size(), 2U);
  for (std::size_t h = 0; h < 2; ++h) {
    const HerdResults& herd = results.herds[h];
    EXPECT_EQ(number_in(herd, "accepted"), 50);
    EXPECT_EQ(number_in(herd, "covered"), 50);
    EXPECT_EQ(number_in(herd, "messages"), h == 0 ? 400 : 200);
    EXPECT_EQ(number_in(herd, "duplicates"), h == 0 ? 200 : 0);
    EXPECT_EQ(number_in(herd, "echoes"), h == 0 ? 200 : 0);
    EXPECT_EQ(number_in(herd, "link_drops"), 1);
    EXPECT_THAT(herd.violations, IsEmpty());
  }
}

TEST_F(LiveRunTest, LinkThatComesBackCarriesUpdatesAgain) {
  const RunResults results = play(R"({"name": "back", "duration": "1400ms", "drain": "60s",
      "herds": [{"name": "h", "servers": 2, "links": "line"}],
      "clients": [{"id": "phone", "server": "S1"}],
      "events": [{"at": "10ms", "do": "link_down", "link": ["S1", "S2"]},
                 {"at": "150ms", "do": "burst", "server": "S1", "updates": 7, "clients": 7, "over": "0s"},
                 {"at": "1200ms", "do": "link_up", "link": ["S1", "S2"]},
                 {"at": "1390ms", "do": "burst", "server": "S1", "updates": 5, "clients": 5, "over": "0s"}]})");
  ASSERT_EQ(results.herds.size(), 1U);
  const HerdResults& herd = results.herds[0];
  EXPECT_THAT(herd.violations, IsEmpty());
  EXPECT_EQ(number_in(herd, "accepted"), 12);
  EXPECT_EQ(number_in(herd, "undelivered") + number_in(herd, "deliveries"),
            number_in(herd, "accepted"));
  EXPECT_GE(number_in(herd, "undelivered"), 7);
  EXPECT_EQ(number_in(herd, "link_drops"), 1);
}

// The drain is shorter than a client's link, and than Places: answers are on their way at the end.
TEST_F(LiveRunTest, AnswersThatAreOnTheirWayAreNoViolation) {
  const RunResults run = play(R"({"name": "short", "duration": "300ms", "drain": "1s",
      "herds": [{"name": "h", "servers": 2, "links": "line", "places": {"latency": "5s"}}],
      "clients": [{"id": "far", "server": "S1", "link": {"latency": "900ms"}, "updates": "20/s"},
                  {"id": "asks", "server": "S2", "updates": "20/s", "queries": "10/s"}]})");
  ASSERT_EQ(run.herds.size(), 1U);
  EXPECT_GT(number_in(run.herds[0], "silences"), 0);
  EXPECT_THAT(run.herds[0].violations, IsEmpty());
}

TEST_F(LiveRunTest, TakenPortIsAnErrorThatNamesIt) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(fd, 1), 0);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  const std::string port = std::to_string(ntohs(address.sin_port));
  const auto results = run(
      live_scenario(R"({"name": "taken", "duration": "1s", "herds": [{"name": "h", "servers": ["A",
                 {"name": "B", "port": )" +
                    port + R"(}], "links": "line"}]})"));
  ASSERT_FALSE(results.ok());
  EXPECT_THAT(results.error().message,
              HasSubstr("herd h: server B: cannot listen on 127.0.0.1:" + port));
  EXPECT_THAT(results.error().message, HasSubstr("in use"));
  close(fd);
}

TEST_F(LiveRunTest, LogsThatCannotBeMadeAreAnError) {
  std::ofstream(folder_.path() / "h") << "a file where a folder is to be";
  const auto results = run(live_scenario(
      R"({"name": "l", "duration": "1s", "herds": [{"name": "h", "servers": 1, "links": []}]})"));
  ASSERT_FALSE(results.ok());
  EXPECT_THAT(results.error().message, HasSubstr((folder_.path() / "h").string()));
}

// Sends SIGINT as soon as the run listens for it, which it does during set-up.
class Interrupter {
 public:
  explicit Interrupter(int signal)
      : thread_([this, signal] {
          struct sigaction now {};
          while (!stop_) {
            sigaction(signal, nullptr, &now);
            if (now.sa_handler != SIG_DFL && now.sa_handler != SIG_IGN) {
              kill(getpid(), signal);
              return;
            }
            std::this_thread::yield();
          }
        }) {}
  ~Interrupter() {
    stop_ = true;
    thread_.join();
  }
  Interrupter(const Interrupter&) = delete;
  Interrupter& operator=(const Interrupter&) = delete;

 private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

TEST_F(LiveRunTest, InterruptedSetUpGivesResultsThatAreNotComplete) {
  const Scenario scenario = live_scenario(R"({"name": "i", "duration": "600s",
      "herds": [{"name": "h", "servers": 40, "links": "complete"},
                {"name": "g", "servers": 40, "links": "complete"}],
      "clients": [{"id": "phone-{n}", "count": 10, "server": "spread", "updates": {"every": "60s"}}],
      "events": [{"at": "599s", "do": "burst", "server": "S1", "updates": 3, "clients": 3, "over": "0s"}],
      "expect": [{"herd": "*", "metric": "updates", "equals": 100}]})");
  for (const int signal : {SIGINT, SIGTERM}) {
    const Interrupter interrupter(signal);
    const auto results = run(scenario);
    ASSERT_TRUE(results.ok()) << results.error().message;
    EXPECT_FALSE(results->complete);
    ASSERT_EQ(results->herds.size(), 2U);
    for (const HerdResults& herd : results->herds) {
      EXPECT_EQ(herd.summary.size(), kSummaryColumns.size());
      EXPECT_EQ(herd.servers.size(), 40U);
      EXPECT_EQ(number_in(herd, "violations"), 0);
      EXPECT_EQ(number_in(herd, "accepted"), 0);
      EXPECT_EQ(number_in(herd, "messages"), 0);
      EXPECT_GE(number_in(herd, "wall_s"), 0);
    }
  }
}

TEST_F(LiveRunTest, InterruptedRunGivesWhatWasPlayed) {
  const Scenario scenario = live_scenario(R"({"name": "i", "duration": "600s",
      "herds": [{"name": "h", "links": "paper"}],
      "clients": [{"id": "phone-{n}", "count": 5, "server": "spread", "updates": {"every": "20ms"}}]})");
  bool raised = false;
  const auto results = run(scenario, [&](const Progress& progress) {
    EXPECT_EQ(progress.total, std::chrono::seconds(600));
    if (progress.updates < 10 || raised) return;
    raised = true;
    raise(SIGINT);
  });
  ASSERT_TRUE(results.ok()) << results.error().message;
  EXPECT_FALSE(results->complete);
  ASSERT_EQ(results->herds.size(), 1U);
  EXPECT_GE(number_in(results->herds[0], "updates"), 10);
  EXPECT_EQ(number_in(results->herds[0], "violations"), 0);
  // The run has stopped listening for signals.
  struct sigaction now {};
  sigaction(SIGINT, nullptr, &now);
  EXPECT_EQ(now.sa_handler, SIG_DFL);
}

}  // namespace
}  // namespace sim
