// Which herds need not play the ALIVE lines of their links; the rest is in the .cpp file.
#pragma once

#include "sim/script/spec/herd_spec.h"

namespace sim {

// Returns whether nothing but the watches of links can depend on the ALIVE lines of the herd.
bool may_assure_links(const HerdSpec& spec);

}  // namespace sim
