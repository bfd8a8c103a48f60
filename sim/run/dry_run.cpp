#include "sim/run/dry_run.h"

#include <string>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/results/machine.h"
#include "sim/measure/results/output_folder.h"
#include "sim/measure/results/run_json.h"
#include "sim/measure/results/utc_now.h"
#include "sim/run/plan_csv.h"

namespace sim {

herd::Result<std::uint64_t, FileError> dry_run(const Scenario& scenario,
                                               const std::filesystem::path& folder) {
  RunResults nothing;
  nothing.complete = false;
  nothing.dry_run = true;
  nothing.start = utc_now();
  auto output = OutputFolder::create(folder);
  if (!output) return output.error();
  const std::string file(kPlanFile);
  const auto rows = write_plan_csv(scenario, (*output)->partial() / file);
  if (!rows) return rows.error();
  if ((*output)->holds_results()) {
    if (auto error = (*output)->add(file)) return *error;
    return *rows;
  }
  if (auto error =
          write_run_json(scenario, nothing, read_machine(), {file}, (*output)->partial())) {
    return *error;
  }
  if (auto error = (*output)->publish()) return *error;
  return *rows;
}

}  // namespace sim
