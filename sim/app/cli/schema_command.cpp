#include <cstdio>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/sweep/read_sweep.h"
#include "sim/script/read/read_scenario.h"

namespace sim {

int schema_command() {
  std::fputs(schema_document(scenario_schema(sweep_schema())).c_str(), stdout);
  return kDone;
}

}  // namespace sim
