// A results folder as the page reads it: from its files alone.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "sim/base/json/owned_json.h"
#include "sim/measure/report/csv_columns.h"
#include "sim/measure/results/file_error.h"

namespace sim {

class RunFolder {
 public:
  // Returns an error if the folder has no run.json of a run or of a sweep.
  static herd::Result<std::unique_ptr<RunFolder>, FileError> open(
      const std::filesystem::path& folder);

  const json_t* run() const { return run_.get(); }
  bool is_sweep() const { return json_is_array(json_object_get(run(), "points")); }
  std::string_view text(const char* key) const;  // of run.json; empty if there is none

  // Returns the table of a file such as "updates.csv", which is read when it is first asked for.
  // Null if the folder has no such file.
  const CsvColumns* table(const std::string& file);

 private:
  RunFolder(std::filesystem::path folder, OwnedJson run);

  std::filesystem::path folder_;
  OwnedJson run_;
  std::map<std::string, std::unique_ptr<CsvColumns>> tables_;
};

}  // namespace sim
