// The findings of a swarm's shards in their results folders, and the joining of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "sim/app/swarm/seed_range.h"
#include "sim/base/json/owned_json.h"
#include "sim/measure/results/file_error.h"

namespace sim {

// The scenario that failed in a part: the one with the lowest seed.
struct SwarmFinding {
  std::uint64_t seed = 0;
  std::vector<std::string> failures;  // sentences
  std::string file;                   // the reduced scenario, in the results folder
  friend bool operator==(const SwarmFinding&, const SwarmFinding&) = default;
};

// A range of seeds that one process has played, up to the first that failed.
struct SwarmPart {
  SeedRange seeds;
  bool complete = true;  // false: a signal ended it before it had played them all, or one failed
  std::uint64_t runs = 0, updates = 0, messages = 0;  // that were played
  std::optional<SwarmFinding> finding;
  friend bool operator==(const SwarmPart&, const SwarmPart&) = default;
};

struct SwarmFindings {
  SeedRange all;                 // of the whole swarm
  std::string shard;             // as "2/4"; empty: these are gathered
  std::vector<SwarmPart> parts;  // in the order of their seeds
  std::string start;             // of the first part: wall clock, ISO 8601 UTC

  // Returns the ranges that no complete part covers.
  std::vector<SeedRange> missing() const;
};

// Returns the name of the file of a reduced scenario: "swarm-7.json".
std::string findings_file(std::uint64_t seed);

// Returns the parts as a list.
OwnedJson parts_json(const std::vector<SwarmPart>& parts);

// Writes run.json into the folder, which has the scenarios that failed already.
std::optional<FileError> write_findings(const SwarmFindings& findings,
                                        const std::filesystem::path& folder);

// Reads them back. Returns nullopt if the run.json is not a swarm's.
std::optional<SwarmFindings> read_findings(const json_t* run);

// Adds the parts of `one` to `all`. A part that was not finished is left out. Returns why the two
// do not belong together, for example "is of another swarm (seeds 1 to 20)"; empty if they do.
std::string join_findings(SwarmFindings& all, const SwarmFindings& one);

}  // namespace sim
