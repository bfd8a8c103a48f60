#include "sim/script/plan/fault_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/random.h"
#include "sim/run/event_words.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using herd::Instant;

HerdSpec herd_of(const std::vector<std::string>& servers, std::vector<LinkSpec> links) {
  HerdSpec herd;
  herd.name = "herd";
  for (const std::string& server : servers) herd.servers.emplace_back().name = server;
  herd.links = std::move(links);
  return herd;
}

// A - B - C - D - A
HerdSpec ring() { return herd_of({"A", "B", "C", "D"}, {{0, 1}, {1, 2}, {2, 3}, {0, 3}}); }

Scenario scripted(std::vector<Event> events, HerdSpec herd = ring()) {
  Scenario out;
  out.seed = 3;
  out.duration = 100s;
  out.herds = {std::move(herd)};
  out.events = std::move(events);
  return out;
}

Event at(Duration when, EventAction action) { return {when, std::nullopt, std::move(action)}; }

template <class Kind>
bool is(const PlannedFault& fault) {
  return std::holds_alternative<Kind>(fault.what);
}

const SetLink& set_link(const PlannedFault& fault) { return std::get<SetLink>(fault.what); }

// Returns the index of the link or server that a fault affects.
std::uint32_t target_of(const PlannedFault& fault) {
  return std::visit(
      [&](const auto& each) -> std::uint32_t {
        if constexpr (requires { each.link; }) {
          return each.link;
        } else if constexpr (requires { each.server; }) {
          return each.server;
        } else {
          ADD_FAILURE() << "neither a link's nor a server's: " << name_of(fault.what).text();
          return 0;
        }
      },
      fault.what);
}

std::string told(const Scenario& scenario, const std::vector<PlannedFault>& faults) {
  std::string out;
  for (const PlannedFault& fault : faults) {
    const EventWords words = words_of(scenario.herds[0], fault.what);
    out += std::to_string(fault.at.time_since_epoch() / 1s) + " " + words.event + " " +
           words.detail + " by " + std::to_string(fault.event) + "\n";
  }
  return out;
}

std::string told(const Scenario& scenario) { return told(scenario, plan_faults(scenario, 0)); }

TEST(FaultPlan, AnEventUndoesOnlyItsOwn) {
  struct Row {
    const char* name;
    std::vector<Event> events;
    const char* faults;
  };
  const LinkDownEvent down{"A", "B"}, reset{"B", "A", 0, CutHow::kReset};
  const LinkUpEvent up{"A", "B"};
  const PartitionEvent ab{{{"A", "B"}}};
  const Row kRows[] = {
      {"a cut and its end",
       {at(1s, reset), at(2s, up)},
       "1 link_down A - B, reset by 0\n2 link_up A - B by 1\n"},
      {"a cut of a cut link does nothing",
       {at(1s, down), at(2s, reset), at(3s, up), at(4s, up)},
       "1 link_down A - B by 0\n3 link_up A - B by 2\n"},
      {"what is not cut is not restored", {at(1s, up), at(2s, HealEvent{})}, ""},
      {"a partition cuts between its groups",
       {at(1s, ab), at(2s, HealEvent{})},
       "1 link_down B - C by 0\n1 link_down A - D by 0\n"
       "2 link_up B - C by 1\n2 link_up A - D by 1\n"},
      {"the unnamed are one group",
       {at(1s, PartitionEvent{{{"A"}, {"C"}}, CutHow::kBlackhole}), at(2s, HealEvent{})},
       "1 link_down A - B, blackhole by 0\n1 link_down B - C, blackhole by 0\n"
       "1 link_down C - D, blackhole by 0\n1 link_down A - D, blackhole by 0\n"
       "2 link_up A - B by 1\n2 link_up B - C by 1\n2 link_up C - D by 1\n2 link_up A - D by 1\n"},
      {"the next partition heals what it does not cut",
       {at(1s, ab), at(2s, PartitionEvent{{{"B"}}}), at(3s, HealEvent{})},
       "1 link_down B - C by 0\n1 link_down A - D by 0\n"
       "2 link_down A - B by 1\n2 link_up A - D by 1\n"
       "3 link_up A - B by 2\n3 link_up B - C by 2\n"},
      {"a link is down until the last lets go",
       {at(1s, LinkDownEvent{"B", "C"}), at(2s, ab), at(3s, LinkUpEvent{"C", "B"}),
        at(4s, HealEvent{})},
       "1 link_down B - C by 0\n2 link_down A - D by 1\n"
       "4 link_up B - C by 3\n4 link_up A - D by 3\n"},
      {"healing does not end a cut of its own",
       {at(1s, LinkDownEvent{"B", "C"}), at(2s, ab), at(3s, HealEvent{})},
       "1 link_down B - C by 0\n2 link_down A - D by 1\n3 link_up A - D by 2\n"},
      {"a link cut in one direction, as its servers are named",
       {at(1s, LinkDownEvent{"B", "A", 0, CutHow::kBlackhole, CutWays::kForward}), at(2s, up)},
       "1 link_down A - B, blackhole, from B to A by 0\n2 link_up A - B by 1\n"},
      {"a one-way partition, from a group to later ones; the unnamed are the last",
       {at(1s, PartitionEvent{{{"C"}, {"A"}}, CutHow::kBlackhole, CutWays::kForward}),
        at(2s, HealEvent{})},
       "1 link_down A - B, blackhole, from A to B by 0\n"
       "1 link_down B - C, blackhole, from C to B by 0\n"
       "1 link_down C - D, blackhole, from C to D by 0\n"
       "1 link_down A - D, blackhole, from A to D by 0\n"
       "2 link_up A - B by 1\n2 link_up B - C by 1\n2 link_up C - D by 1\n2 link_up A - D by 1\n"},
      {"the next partition may be of the other direction",
       {at(1s, PartitionEvent{{{"A", "B"}}, CutHow::kBlackhole, CutWays::kForward}),
        at(2s, PartitionEvent{{{"A", "B"}}, CutHow::kBlackhole, CutWays::kForward}),
        at(3s, PartitionEvent{{{"A", "B"}}, CutHow::kBlackhole, CutWays::kBackward}),
        at(4s, HealEvent{}), at(5s, ab), at(6s, HealEvent{})},
       "1 link_down B - C, blackhole, from B to C by 0\n"
       "1 link_down A - D, blackhole, from A to D by 0\n"
       "3 link_up B - C by 2\n3 link_down B - C, blackhole, from C to B by 2\n"
       "3 link_up A - D by 2\n3 link_down A - D, blackhole, from D to A by 2\n"
       "4 link_up B - C by 3\n4 link_up A - D by 3\n"
       "5 link_down B - C by 4\n5 link_down A - D by 4\n"
       "6 link_up B - C by 5\n6 link_up A - D by 5\n"},
      {"servers",
       {at(1s, ServerDownEvent{"C"}), at(2s, ServerDownEvent{"C"}), at(3s, ServerUpEvent{"C"}),
        at(4s, ServerUpEvent{"C"}), at(5s, ServerUpEvent{"A"})},
       "1 server_down C by 0\n3 server_up C by 2\n"},
      {"pauses",
       {at(1s, PauseEvent{"C"}), at(2s, PauseEvent{"C"}), at(3s, ResumeEvent{"C"}),
        at(4s, ResumeEvent{"C"})},
       "1 pause C by 0\n3 resume C by 2\n"},
      {"a stop ends a pause",
       {at(1s, PauseEvent{"C"}), at(2s, ServerDownEvent{"C"}), at(3s, ServerUpEvent{"C"}),
        at(4s, ResumeEvent{"C"}), at(5s, PauseEvent{"C"}), at(6s, ResumeEvent{"C"})},
       "1 pause C by 0\n2 server_down C by 1\n3 server_up C by 2\n5 pause C by 4\n"
       "6 resume C by 5\n"},
      {"what is down is not paused",
       {at(1s, ServerDownEvent{"C"}), at(2s, PauseEvent{"C"}), at(3s, ServerUpEvent{"C"}),
        at(4s, ResumeEvent{"C"})},
       "1 server_down C by 0\n3 server_up C by 2\n"},
      {"file order at one instant",
       {at(1s, up), at(1s, down), at(1s, up), at(1s, down)},
       "1 link_down A - B by 1\n1 link_up A - B by 2\n1 link_down A - B by 3\n"},
  };
  for (const auto& [name, events, faults] : kRows) {
    EXPECT_EQ(told(scripted(events)), faults) << name;
  }
}

TEST(FaultPlan, LinksThatAreDrawnAreCutOnceAndAllRestored) {
  LinkDownEvent some, all;
  some.links = 2;
  all.links = 4;
  const Scenario scenario = scripted({at(1s, LinkDownEvent{"A", "B"}), at(2s, some), at(3s, some),
                                      at(4s, some), at(5s, LinkUpEvent{})});
  std::map<std::uint32_t, int> cuts, restores;
  for (const PlannedFault& each : plan_faults(scenario, 0)) {
    if (is<CutLink>(each)) ++cuts[target_of(each)];
    if (is<RestoreLink>(each)) ++restores[target_of(each)];
  }
  EXPECT_GE(cuts.size(), 2U);
  EXPECT_EQ(cuts, restores);
  for (const auto& [link, times] : cuts) EXPECT_EQ(times, 1) << "link " << link;
  EXPECT_EQ(told(scenario), told(scenario)) << "the seed decides";
  EXPECT_EQ(plan_faults(scripted({at(2s, all)}), 0).size(), 4U);
}

TEST(FaultPlan, KeepsToTheHerdOfAnEvent) {
  Scenario scenario = scripted({{1s, 1, LinkDownEvent{"A", "B"}},
                                {2s, 0, ServerDownEvent{"A"}},
                                {3s, {}, ServerUpEvent{"A"}}});
  scenario.herds.push_back(ring());
  EXPECT_EQ(told(scenario), "2 server_down A by 1\n3 server_up A by 2\n");
  EXPECT_EQ(told(scenario, plan_faults(scenario, 1)), "1 link_down A - B by 0\n");
}

TEST(FaultPlan, SetLinkCarriesEverythingThatThenHolds) {
  Scenario scenario = scripted({});
  HerdSpec& herd = scenario.herds[0];
  herd.link.forward = herd.link.backward = {20ms, {}, 1e6, 0};
  herd.override_of[1].forward = {50ms, {}, 0, 0.5};
  TwoWayChange loss, one_way;
  loss.forward.loss = loss.backward.loss = 0.1;
  one_way.forward.latency = 1ms;
  one_way.backward.latency = 2ms;
  scenario.events = {at(1s, SetLinkEvent{std::nullopt, loss}),
                     at(2s, SetLinkEvent{ServerPair{"B", "C"}, one_way}),
                     at(3s, SetLinkEvent{ServerPair{"C", "B"}, one_way})};
  const auto faults = plan_faults(scenario, 0);
  ASSERT_EQ(faults.size(), 6U);
  for (std::uint32_t link = 0; link < 4; ++link) {
    EXPECT_EQ(set_link(faults[link]).link, link);
  }
  EXPECT_EQ(set_link(faults[0]).conditions.forward, (LinkConditions{20ms, {}, 1e6, 0.1}));
  EXPECT_EQ(set_link(faults[0]).conditions.backward, (LinkConditions{20ms, {}, 1e6, 0.1}));
  EXPECT_EQ(set_link(faults[1]).conditions.forward, (LinkConditions{50ms, {}, 0, 0.1}));
  EXPECT_EQ(set_link(faults[1]).conditions.backward, (LinkConditions{0ms, {}, 0, 0.1}));
  EXPECT_EQ(set_link(faults[4]).link, 1U);
  EXPECT_EQ(set_link(faults[4]).conditions.forward, (LinkConditions{1ms, {}, 0, 0.1}));
  EXPECT_EQ(set_link(faults[4]).conditions.backward, (LinkConditions{2ms, {}, 0, 0.1}));
  // Named in the opposite order.
  EXPECT_EQ(set_link(faults[5]).conditions.forward, (LinkConditions{2ms, {}, 0, 0.1}));
  EXPECT_EQ(set_link(faults[5]).conditions.backward, (LinkConditions{1ms, {}, 0, 0.1}));
}

FlapEvent flap_link(const std::string& a, const std::string& b, Duration over) {
  return {ServerPair{a, b}, 300ms, 100ms, over, CutHow::kReset};
}

ChaosEvent chaos(Duration over) { return {over, 500ms, 200ms, 300ms, 400ms, 350ms, 700ms}; }

// Returns faults as text with the exact nanosecond and all members except the event.
std::vector<std::string> exact(const HerdSpec& herd, const std::vector<PlannedFault>& faults) {
  std::vector<std::string> out;
  for (const PlannedFault& fault : faults) {
    const EventWords words = words_of(herd, fault.what);
    out.push_back(std::to_string(fault.at.time_since_epoch().count()) + " " + words.event + " " +
                  words.detail);
  }
  return out;
}

TEST(FaultPlan, FlappingAlternatesWithTheMeansAndEndsUp) {
  const auto faults = plan_faults(
      scripted({at(10s, flap_link("B", "A", 80s)), at(10s, FlapEvent{"C", 300ms, 100ms, 80s})}), 0);
  double up = 0, down = 0;
  std::size_t cuts = 0;
  Instant last(10s);
  bool on = true;
  for (const PlannedFault& fault : faults) {
    if (is<StopServer>(fault) || is<StartServer>(fault)) {
      EXPECT_EQ(target_of(fault), 2U);
      continue;
    }
    EXPECT_EQ(target_of(fault), 0U);
    EXPECT_TRUE(on ? is<CutLink>(fault) : is<RestoreLink>(fault));
    if (on) {
      EXPECT_EQ(std::get<CutLink>(fault.what).how, CutHow::kReset);
      ++cuts;
    }
    (on ? up : down) += std::chrono::duration<double>(fault.at - last).count();
    last = fault.at;
    on = !on;
  }
  EXPECT_TRUE(on);
  EXPECT_LE(last, Instant(90s));
  // 80 s with periods of 400 ms. The means are within five of their deviations; a mean's deviation
  // is the values' over √n.
  EXPECT_NEAR(static_cast<double>(cuts), 200, 5 * 12);
  EXPECT_NEAR(up / static_cast<double>(cuts), 0.3, 5 * 0.3 / 14);
  EXPECT_NEAR(down / static_cast<double>(cuts), 0.1, 5 * 0.1 / 14);
}

TEST(FaultPlan, ChaosComesAtItsRatesAndLastsAsLong) {
  // One kind at a time, so rarely and briefly that hardly any target is struck twice.
  struct Row {
    std::optional<Duration> ChaosEvent::*rate;
    Fault begins, ends;
    std::uint32_t victims;
  };
  const Row kRows[] = {
      {&ChaosEvent::link_down, CutLink{}, RestoreLink{}, 4},
      {&ChaosEvent::blackhole, CutLink{0, CutHow::kBlackhole}, RestoreLink{}, 4},
      {&ChaosEvent::server_down, StopServer{}, StartServer{}, 4},
      {&ChaosEvent::pause, PauseServer{}, ResumeServer{}, 4},
  };
  for (const Row& row : kRows) {
    ChaosEvent event;
    event.over = 10'000s;
    event.lasting = 50ms;
    event.*row.rate = 5s;
    Scenario scenario = scripted({at(0s, event)});
    scenario.duration = 10'000s;
    const auto faults = plan_faults(scenario, 0);
    std::map<std::uint32_t, Instant> since;
    std::map<std::uint32_t, int> struck;
    double lasted = 0;
    for (const PlannedFault& fault : faults) {
      const std::uint32_t target = target_of(fault);
      if (fault.what.index() == row.begins.index()) {
        if (const auto* cut = std::get_if<CutLink>(&fault.what)) {
          EXPECT_EQ(cut->how, std::get<CutLink>(row.begins).how);
        }
        since[target] = fault.at;
        ++struck[target];
      } else {
        EXPECT_EQ(fault.what.index(), row.ends.index());
        lasted += std::chrono::duration<double>(fault.at - since[target]).count();
      }
    }
    const double count = static_cast<double>(faults.size()) / 2;
    EXPECT_NEAR(count, 2000, 5 * 45);
    EXPECT_NEAR(lasted / count, 0.05, 5 * 0.05 / 45);
    ASSERT_EQ(struck.size(), row.victims);
    for (const auto& [target, times] : struck) EXPECT_NEAR(times, 500, 5 * 22) << target;
  }
}

TEST(FaultPlan, ChaosPartitionsCutTheHerdInTwo) {
  ChaosEvent event;
  event.over = 1000s;
  event.lasting = 1s;
  event.partition = 10s;
  Scenario scenario = scripted({at(0s, event)});
  scenario.duration = 1000s;
  std::map<Instant, std::vector<std::uint32_t>> cuts;
  for (const PlannedFault& fault : plan_faults(scenario, 0)) {
    if (is<CutLink>(fault)) cuts[fault.at].push_back(target_of(fault));
  }
  EXPECT_NEAR(static_cast<double>(cuts.size()), 90, 50);
  // A cut into two parts takes an even number of a ring's links, and never none.
  for (const auto& [when, links] : cuts) EXPECT_TRUE(links.size() == 2 || links.size() == 4);
}

TEST(FaultPlan, ComesFromTheSeed) {
  Scenario scenario = scripted({at(1s, flap_link("A", "B", 50s)), at(1s, chaos(90s))});
  const auto faults = exact(scenario.herds[0], plan_faults(scenario, 0));
  EXPECT_GT(faults.size(), 500U);
  EXPECT_EQ(faults, exact(scenario.herds[0], plan_faults(scenario, 0)));
  scenario.seed = 4;
  EXPECT_NE(faults, exact(scenario.herds[0], plan_faults(scenario, 0)));
}

TEST(FaultPlan, IsNotDisturbedByOtherGroupsHerdsAndTargets) {
  const Scenario scenario = scripted({at(1s, flap_link("A", "B", 50s)), at(1s, chaos(90s))});
  const auto faults = exact(scenario.herds[0], plan_faults(scenario, 0));
  Scenario more = scenario;
  more.herds.insert(more.herds.begin(), herd_of({"X", "A", "B"}, {{1, 2}, {0, 2}}));
  more.herds[0].name = "zero";
  more.clients.emplace_back().id = "c";
  // Chaos of another herd does not count for this one.
  more.events.insert(more.events.begin(), {0s, 0, chaos(50s)});
  more.events.insert(more.events.begin(), {0s, 0, flap_link("A", "B", 50s)});
  EXPECT_EQ(faults, exact(scenario.herds[0], plan_faults(more, 1)));

  // Flapping of one link does not change that of another.
  const Scenario one = scripted({at(1s, flap_link("A", "B", 50s))});
  Scenario two = one;
  two.events.insert(two.events.begin(), at(0s, flap_link("B", "C", 50s)));
  std::vector<PlannedFault> of_first = plan_faults(two, 0);
  std::erase_if(of_first, [](const PlannedFault& fault) { return target_of(fault) != 0; });
  EXPECT_EQ(exact(one.herds[0], plan_faults(one, 0)), exact(two.herds[0], of_first));
}

TEST(FaultPlan, HerdsOfTheSameServersAndLinksMeetTheSameFaults) {
  Scenario scenario = scripted(
      {at(1s, flap_link("A", "B", 50s)), at(1s, FlapEvent{"C", 1s, 1s, 50s}), at(1s, chaos(90s))});
  scenario.herds.push_back(ring());
  scenario.herds[1].name = "other";
  scenario.herds[1].propagation = herd::Scheme::kFlood;
  EXPECT_EQ(exact(scenario.herds[0], plan_faults(scenario, 0)),
            exact(scenario.herds[1], plan_faults(scenario, 1)));
}

TEST(FaultPlan, AgainIsNotTheSameAgain) {
  const auto relative = [](const Scenario& scenario, std::uint32_t event, Duration from) {
    std::vector<Duration> out;
    for (const PlannedFault& fault : plan_faults(scenario, 0)) {
      if (fault.event == event) out.push_back(fault.at - Instant(from));
    }
    return out;
  };
  const Scenario flaps =
      scripted({at(0s, flap_link("A", "B", 40s)), at(50s, flap_link("B", "A", 40s))});
  EXPECT_NE(relative(flaps, 0, 0s), relative(flaps, 1, 50s));
  const Scenario chaoses = scripted({at(0s, chaos(40s)), at(50s, chaos(40s))});
  EXPECT_NE(relative(chaoses, 0, 0s), relative(chaoses, 1, 50s));
}

// The state of each target while faults are played one after the other. Fails the test if a world
// could not play one.
class World {
 public:
  explicit World(const HerdSpec& herd)
      : cut_(herd.links.size()), down_(herd.servers.size()), paused_(herd.servers.size()) {}

  void play(const PlannedFault& fault) {
    SCOPED_TRACE("fault by event " + std::to_string(fault.event));
    std::visit([&](const auto& each) { play(each); }, fault.what);
  }
  bool whole() const {
    const auto none = [](const std::vector<bool>& of) {
      return std::none_of(of.begin(), of.end(), [](bool each) { return each; });
    };
    return none(cut_) && none(down_) && none(paused_);
  }

 private:
  void play(const CutLink& cut) { flip(cut_, cut.link, true); }
  void play(const RestoreLink& restore) { flip(cut_, restore.link, false); }
  void play(const StopServer& stop) {
    flip(down_, stop.server, true);
    paused_[stop.server] = false;
  }
  void play(const StartServer& start) { flip(down_, start.server, false); }
  void play(const PauseServer& pause) {
    EXPECT_FALSE(down_[pause.server]);
    flip(paused_, pause.server, true);
  }
  void play(const ResumeServer& resume) {
    EXPECT_FALSE(down_[resume.server]);
    flip(paused_, resume.server, false);
  }
  void play(const auto&) {}  // faults that no other fault ends

  static void flip(std::vector<bool>& of, std::uint32_t target, bool to) {
    EXPECT_NE(of[target], to);
    of[target] = to;
  }

  std::vector<bool> cut_, down_, paused_;
};

Duration anywhere(herd::Random& random, Duration within) {
  return Duration(
      static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(within.count()))));
}

// Returns a random script. With `healed`, it only contains faults that end by themselves or that
// another event ends.
std::vector<Event> random_script(herd::Random& random, bool healed) {
  static const std::string kServers[] = {"A", "B", "C", "D"};
  const auto server = [&] { return kServers[random.below(4)]; };
  const auto link = [&] {
    const std::uint64_t i = random.below(4);
    return ServerPair{kServers[i], kServers[(i + 1) % 4]};
  };
  const auto how = [&] { return static_cast<CutHow>(random.below(3)); };
  std::vector<Event> events;
  for (std::uint64_t i = random.below(20) + 1; i > 0; --i) {
    const Duration when = anywhere(random, 60s);
    const Duration later = healed ? when + anywhere(random, 40s) : anywhere(random, 100s);
    const Duration over = anywhere(random, 40s) + 1ns;
    switch (random.below(6)) {
      case 0: {
        const auto [a, b] = link();
        events.push_back(at(when, LinkDownEvent{a, b, 0, how()}));
        if (healed || random.below(2) == 0) events.push_back(at(later, LinkUpEvent{b, a}));
        break;
      }
      case 1:
        events.push_back(at(when, PartitionEvent{{{server()}}, how()}));
        if (healed || random.below(2) == 0) events.push_back(at(later, HealEvent{}));
        break;
      case 2: {
        const std::string name = server();
        events.push_back(at(when, ServerDownEvent{name}));
        if (healed || random.below(2) == 0) events.push_back(at(later, ServerUpEvent{name}));
        break;
      }
      case 3: {
        const std::string name = server();
        events.push_back(at(when, PauseEvent{name}));
        if (healed || random.below(2) == 0) events.push_back(at(later, ResumeEvent{name}));
        break;
      }
      case 4:
        if (random.below(2) == 0) {
          events.push_back(at(when, FlapEvent{link(), 2s, 1s, over, how()}));
        } else {
          events.push_back(at(when, FlapEvent{server(), 2s, 1s, over}));
        }
        break;
      case 5: {
        ChaosEvent event = chaos(over);
        event.lasting = anywhere(random, 20s) + 1ms;
        events.push_back(at(when, event));
        break;
      }
    }
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& a, const Event& b) { return a.at < b.at; });
  return events;
}

TEST(FaultPlanProperty, FaultsAlternateAndAreInOrder) {
  herd::Random random(11, "scripts");
  std::size_t faults = 0;
  for (int round = 0; round < 300; ++round) {
    Scenario scenario = scripted(random_script(random, false));
    scenario.seed = random.next();
    World world(scenario.herds[0]);
    Instant last;
    for (const PlannedFault& fault : plan_faults(scenario, 0)) {
      EXPECT_GE(fault.at, last);
      EXPECT_LT(fault.event, scenario.events.size());
      last = fault.at;
      world.play(fault);
      ++faults;
    }
    EXPECT_LE(last, Instant(100s));
    ASSERT_FALSE(HasFailure()) << "round " << round;
  }
  EXPECT_GT(faults, 10'000U);
}

TEST(FaultPlanProperty, WhatIsHealedIsWholeInTheEnd) {
  herd::Random random(12, "scripts");
  for (int round = 0; round < 300; ++round) {
    Scenario scenario = scripted(random_script(random, true));
    scenario.seed = random.next();
    World world(scenario.herds[0]);
    for (const PlannedFault& fault : plan_faults(scenario, 0)) world.play(fault);
    EXPECT_TRUE(world.whole()) << "round " << round;
  }
}

TEST(FaultPlanProperty, FlappingAndChaosLeaveNothingBehindTheirEnd) {
  herd::Random random(13, "scripts");
  for (int round = 0; round < 300; ++round) {
    std::vector<Event> events = random_script(random, false);
    Duration end(0);
    std::erase_if(events, [&](const Event& event) {
      const auto* flap = std::get_if<FlapEvent>(&event.action);
      const auto* wild = std::get_if<ChaosEvent>(&event.action);
      if (flap != nullptr) end = std::max(end, event.at + flap->over);
      if (wild != nullptr) end = std::max(end, event.at + wild->over);
      return flap == nullptr && wild == nullptr;
    });
    Scenario scenario = scripted(events);
    scenario.seed = random.next();
    World world(scenario.herds[0]);
    for (const PlannedFault& fault : plan_faults(scenario, 0)) {
      EXPECT_LE(fault.at, Instant(end));
      world.play(fault);
    }
    EXPECT_TRUE(world.whole()) << "round " << round;
  }
}

}  // namespace
}  // namespace sim
