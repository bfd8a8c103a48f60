// run.json: the run, its machine and its expectations. A folder with this file is a run's folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/json/owned_json.h"
#include "sim/measure/figures/run_results.h"
#include "sim/measure/results/file_error.h"
#include "sim/measure/results/machine.h"
#include "sim/script/spec/scenario.h"

namespace sim {

inline constexpr const char* kRunFile = "run.json";

// The size in bytes of each file for which that is known, by its path relative to the folder.
using FileSizes = std::vector<std::pair<std::string, std::uintmax_t>>;

// Returns the text of run.json, with a newline at its end. `files` are the folder's other files,
// relative to the folder.
std::string format_run_json(const Scenario& scenario, const RunResults& run, const Machine& machine,
                            const std::vector<std::string>& files, const FileSizes& sizes = {});

// Writes that text as the folder's run.json.
std::optional<FileError> write_run_json(const Scenario& scenario, const RunResults& run,
                                        const Machine& machine,
                                        const std::vector<std::string>& files,
                                        const std::filesystem::path& folder,
                                        const FileSizes& sizes = {});

// The same for any text of a run.json.
std::optional<FileError> write_run_file(std::string_view text, const std::filesystem::path& folder);

// Returns the folder's run.json; null if it cannot be read or is not a JSON object.
OwnedJson read_run_file(const std::filesystem::path& folder);

// Adds a file to the list in the folder's run.json, and writes the new run.json to the folder `to`.
std::optional<FileError> add_to_run_file(const std::string& name,
                                         const std::filesystem::path& folder,
                                         const std::filesystem::path& to);

}  // namespace sim
