#include "sim/app/cli/gather_sweep.h"

#include <cstdio>
#include <optional>
#include <string>

#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/run_output.h"
#include "sim/app/cli/sweep_end.h"
#include "sim/app/sweep/sweep_json.h"
#include "sim/app/sweep/sweep_text.h"
#include "sim/measure/results/output_folder.h"

namespace sim {
namespace {

int refuse_shards(const std::string& why) {
  std::fprintf(stderr, "herdsim gather: %s\n", why.c_str());
  return kBadUsage;
}

int status_of_gathered(const SweepResults& results) {
  if (!results.complete()) return kNotCarriedOut;
  return results.count(PointStatus::kNotHeld) > 0 ? kNotHeld : kDone;
}

int gather_into(OutputFolder& folder, const Sweep& sweep, const std::vector<ShardFolder>& shards,
                const RunCommand& command, RunOutput& output) {
  SweepResults results;
  results.points.resize(sweep.points());
  if (const auto error = gather_points(sweep, shards, folder.partial(), results)) {
    const std::string what = folder.for_people(error->what);
    if (error->kind == GatherError::Kind::kRefused) return refuse_shards(what);
    return fail_sweep(sweep, output, what);
  }
  std::fputs(folder.for_people(sweep_failures(sweep, results)).c_str(), stderr);
  std::fputs(missing_points(sweep, results).c_str(), stderr);
  if (results.count(PointStatus::kHeld) + results.count(PointStatus::kNotHeld) == 0) {
    return fail_sweep(sweep, output, "the shards have no finished point");
  }
  return end_sweep(sweep, results, status_of_gathered(results), command, folder, output);
}

}  // namespace

int gather_sweep(const std::vector<ShardFolder>& shards, const RunCommand& command) {
  const ShardFolder& first = shards.front();
  const auto sweep = sweep_of_run(first.run.get(), first.folder.string());
  if (!sweep) return refuse_shards(first.folder.string() + ": " + sweep.error());
  // Before anything is written.
  for (const ShardFolder& shard : shards) {
    const std::string why = why_not_of(*sweep, shard.run.get());
    if (!why.empty()) return refuse_shards(shard.folder.string() + ": " + why);
  }
  RunOutput output(command.format);
  auto folder = OutputFolder::create(command.folder(sweep->name));
  const int status = folder ? gather_into(**folder, *sweep, shards, command, output)
                            : fail_sweep(*sweep, output, folder.error().message());
  if (status != kBadUsage) output.finish(status);
  return status;
}

}  // namespace sim
