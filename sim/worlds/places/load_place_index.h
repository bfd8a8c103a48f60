// Places data as an index that can be searched.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "sim/base/io/uv_error.h"
#include "sim/worlds/places/place_index.h"

namespace sim {

// Reads a data file, or takes the built-in one where `file` is empty. The error has a line for each
// problem. Any thread.
herd::Result<std::shared_ptr<const PlaceIndex>, Error> load_place_index(const std::string& file);
// The same for what the user named on the command line: any file, or standard input if it is `-`.
herd::Result<std::shared_ptr<const PlaceIndex>, Error> load_named_place_index(
    const std::string& file);

// Returns the index of the built-in places, which is made once for all callers. Any thread.
std::shared_ptr<const PlaceIndex> built_in_place_index();

}  // namespace sim
