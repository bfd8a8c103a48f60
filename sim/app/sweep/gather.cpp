#include "sim/app/sweep/gather.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "sim/app/sweep/copy_finished.h"
#include "sim/app/sweep/point_folder.h"
#include "sim/app/sweep/read_sweep.h"
#include "sim/app/sweep/sweep_json.h"
#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/measure/results/run_json.h"
#include "sim/script/read/scenario_document.h"

namespace sim {
namespace {

namespace fs = std::filesystem;
using MaybeError = std::optional<GatherError>;

GatherError refused(const fs::path& folder, const std::string& why) {
  return {GatherError::Kind::kRefused, folder.string() + ": " + why};
}

class Gatherer {
 public:
  Gatherer(const Sweep& sweep, const fs::path& folder, SweepResults& results)
      : sweep_(sweep), folder_(folder), results_(results), taken_from_(results.points.size()) {}

  MaybeError take(const ShardFolder& shard) {
    const std::string why = why_not_of(sweep_, shard.run.get());
    if (!why.empty()) return refused(shard.folder, why);
    const std::string start(string_of(json_object_get(shard.run.get(), "start")));
    if (start_.empty() || start < start_) start_ = start;
    const json_t* const points = json_object_get(shard.run.get(), "points");
    for (std::size_t i = 0; i < json_array_size(points); ++i) {
      if (auto error = take_listed(shard, json_array_get(points, i))) return error;
    }
    return std::nullopt;
  }

  // When the first shard began.
  const std::string& start() const { return start_; }

 private:
  // Takes a point as the shard's run.json lists it.
  MaybeError take_listed(const ShardFolder& shard, const json_t* listed) {
    const json_int_t number = json_integer_value(json_object_get(listed, "point"));
    if (number < 1 || static_cast<std::size_t>(number) > results_.points.size()) {
      return refused(shard.folder, "lists a point that the sweep does not have");
    }
    const auto p = static_cast<std::size_t>(number) - 1;
    const std::string_view status = string_of(json_object_get(listed, "status"));
    PointResult& point = results_.points[p];
    if (status == to_string(PointStatus::kFailed) && !point.done()) {
      point.status = PointStatus::kFailed;
      point.why = string_of(json_object_get(listed, "why"));
    }
    const bool is_done =
        status == to_string(PointStatus::kHeld) || status == to_string(PointStatus::kNotHeld);
    return is_done ? take_finished(shard, p) : std::nullopt;
  }

  MaybeError take_finished(const ShardFolder& shard, std::size_t p) {
    const fs::path name = point_folder(sweep_, p);
    const fs::path from = shard.folder / name;
    auto point = read_point(from);
    if (!point) return refused(from, point.error() + " (run the shard again with --resume)");
    if (!results_.origin) results_.origin = point->origin;
    std::string why = join_origins(*results_.origin, point->origin);
    if (!why.empty()) return refused(from, why + ", unlike the points before it");
    if (results_.points[p].done()) {
      why = how_points_differ(from, folder_ / name, point->files);
      if (why.empty()) return std::nullopt;
      return refused(from,
                     why + " than in " + taken_from_[p]->string() + " (leave one of the two out)");
    }
    std::vector<std::string> files = std::move(point->files);
    files.emplace_back(kRunFile);
    if (auto error = copy_finished(from, folder_ / name, files)) {
      return GatherError{GatherError::Kind::kNotWritable, error->message()};
    }
    results_.points[p] = std::move(point->result);
    taken_from_[p] = &shard.folder;
    return std::nullopt;
  }

  const Sweep& sweep_;
  const fs::path& folder_;
  SweepResults& results_;
  std::vector<const fs::path*> taken_from_;  // of each point that is done
  std::string start_;
};

}  // namespace

herd::Result<Sweep, std::string> sweep_of_run(const json_t* run, const std::string& file) {
  const json_t* const scenario = json_object_get(run, "scenario");
  ScenarioDocument document;
  document.file = file;
  document.root = copy_of(scenario);
  if (!document.has_sweep()) return std::string("is not from a sweep");
  Problems problems;
  Sweep sweep;
  sweep.keys = read_sweep(document, problems);
  if (problems.any()) return std::string("has a sweep in run.json that cannot be read");
  sweep.file = file;
  sweep.name = string_of(json_object_get(run, "name"));
  sweep.seed = static_cast<std::uint64_t>(json_integer_value(json_object_get(run, "seed")));
  const bool is_virtual =
      string_of(json_object_get(run, "clock")) == to_string(ClockKind::kVirtual);
  sweep.clock = is_virtual ? ClockKind::kVirtual : ClockKind::kLive;
  sweep.as_run = dump_scenario(scenario);
  return sweep;
}

MaybeError gather_points(const Sweep& sweep, const std::vector<ShardFolder>& shards,
                         const fs::path& folder, SweepResults& results) {
  Gatherer gatherer(sweep, folder, results);
  for (const ShardFolder& shard : shards) {
    if (auto error = gatherer.take(shard)) return error;
  }
  results.start = gatherer.start();
  return std::nullopt;
}

}  // namespace sim
