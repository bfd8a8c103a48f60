// The output of `herdsim run`: a table after each scenario, or one JSON document at the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "sim/app/cli/run_command.h"
#include "sim/app/sweep/sweep.h"
#include "sim/app/sweep/sweep_results.h"
#include "sim/base/json/owned_json.h"
#include "sim/measure/figures/run_results.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// The end of a run: its status, and the place of its results.
struct RunEnd {
  std::optional<std::filesystem::path> folder;  // for people; nullopt: nothing could be written
  int status = 0;                               // an ExitStatus
  std::string error;                            // why it was not carried out; empty if it was
};

// Each function that adds tells an error on standard error too. JSON is printed by finish() alone.
class RunOutput {
 public:
  explicit RunOutput(RunFormat format);

  void add_run(const Scenario& scenario, const RunResults& run, const RunEnd& end);
  // `metrics`: those that the table shows, as sweep_table() takes them. JSON has all.
  void add_sweep(const Sweep& sweep, const SweepResults& results, const RunEnd& end,
                 std::span<const std::size_t> metrics);
  // A dry run: `rows` actions were written to the file `plan`.
  void add_plan(const Scenario& scenario, std::uint64_t rows, const std::filesystem::path& plan);
  // A scenario or a sweep that gave no figures. `file`: as its user named it.
  void add_failure(const std::string& name, const std::string& file, const std::string& why);

  // Prints what is left to print. `status`: that of the command. Call last.
  void finish(int status);

 private:
  bool is_json() const { return document_ != nullptr; }
  void tell(const std::string& name, const RunEnd& end) const;

  OwnedJson document_;  // null: the format is text
};

}  // namespace sim
