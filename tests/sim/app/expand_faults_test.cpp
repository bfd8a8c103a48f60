// Tests that plain events cause the same faults at the same times as the partitions, flapping and
// chaos that they replace.
#include "sim/app/swarm/expand_faults.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "sim/app/swarm/draw_scenario.h"
#include "sim/base/json/dump_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/run/event_words.h"
#include "sim/script/plan/fault_plan.h"
#include "sim/script/read/load_scenario.h"
#include "tests/sim/script/scenario_support.h"

namespace sim {
namespace {

using test::parse;

OwnedJson expanded(const std::string& text) {
  const OwnedJson root = parse_json(text);
  return expand_faults(root.get(), parse(text));
}

// Each fault as text, the nanosecond in it, except changes of conditions, which stay events.
std::vector<std::string> faults_of(const Scenario& scenario, std::uint32_t herd) {
  std::vector<std::string> out;
  for (const PlannedFault& fault : plan_faults(scenario, herd)) {
    if (name_of(fault.what).kind() == EventKind::kSingle) continue;
    const EventWords words = words_of(scenario.herds[herd], fault.what);
    out.push_back(std::to_string(fault.at.time_since_epoch().count()) + " " + words.event + " " +
                  words.detail);
  }
  return out;
}

TEST(ExpandFaults, PlansTheSameFaults) {
  int tried = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const std::string text = draw_scenario(seed);
    const OwnedJson plain = expanded(text);
    if (!plain) continue;
    ++tried;
    SCOPED_TRACE(seed);
    const Scenario before = parse(text), after = parse(dump_json(plain.get(), 2));
    for (const Event& event : after.events) {
      EXPECT_FALSE(std::holds_alternative<ChaosEvent>(event.action) ||
                   std::holds_alternative<FlapEvent>(event.action) ||
                   std::holds_alternative<PartitionEvent>(event.action) ||
                   std::holds_alternative<HealEvent>(event.action));
    }
    for (std::uint32_t h = 0; h < before.herds.size(); ++h) {
      EXPECT_EQ(faults_of(after, h), faults_of(before, h));
    }
  }
  EXPECT_GT(tried, 100);
}

TEST(ExpandFaults, HasNothingToDoWhereAllIsPlain) {
  EXPECT_EQ(expanded(R"({"name": "t", "duration": "1s", "herds": [{"name": "a"}],
      "events": [{"at": "1ms", "do": "server_down", "server": "Ball"}]})"),
            nullptr);
}

}  // namespace
}  // namespace sim
