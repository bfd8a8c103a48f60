// Honest herds under random faults. Every message must be accounted for, and the checker must find
// nothing. A checker that reports something here would report it for correct runs too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/measure/checker/checker.h"
#include "tests/samples.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using testing::IsEmpty;

constexpr std::uint32_t kToyClients = 3;
constexpr std::uint32_t kToyUpdates = 40;

class Chaos {
 public:
  Chaos(std::uint64_t seed, herd::Scheme scheme, herd::Recovery recovery)
      : random_(seed),
        toy_(make_herd(scheme, recovery), make_script()),
        up_(toy_.spec.servers.size(), true),
        linked_(toy_.spec.links.size(), true) {
    toy_.reports_are_shared = below(2) == 0;
    toy_.all_up();
    while (next_ < kToyUpdates) step();
    for (std::uint32_t l = 0; l < linked_.size(); ++l) {
      if (!linked_[l] && below(4) > 0) restore(l);
    }
    for (std::uint32_t s = 0; s < up_.size(); ++s) {
      if (!up_[s] && below(4) > 0) start(s);
    }
    toy_.settle();
    toy_.recorder.finish(toy_.now);
  }

  const ToyHerd& toy() const { return toy_; }

 private:
  std::uint32_t below(std::size_t n) { return static_cast<std::uint32_t>(random_() % n); }

  // Returns a random tree with some additional links.
  HerdSpec make_herd(herd::Scheme scheme, herd::Recovery recovery) {
    const std::uint32_t servers = 2 + below(6);
    std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
    for (std::uint32_t s = 1; s < servers; ++s) pairs.emplace(below(s), s);
    for (std::uint32_t i = below(servers); i > 0; --i) {
      const std::uint32_t a = below(servers), b = below(servers);
      if (a != b) pairs.emplace(std::min(a, b), std::max(a, b));
    }
    std::vector<LinkSpec> links;
    for (const auto& [a, b] : pairs) links.push_back({a, b});
    HerdSpec spec = small_herd(servers, links, scheme);
    spec.recovery = recovery;
    return spec;
  }
  // Stamps are not in the order in which servers receive them: newer ones overtake older ones.
  Plan make_script() {
    HandPlan plan;
    for (std::uint32_t c = 0; c < kToyClients; ++c) plan.client("c" + std::to_string(c));
    for (std::uint32_t u = 0; u < kToyUpdates; ++u) {
      const GeoPoint place{1.0 * u, 1};  // distinguishes updates with equal stamps
      plan.stamped(below(kToyClients), at_ms(u), u / 4 + below(8), place);
    }
    return plan;
  }

  void step() {
    toy_.now += std::chrono::microseconds(1);
    switch (below(16)) {
      case 0:
        return cut(below(linked_.size()));
      case 1:
        return restore(below(linked_.size()));
      case 2:
        return below(3) == 0 ? stop(below(up_.size())) : void();
      case 3:
        return start(below(up_.size()));
      case 4:
      case 5:
      case 6:
        return hear(below(up_.size()));
      default:
        return deliver(below(linked_.size()));
    }
  }
  void hear(std::uint32_t server) {
    if (up_[server] && next_ < kToyUpdates) toy_.hear(server, next_++);
  }
  void deliver(std::uint32_t link) {
    const auto [a, b] = toy_.spec.links[link];
    if (below(2) == 0) {
      toy_.deliver(a, b);
    } else {
      toy_.deliver(b, a);
    }
  }
  // One endpoint closes first. Messages that it sent before may still arrive at the other.
  void cut(std::uint32_t link) {
    if (!linked_[link]) return;
    linked_[link] = false;
    auto [a, b] = toy_.spec.links[link];
    if (below(2) == 0) std::swap(a, b);
    toy_.end_down(a, b);
    while (below(3) > 0) toy_.deliver(a, b);
    if (below(3) == 0) hear(b);
    toy_.end_down(b, a);
  }
  void restore(std::uint32_t link) {
    const auto [a, b] = toy_.spec.links[link];
    if (linked_[link] || !up_[a] || !up_[b]) return;
    linked_[link] = true;
    toy_.end_up(b, a);
    if (below(3) == 0) hear(b);
    toy_.end_up(a, b);
    synchronise(link);
  }
  void stop(std::uint32_t server) {
    if (!up_[server]) return;
    up_[server] = false;
    toy_.stop(server);
    for (std::uint32_t l = 0; l < linked_.size(); ++l) {
      if (is_of(l, server)) linked_[l] = false;
    }
  }
  void start(std::uint32_t server) {
    if (up_[server]) return;
    up_[server] = true;
    toy_.start(server);
    for (std::uint32_t l = 0; l < linked_.size(); ++l) {
      const auto [a, b] = toy_.spec.links[l];
      if (!is_of(l, server) || !up_[a] || !up_[b]) continue;
      linked_[l] = true;
      synchronise(l);
    }
  }
  bool is_of(std::uint32_t link, std::uint32_t server) const {
    const auto [a, b] = toy_.spec.links[link];
    return a == server || b == server;
  }
  void synchronise(std::uint32_t link) {
    if (toy_.spec.recovery != herd::Recovery::kSync) return;
    toy_.synchronise(toy_.spec.links[link].first, toy_.spec.links[link].second);
  }

  std::mt19937_64 random_;
  ToyHerd toy_;
  std::vector<bool> up_;      // by server
  std::vector<bool> linked_;  // by link
  std::uint32_t next_ = 0;    // the next of the plan's updates
};

class CheckerOfHonestHerds
    : public testing::TestWithParam<std::pair<herd::Scheme, herd::Recovery>> {};

TEST_P(CheckerOfHonestHerds, FindsNothing) {
  std::uint64_t restarts = 0, again = 0, repairs = 0, stale = 0, lost = 0;
  constexpr std::uint64_t kSeeds = herd::test::samples(std::uint64_t{1000});
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Chaos chaos(seed, GetParam().first, GetParam().second);
    const Recorder& recorder = chaos.toy().recorder;
    const HerdOutcome outcome = chaos.toy().outcome();
    const UpdateLedger ledger(outcome);
    ASSERT_THAT(check(outcome, ledger, ClockKind::kVirtual).sentences, IsEmpty())
        << "seed " << seed;
    ASSERT_EQ(recorder.in_flight(), 0U);

    // A delivery is the first at its server, and never at the origin.
    std::set<std::pair<std::uint32_t, std::uint32_t>> applied;
    for (std::uint32_t i = 0; i < recorder.accepted().size(); ++i) {
      applied.emplace(i, recorder.accepted()[i].server);
      stale += recorder.accepted()[i].stale;
      lost += recorder.accepted()[i].lost;
    }
    for (const DeliveryLog& delivery : recorder.deliveries()) {
      ASSERT_TRUE(applied.emplace(delivery.update, delivery.server).second) << "seed " << seed;
    }
    for (const ServerCounts& server : recorder.servers()) {
      restarts += server.restarts;
      again += server.deliveries_again;
    }
    for (const DirectionCounts& direction : recorder.directions()) repairs += direction.repairs;
  }
  // All kinds of events did happen.
  EXPECT_GT(restarts, kSeeds / 2);
  EXPECT_GT(stale, kSeeds / 2);
  EXPECT_GT(lost, kSeeds / 2);
  if (GetParam().second == herd::Recovery::kSync) {
    EXPECT_GT(again, kSeeds / 2);
    EXPECT_GT(repairs, kSeeds / 2);
  }
}

INSTANTIATE_TEST_SUITE_P(Schemes, CheckerOfHonestHerds,
                         testing::Values(std::pair(herd::Scheme::kFloodEcho, herd::Recovery::kNone),
                                         std::pair(herd::Scheme::kFlood, herd::Recovery::kNone),
                                         std::pair(herd::Scheme::kFloodEcho, herd::Recovery::kSync),
                                         std::pair(herd::Scheme::kFlood, herd::Recovery::kSync)));

}  // namespace
}  // namespace sim
