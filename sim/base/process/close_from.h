// Closes the descriptors that a process was given and does not want.
#pragma once

namespace sim {

// Closes all descriptors from `first` on.
void close_from(int first);

}  // namespace sim
