// Keep-alives in virtual time: ALIVE lines that are not played one by one count as if they were.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "sim/run/virtual_run.h"
#include "tests/sim/run/measured_words.h"
#include "tests/sim/run/virtual_scenario.h"

namespace sim {
namespace {

// A loss that hits no line, but whose model makes a link one whose ALIVE lines are played.
constexpr std::string_view kPlayed = R"("loss": 1e-15, )";

RunResults play_keep_alives(const std::string& members, std::uint64_t max_events = 0) {
  VirtualRunOptions options;
  options.max_events = max_events;
  auto results = run_virtual(virtual_scenario(members), options);
  if (results) return std::move(results).value();
  ADD_FAILURE() << results.error().message;
  return {};
}

std::string idle_herd(std::string_view link, std::string_view keep_alive) {
  return fmt::format(R"("duration": "10s", "herds": [{{"name": "h", "servers": 2, "links": "line",
      "link": {{{}"latency": "10ms"}}, "keepalive": {}}}],
      "events": [{{"at": "5s", "do": "burst", "server": "S1", "updates": 1, "over": "0s"}}])",
                     link, keep_alive);
}

TEST(AssuredLinks, CostNoEvents) {
  const std::string often = R"({"every": "20ms"})";
  const RunResults run = play_keep_alives(idle_herd("", often), 200);
  ASSERT_EQ(run.herds.size(), 1U);
  EXPECT_TRUE(run.herds[0].violations.empty());
  VirtualRunOptions options;
  options.max_events = 200;
  EXPECT_FALSE(run_virtual(virtual_scenario(idle_herd(kPlayed, often)), options));
}

// The link comes up at S2, which was dialled, 10 ms before time zero, and at S1 at time zero. S1
// says something else at 5 s, and the run ends when that has come to S2 and back, at 10 s.
TEST(AssuredLinks, CountEachAliveLine) {
  const RunResults with = play_keep_alives(idle_herd("", R"({"every": "300ms"})"));
  const RunResults without = play_keep_alives(idle_herd("", R"("off")"));
  const auto more = [&](std::size_t direction) {
    return with.herds[0].links[direction].bytes - without.herds[0].links[direction].bytes;
  };
  const std::uint64_t alive = std::string_view("ALIVE\n").size();
  EXPECT_EQ(more(0), (16 + 16) * alive);
  EXPECT_EQ(more(1), (16 + 16) * alive);
}

// How late a server looks at a link after a pause is part of how long it waits for its neighbour.
// It looks when it meant to before it sent the last lines.
TEST(AssuredLinks, AreLookedAtAfterAPauseAsIfEachAliveWerePlayed) {
  const auto paused = [](std::string_view link, std::string_view when) {
    return fmt::format(R"("duration": "5s", "herds": [{{"name": "h", "servers": 2,
        "links": "line", "link": {{{}"latency": "10ms"}},
        "keepalive": {{"every": "200ms", "timeout": "1500ms"}}}}],
      "clients": [{{"id": "c", "server": "S1", "updates": {{"every": "70ms"}}}}],
      "events": [
        {{"at": "{}", "do": "pause", "server": "S1"}},
        {{"at": "1500ms", "do": "link_down", "link": ["S1", "S2"], "how": "blackhole",
          "direction": "backward"}},
        {{"at": "2s", "do": "resume", "server": "S1"}}])",
                       link, when);
  };
  for (const char* const when : {"1s", "1030ms", "1060ms"}) {
    SCOPED_TRACE(when);
    EXPECT_EQ(measured_words(play_keep_alives(paused("", when))),
              measured_words(play_keep_alives(paused(kPlayed, when))));
  }
}

// Faults of all kinds, also at moments at which ALIVE lines are due, and updates on the links.
TEST(AssuredLinks, GiveTheResultsOfPlayingEachAlive) {
  const auto faults = [](std::string_view link, std::string_view scheme, std::string_view recovery,
                         std::string_view latency, int seed) {
    return fmt::format(R"("duration": "6s", "drain": "5s", "seed": {}, "herds": [{{"name": "h",
        "servers": 6, "links": {{"regular": 3}}, "link": {{{}"latency": "{}"}},
        "propagation": "{}", "recovery": {}, "keepalive": {{"every": "200ms",
        "timeout": "700ms"}}}}],
      "clients": [{{"id": "c-{{n}}", "count": 2, "server": "spread", "updates": {{"every":
        "700ms"}}}}],
      "events": [
        {{"at": "400ms", "do": "server_down", "server": "S4"}},
        {{"at": "800ms", "do": "server_up", "server": "S4"}},
        {{"at": "1s", "do": "pause", "server": "S1"}},
        {{"at": "1100ms", "do": "resume", "server": "S1"}},
        {{"at": "1s", "do": "burst", "server": "S2", "updates": 3, "over": "0s"}},
        {{"at": "1600ms", "do": "set_link", "latency": "5ms"}},
        {{"at": "2s", "do": "set_link", "latency": "{}"}},
        {{"at": "2100ms", "do": "chaos", "over": "3s", "lasting": "300ms", "link_down": "2/s",
          "blackhole": "1/s", "server_down": "1/s", "pause": "1/s", "partition": "20/min"}}])",
                       seed, link, latency, scheme, recovery, latency);
  };
  int seed = 0;
  for (const char* const scheme :
       {"flood", "flood-echo", "source-tree", "plumtree", "gossip", "gossipsub"}) {
    for (const char* const recovery : {R"("none")", R"({"scheme": "sync", "every": "400ms"})"}) {
      for (const char* const latency : {"0ms", "10ms", "150ms"}) {
        SCOPED_TRACE(fmt::format("{}, {}, {}", scheme, recovery, latency));
        ++seed;
        const RunResults run = play_keep_alives(faults("", scheme, recovery, latency, seed));
        const RunResults played =
            play_keep_alives(faults(kPlayed, scheme, recovery, latency, seed));
        EXPECT_EQ(measured_words(run), measured_words(played));
      }
    }
  }
}

}  // namespace
}  // namespace sim
