// Partitions, flapping and chaos as plain events: the same faults at the same times.
#include "sim/app/swarm/expand_faults.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "sim/app/swarm/draw_scenario.h"
#include "sim/app/swarm/json_parts.h"
#include "sim/base/json/parse_json.h"
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

using Fault = std::tuple<herd::Instant, FaultKind, std::uint32_t, CutHow>;

// All but changes of conditions, which stay events of their own.
std::vector<Fault> faults_of(const Scenario& scenario, std::uint32_t herd) {
  std::vector<Fault> out;
  for (const PlannedFault& fault : plan_faults(scenario, herd)) {
    if (fault.kind == FaultKind::kSetLink) continue;
    out.emplace_back(fault.at, fault.kind, fault.target, fault.how);
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
    const Scenario before = parse(text), after = parse(to_text(plain.get()));
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
