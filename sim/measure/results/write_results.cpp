#include "sim/measure/results/write_results.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include "sim/measure/results/machine.h"
#include "sim/measure/results/run_json.h"
#include "sim/measure/results/tables.h"

namespace sim {
namespace {

namespace fs = std::filesystem;

// Returns the logs under `folder`, as paths relative to it, by name. Leaves out names that cannot
// be listed: a missing name in run.json does not make a run useless.
std::vector<std::string> logs_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  fs::recursive_directory_iterator at(folder / "logs", error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    std::error_code unknown;
    if (at->is_regular_file(unknown)) {
      names.push_back(at->path().lexically_relative(folder).generic_string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Returns the sizes of the files, without that of summary.csv: it has figures of the machine, and
// its size would be one more.
FileSizes sizes_of(const std::vector<std::string>& files, const fs::path& folder) {
  FileSizes sizes;
  for (const std::string& file : files) {
    std::error_code unknown;
    const std::uintmax_t bytes = fs::file_size(folder / file, unknown);
    if (!unknown && file != kSummaryFile) sizes.emplace_back(file, bytes);
  }
  return sizes;
}

}  // namespace

std::optional<FileError> write_results(const Scenario& scenario, const RunResults& results,
                                       const fs::path& folder) {
  std::vector<std::string> files;
  for (const Table& table : tables()) {
    if (scenario.record < table.least_level) continue;
    if (auto error = table.write(results, folder / table.file)) return error;
    files.emplace_back(table.file);
  }
  const FileSizes sizes = sizes_of(files, folder);
  const std::vector<std::string> logs = logs_in(folder);
  files.insert(files.end(), logs.begin(), logs.end());
  return write_run_json(scenario, results, read_machine(), files, folder, sizes);
}

}  // namespace sim
