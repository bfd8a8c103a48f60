#include "sim/measure/report/run_folder.h"

#include <system_error>
#include <utility>

#include "sim/base/json/parse_json.h"
#include "sim/base/text/read_file.h"
#include "sim/measure/results/run_json.h"

namespace sim {

herd::Result<std::unique_ptr<RunFolder>, FileError> RunFolder::open(
    const std::filesystem::path& folder) {
  OwnedJson run = read_run_file(folder);
  if (!json_is_array(json_object_get(run.get(), "files"))) {
    return FileError{folder, "has no run.json of a run (name a folder that herdsim run wrote)"};
  }
  return std::unique_ptr<RunFolder>(new RunFolder(folder, std::move(run)));
}

RunFolder::RunFolder(std::filesystem::path folder, OwnedJson run)
    : folder_(std::move(folder)), run_(std::move(run)) {}

std::string_view RunFolder::text(const char* key) const {
  return string_of(json_object_get(run(), key));
}

const CsvColumns* RunFolder::table(const std::string& file) {
  const auto [place, is_new] = tables_.try_emplace(file);
  if (is_new) {
    std::error_code unknown;
    const bool is_file = std::filesystem::is_regular_file(folder_ / file, unknown);
    auto text = is_file ? read_file(folder_ / file) : std::nullopt;
    if (text) place->second = std::make_unique<CsvColumns>(*text);
  }
  return place->second.get();
}

}  // namespace sim
