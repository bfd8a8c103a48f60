// The run.json of a results folder, for commands that need nothing but the folder.
#pragma once

#include <jansson.h>

#include <filesystem>
#include <string_view>

#include "core/result.h"
#include "sim/app/show/show_error.h"
#include "sim/base/json/owned_json.h"

namespace sim {

// Returns the run.json of a run that was carried out. Refuses a folder that has none, a sweep's,
// and that of a dry run.
herd::Result<OwnedJson, ShowError> read_run_document(const std::filesystem::path& folder);

// Returns whether the run wrote that file.
bool lists_file(const json_t* document, std::string_view file);

}  // namespace sim
