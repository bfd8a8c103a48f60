#include "sim/app/cli/sweep_end.h"

#include <exception>
#include <filesystem>
#include <optional>

#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/run_report.h"
#include "sim/app/cli/shown_folder.h"
#include "sim/app/compare/gate.h"
#include "sim/app/sweep/sweep_json.h"
#include "sim/app/sweep/sweep_tables.h"
#include "sim/base/process/last_words.h"
#include "sim/measure/results/tables.h"

namespace sim {
namespace {

std::optional<FileError> write_tables(const Sweep& sweep, const SweepResults& results,
                                      const RunCommand& command,
                                      const std::filesystem::path& folder) {
  if (auto error = write_sweep_summary(sweep, results, folder / kSummaryFile)) return error;
  if (!sweep.shard) {
    const std::vector<std::size_t> asked = asked_metrics(command.columns);
    const std::vector<std::size_t> metrics = asked.empty() ? all_metrics() : asked;
    auto error = write_sweep_spreads(sweep, results, folder / kSpreadsFile, metrics);
    if (error) return error;
  }
  return write_sweep_json(sweep, results, folder);
}

// Writes the tables, puts the folder in its place and returns that place, or what went wrong. Keeps
// the finished points then.
herd::Result<std::filesystem::path, std::string> publish(const Sweep& sweep,
                                                         const SweepResults& results,
                                                         const RunCommand& command,
                                                         OutputFolder& folder) {
  try {
    if (const auto error = write_tables(sweep, results, command, folder.partial())) {
      folder.keep();
      return folder.for_people(error->message()) + "; the finished points are kept in " +
             folder.partial_name().string() + " (--resume runs only the rest)";
    }
    if (!sweep.shard) add_report(command.report, folder);
    auto place = folder.publish();
    if (!place) return folder.for_people(place.error().message());
    return *place;
  } catch (const std::exception& error) {  // the figures are worth showing all the same
    folder.keep();
    return std::string("the files cannot be written: ") + words_of(error);
  }
}

}  // namespace

std::vector<std::size_t> asked_metrics(const std::string& columns) {
  if (columns.empty()) return {};
  auto metrics = read_metrics(columns);
  return metrics ? *metrics : std::vector<std::size_t>();
}

int fail_sweep(const Sweep& sweep, RunOutput& output, const std::string& why) {
  output.add_failure(sweep.name, sweep.file, why);
  return kNotCarriedOut;
}

int end_sweep(const Sweep& sweep, const SweepResults& results, int status,
              const RunCommand& command, OutputFolder& folder, RunOutput& output) {
  const auto stored = publish(sweep, results, command, folder);
  RunEnd end{shown_folder(stored, folder, command.folder(sweep.name)), status, ""};
  if (!stored) {
    end.status = kNotCarriedOut;
    end.error = stored.error();
  }
  output.add_sweep(sweep, results, end, asked_metrics(command.columns));
  return end.status;
}

}  // namespace sim
