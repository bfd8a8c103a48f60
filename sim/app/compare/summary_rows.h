// Reads the summary.csv of a run or of a sweep.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/result.h"
#include "sim/app/compare/compare_error.h"
#include "sim/app/compare/compared_side.h"

namespace sim {

// Returns the rows. `points` has the folders of a sweep's points by their numbers, as text. Columns
// that the file lacks, because another version wrote it, are unknown figures; columns that this
// version does not know are left out. A file that is missing, has no rows, or is damaged is an
// error.
herd::Result<std::vector<ComparedRow>, CompareError> read_summary_rows(
    const std::filesystem::path& folder,
    const std::map<std::string, std::filesystem::path>& points);

}  // namespace sim
