// Clients' access links: what all connections of one client share.
#pragma once

#include <memory>
#include <vector>

#include "sim/script/plan/plan.h"
#include "sim/script/spec/scenario.h"
#include "sim/worlds/net/link_model.h"

namespace sim {

struct AccessLink {
  LinkModel up, down;
};

// By client of the plan; null where the access link does nothing. Clients of bursts have none.
std::vector<std::unique_ptr<AccessLink>> access_links(const Scenario& scenario, const Plan& plan);

}  // namespace sim
