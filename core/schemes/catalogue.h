// The propagation schemes that scenarios can name.
#pragma once

#include <span>
#include <string_view>

#include "core/propagation.h"

namespace herd {

// Returns the rows of all schemes, in the order in which pages and errors list them.
std::span<const SchemeInfo* const> schemes();
// Returns the scheme's row; nullptr if there is no scheme of this name.
const SchemeInfo* find_scheme(std::string_view name);

}  // namespace herd
