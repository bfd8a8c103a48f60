#include "sim/run/director.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace sim {
namespace {

using namespace std::chrono_literals;
using herd::Instant;

// Records each call as a line. Time passes when the test says so.
class FakeHerdWorld final : public HerdWorld {
 public:
  Instant now() const override { return now_; }
  void wake_at(Instant when, std::function<void()> action) override {
    wake_ = {when, std::move(action)};
  }
  void apply(std::uint32_t herd, const Fault& fault) override {
    text_ += stamp() + std::string(name_of(fault).text()) + " " + std::to_string(herd) + " " +
             std::visit([](const auto& each) { return words(each); }, fault) + "\n";
  }

  void advance(Duration to) {
    while (wake_ && wake_->first <= Instant(to)) {
      const auto [when, action] = *std::exchange(wake_, std::nullopt);
      now_ = std::max(now_, when);
      action();
    }
    now_ = Instant(to);
  }
  void finished() { text_ += stamp() + "finished\n"; }
  bool waits() const { return wake_.has_value(); }
  std::string take() { return std::exchange(text_, {}); }

 private:
  std::string stamp() const {
    return std::to_string(now_.time_since_epoch().count() / 1'000'000) + " ";
  }
  static std::string words(const auto& fault) {
    if constexpr (requires { fault.link; }) {
      return std::to_string(fault.link);
    } else {
      return std::to_string(fault.server);
    }
  }
  static std::string words(const SetPlaces& set) {
    const PlacesFaults& faults = set.faults;
    return std::to_string(faults.latency.count() / 1'000'000) + "ms " +
           std::to_string(faults.fail) + " " + std::to_string(faults.cut) + " " +
           (faults.quota ? std::to_string(*faults.quota) : "-");
  }

  Instant now_;
  std::optional<std::pair<Instant, std::function<void()>>> wake_;
  std::string text_;
};

HerdSpec herd_of(const std::string& name, const std::vector<std::string>& servers,
                 std::vector<LinkSpec> links) {
  HerdSpec herd;
  herd.name = name;
  for (const std::string& server : servers) herd.servers.emplace_back().name = server;
  herd.links = std::move(links);
  return herd;
}

// Two herds with the same servers in different orders: link A - B is link 0 in one and link 1 in
// the other.
Scenario two_herds(std::vector<Event> events) {
  Scenario scenario;
  scenario.duration = 10s;
  scenario.herds = {herd_of("one", {"A", "B", "C"}, {{0, 1}, {1, 2}}),
                    herd_of("two", {"C", "B", "A"}, {{0, 1}, {1, 2}})};
  scenario.events = std::move(events);
  return scenario;
}

struct Play {
  explicit Play(Scenario s)
      : scenario(std::move(s)), director(scenario, faults, world, [this] { world.finished(); }) {
    for (std::uint32_t h = 0; h < scenario.herds.size(); ++h) {
      faults.push_back(plan_faults(scenario, h));
    }
  }

  // Plays the whole script, to long after its end, and returns the calls.
  std::string all() {
    director.begin();
    world.advance(1h);
    return world.take();
  }
  std::string diary() const {
    std::string out;
    for (const EventRow& row : director.diary()) {
      out += std::to_string(row.at.time_since_epoch().count() / 1'000'000) + " [" + row.herd +
             "] " + row.event + ": " + row.detail + "\n";
    }
    return out;
  }

  FakeHerdWorld world;
  const Scenario scenario;
  std::vector<std::vector<PlannedFault>> faults;
  Director director;
};

TEST(Director, OnlyWaitsForTheEndWhereNothingHappens) {
  Play play(two_herds({}));
  EXPECT_EQ(play.all(), "10000 finished\n");
  EXPECT_FALSE(play.world.waits());
  EXPECT_EQ(play.diary(), "");
}

TEST(Director, PlaysEventsInOrderOverAllHerds) {
  Play play(two_herds({{1s, {}, LinkDownEvent{"A", "B"}}, {2s, {}, LinkUpEvent{"A", "B"}}}));
  EXPECT_EQ(play.all(),
            "1000 link_down 0 0\n"
            "1000 link_down 1 1\n"
            "2000 link_up 0 0\n"
            "2000 link_up 1 1\n"
            "10000 finished\n");
  EXPECT_EQ(play.diary(),
            "1000 [] link_down: A - B\n"
            "2000 [] link_up: A - B\n");
}

TEST(Director, KeepsFileOrderAtOneInstant) {
  Play play(two_herds({{0s, 0, LinkDownEvent{"A", "B"}},
                       {0s, 0, LinkUpEvent{"A", "B"}},
                       {0s, 0, LinkDownEvent{"B", "C"}},
                       {10s, 0, LinkUpEvent{"B", "C"}}}));
  // The first event is due at once, the last at the very end.
  play.director.begin();
  EXPECT_EQ(play.world.take(), "0 link_down 0 0\n0 link_up 0 0\n0 link_down 0 1\n");
  play.world.advance(1h);
  EXPECT_EQ(play.world.take(), "10000 link_up 0 1\n10000 finished\n");
}

TEST(Director, KeepsToTheHerdOfAnEvent) {
  Play play(two_herds({{1s, 1, LinkDownEvent{"A", "B"}}}));
  EXPECT_EQ(play.all(), "1000 link_down 1 1\n10000 finished\n");
  EXPECT_EQ(play.diary(), "1000 [two] link_down: A - B\n");
}

TEST(Director, KnowsALinkByItsEndsInEitherOrder) {
  Play play(two_herds({{1s, 0, LinkDownEvent{"C", "B"}}, {2s, 0, LinkUpEvent{"B", "C"}}}));
  EXPECT_EQ(play.all(), "1000 link_down 0 1\n2000 link_up 0 1\n10000 finished\n");
  EXPECT_EQ(play.diary(), "1000 [one] link_down: C - B\n2000 [one] link_up: B - C\n");
}

TEST(Director, CatchesUpWhereItIsLate) {
  Play play(two_herds({{1s, 0, LinkDownEvent{"A", "B"}}, {2s, 0, LinkUpEvent{"A", "B"}}}));
  play.world.advance(3s);
  play.director.begin();
  EXPECT_EQ(play.world.take(), "3000 link_down 0 0\n3000 link_up 0 0\n");
}

TEST(Director, SetPlacesKeepsWhatItDoesNotName) {
  Scenario scenario = two_herds({{1s, {}, SetPlacesEvent{50ms, {}, {}, {}}},
                                 {2s, 0, SetPlacesEvent{{}, 0.25, {}, {}}},
                                 {3s, 0, SetPlacesEvent{{}, {}, 1.0, 7}},
                                 {4s, {}, SetPlacesEvent{0s, 0.0, 0.0, {}}}});
  scenario.herds[1].places.faults = {5ms, 0.5, 0.125, 99};
  Play play(scenario);
  EXPECT_EQ(play.all(),
            "1000 set_places 0 50ms 0.000000 0.000000 -\n"
            "1000 set_places 1 50ms 0.500000 0.125000 99\n"
            "2000 set_places 0 50ms 0.250000 0.000000 -\n"
            "3000 set_places 0 50ms 0.250000 1.000000 7\n"
            "4000 set_places 0 0ms 0.000000 0.000000 7\n"
            "4000 set_places 1 0ms 0.000000 0.000000 99\n"
            "10000 finished\n");
  EXPECT_EQ(play.diary(),
            "1000 [] set_places: latency 50.0 ms\n"
            "2000 [one] set_places: fail 0.25\n"
            "3000 [one] set_places: cut 1, quota 7\n"
            "4000 [] set_places: latency 0 µs, fail 0, cut 0\n");
}

TEST(Director, NamesTheClientsEventsToo) {
  Play play(two_herds({{1s, {}, BurstEvent{"B", 100, 4, 1s}},
                       {2s, {}, MoveEvent{"kiwi", "C"}},
                       {3s, 1, SendEvent{"kiwi", "WHATSAT kiwi 1 1"}}}));
  EXPECT_EQ(play.all(), "10000 finished\n");
  EXPECT_EQ(play.diary(),
            "1000 [] burst: 100 updates by 4 clients at B\n"
            "2000 [] move: kiwi to C\n"
            "3000 [two] send: kiwi: WHATSAT kiwi 1 1\n");
}

TEST(Director, OpensTheGateUpToTheNextChangeOfAHerd) {
  Play play(two_herds({{0s, 0, LinkDownEvent{"A", "B"}},
                       {1s, 1, SendEvent{"kiwi", "HELLO"}},
                       {2s, 1, SetPlacesEvent{50ms, {}, {}, {}}},
                       {3s, 0, LinkUpEvent{"A", "B"}}}));
  int moves = 0;
  EventGate gate([&] { ++moves; });
  EXPECT_FALSE(gate.is_open(Instant(-1s)));
  play.director.set_gate(gate);
  const std::vector<std::pair<Duration, Duration>> now_and_open = {
      {-1ms, 0s}, {0s, 2s}, {1s, 2s}, {1999ms, 2s}, {2s, 3s}, {2500ms, 3s}};
  play.world.advance(-1ms);
  play.director.begin();
  for (const auto& [now, open] : now_and_open) {
    play.world.advance(now);
    EXPECT_TRUE(gate.is_open(Instant(open - 1ns))) << now.count();
    EXPECT_FALSE(gate.is_open(Instant(open))) << now.count();
  }
  EXPECT_EQ(moves, 3);
  play.world.advance(3s);
  EXPECT_TRUE(gate.is_open(Instant(24h)));
  EXPECT_EQ(moves, 4);
}

TEST(Director, PlaysNothingOnceStopped) {
  Play play(two_herds({{1s, 0, LinkDownEvent{"A", "B"}}, {2s, 0, LinkUpEvent{"A", "B"}}}));
  play.director.begin();
  play.world.advance(1500ms);
  EXPECT_EQ(play.world.take(), "1000 link_down 0 0\n");
  play.director.stop();
  play.world.advance(1h);
  EXPECT_EQ(play.world.take(), "");
  EXPECT_EQ(play.director.diary().size(), 1U);
}

}  // namespace
}  // namespace sim
