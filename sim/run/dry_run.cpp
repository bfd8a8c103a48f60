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
  const auto for_people = [&output](const FileError& error) {
    return FileError{(*output)->for_people(error.path), (*output)->for_people(error.what)};
  };
  const auto rows = write_plan_csv(scenario, (*output)->partial() / file);
  if (!rows) return for_people(rows.error());
  if ((*output)->holds_results()) {
    if (auto error = (*output)->add(file)) return for_people(*error);
    return *rows;
  }
  if (auto error =
          write_run_json(scenario, nothing, read_machine(), {file}, (*output)->partial())) {
    return for_people(*error);
  }
  if (const auto place = (*output)->publish(); !place) return for_people(place.error());
  return *rows;
}

}  // namespace sim
