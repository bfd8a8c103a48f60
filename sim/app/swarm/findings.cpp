#include "sim/app/swarm/findings.h"

#include <algorithm>
#include <utility>

#include "sim/app/swarm/repeat.h"
#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/measure/results/machine.h"
#include "sim/measure/results/run_json.h"
#include "sim/measure/results/run_json_parts.h"
#include "sim/script/spec/scenario.h"

namespace sim {
namespace {

const std::string kName = "swarm";

void put_range(json_t* object, const SeedRange& range) {
  put(object, "first_seed", json_count(range.first));
  put(object, "seeds", json_count(range.count));
}

std::uint64_t count_in(const json_t* object, const char* key) {
  return static_cast<std::uint64_t>(
      std::max<json_int_t>(0, json_integer_value(json_object_get(object, key))));
}

SeedRange range_in(const json_t* object) {
  return {count_in(object, "first_seed"), count_in(object, "seeds")};
}

OwnedJson finding_json(const SwarmFinding& finding) {
  OwnedJson object(json_object());
  put(object.get(), "seed", json_count(finding.seed));
  put(object.get(), "failures", json_texts(finding.failures));
  put(object.get(), "repeat", command_to_repeat(finding.seed));
  put(object.get(), "file", finding.file);
  return object;
}

SwarmFinding read_finding(const json_t* object) {
  SwarmFinding finding;
  finding.seed = count_in(object, "seed");
  finding.file = string_of(json_object_get(object, "file"));
  const json_t* const failures = json_object_get(object, "failures");
  for (std::size_t i = 0; i < json_array_size(failures); ++i) {
    finding.failures.emplace_back(string_of(json_array_get(failures, i)));
  }
  return finding;
}

SwarmPart read_part(const json_t* object) {
  SwarmPart part;
  part.seeds = range_in(object);
  part.complete = json_is_true(json_object_get(object, "complete"));
  part.runs = count_in(object, "runs");
  part.updates = count_in(object, "updates");
  part.messages = count_in(object, "messages");
  const json_t* const finding = json_object_get(object, "failure");
  if (json_is_object(finding)) part.finding = read_finding(finding);
  return part;
}

bool overlap(const SeedRange& a, const SeedRange& b) {
  return a.first < b.end() && b.first < a.end();
}

// Returns whether two processes that played the same seeds have found the same. How many later
// seeds had begun when one failed depends on the processes' threads.
bool agree(const SwarmPart& a, const SwarmPart& b) {
  return a.seeds == b.seeds && a.finding == b.finding && (a.finding || a == b);
}

}  // namespace

std::vector<SeedRange> SwarmFindings::missing() const {
  std::vector<SeedRange> gaps;
  std::uint64_t next = all.first;
  for (const SwarmPart& part : parts) {
    if (!part.complete) continue;
    if (part.seeds.first > next) gaps.push_back({next, part.seeds.first - next});
    next = std::max(next, part.seeds.end());
  }
  if (next < all.end()) gaps.push_back({next, all.end() - next});
  return gaps;
}

std::string findings_file(std::uint64_t seed) { return "swarm-" + std::to_string(seed) + ".json"; }

OwnedJson parts_json(const std::vector<SwarmPart>& parts) {
  OwnedJson list(json_array());
  for (const SwarmPart& part : parts) {
    OwnedJson object(json_object());
    put_range(object.get(), part.seeds);
    put(object.get(), "complete", json_flag(part.complete));
    put(object.get(), "runs", json_count(part.runs));
    put(object.get(), "updates", json_count(part.updates));
    put(object.get(), "messages", json_count(part.messages));
    put(object.get(), "failure",
        part.finding ? finding_json(*part.finding) : OwnedJson(json_null()));
    add(list.get(), std::move(object));
  }
  return list;
}

std::optional<FileError> write_findings(const SwarmFindings& findings,
                                        const std::filesystem::path& folder) {
  std::vector<std::string> files;
  bool complete = findings.shard.empty() ? findings.missing().empty() : true;
  for (const SwarmPart& part : findings.parts) {
    if (part.finding) files.push_back(part.finding->file);
    complete &= part.complete;
  }
  const std::string no_scenario;
  const OwnedJson document = begin_run_json({.name = kName,
                                             .complete = complete,
                                             .seed = findings.all.first,
                                             .clock = to_string(ClockKind::kVirtual),
                                             .start = findings.start,
                                             .machine = read_machine(),
                                             .scenario = no_scenario});
  OwnedJson swarm(json_object());
  put_range(swarm.get(), findings.all);
  put(document.get(), "swarm", std::move(swarm));
  if (!findings.shard.empty()) put(document.get(), "shard", findings.shard);
  put(document.get(), "parts", parts_json(findings.parts));
  put(document.get(), "files", json_texts(files));
  return write_run_file(format_json(document), folder);
}

std::optional<SwarmFindings> read_findings(const json_t* run) {
  const json_t* const swarm = json_object_get(run, "swarm");
  if (!json_is_object(swarm)) return std::nullopt;
  SwarmFindings findings;
  findings.all = range_in(swarm);
  findings.shard = string_of(json_object_get(run, "shard"));
  findings.start = string_of(json_object_get(run, "start"));
  const json_t* const parts = json_object_get(run, "parts");
  for (std::size_t i = 0; i < json_array_size(parts); ++i) {
    findings.parts.push_back(read_part(json_array_get(parts, i)));
  }
  return findings;
}

std::string join_findings(SwarmFindings& all, const SwarmFindings& one) {
  if (one.all != all.all) return "is of another swarm (" + to_string(one.all) + ")";
  if (all.start.empty() || one.start < all.start) all.start = one.start;
  for (const SwarmPart& part : one.parts) {
    if (!part.complete || part.seeds.count == 0) continue;
    const auto known = std::find_if(all.parts.begin(), all.parts.end(), [&](const SwarmPart& each) {
      return overlap(each.seeds, part.seeds);
    });
    if (known == all.parts.end()) {
      all.parts.push_back(part);
    } else if (!(known->seeds == part.seeds)) {
      return "overlaps another shard in " + to_string(part.seeds) + " (gather shards of one N)";
    } else if (!agree(*known, part)) {
      return "has found something else in " + to_string(part.seeds) + " than another shard";
    }
  }
  std::sort(all.parts.begin(), all.parts.end(),
            [](const SwarmPart& a, const SwarmPart& b) { return a.seeds.first < b.seeds.first; });
  return "";
}

}  // namespace sim
