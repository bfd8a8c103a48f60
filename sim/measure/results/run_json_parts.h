// Parts that the run.json of a run and that of a sweep share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/base/json/owned_json.h"
#include "sim/measure/figures/run_results.h"
#include "sim/measure/results/machine.h"

namespace sim {

// The first members of a run.json.
struct RunOpening {
  const std::string& name;
  bool complete = true, dry_run = false;
  std::uint64_t seed = 0;
  std::string_view clock;
  const std::string& start;
  const Machine& machine;
  const std::string& scenario;  // as run, as JSON
};
// Returns a new object with the opening's members.
OwnedJson begin_run_json(const RunOpening& opening);

OwnedJson describe(const ExpectationResult& expectation);

// Returns the document as dump_json() writes it, indented by two, with a newline at its end.
std::string format_json(const OwnedJson& document);

}  // namespace sim
