// Gathers the shards of a sweep: into the points that one machine would have made.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "sim/app/sweep/sweep.h"
#include "sim/app/sweep/sweep_results.h"
#include "sim/base/json/owned_json.h"

namespace sim {

// A results folder of a shard, of a whole sweep, or of an earlier gathering.
struct ShardFolder {
  std::filesystem::path folder;
  OwnedJson run;  // its run.json; not null
};

// Returns the sweep that a run.json is of. It can be described and gathered, but not run: nothing
// in its points is validated. Returns why not if the run.json is not a sweep's.
herd::Result<Sweep, std::string> sweep_of_run(const json_t* run, const std::string& file);

struct GatherError {
  enum class Kind {
    kRefused,      // the shards do not belong together, or one is damaged
    kNotWritable,  // a file could not be written
  };
  Kind kind;
  std::string what;  // one line for people, with the folder
};

// Copies the finished points of all shards into `folder`, as hard links if the file system can, and
// reads them into `results`, in which no point has run yet. The order of the shards does not
// matter. A point that no shard has stays kNotRun. Refuses shards of other scenarios, versions,
// architectures or data files, two shards with different results of one point, and files that are
// cut off. After an error the folder must not be used.
std::optional<GatherError> gather_points(const Sweep& sweep, const std::vector<ShardFolder>& shards,
                                         const std::filesystem::path& folder,
                                         SweepResults& results);

}  // namespace sim
