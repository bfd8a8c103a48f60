// Every connection is a descriptor, at both of its ends where both are ours.
#pragma once

namespace sim {

// Raises the process's limit on open files to the highest that it may set itself.
void raise_descriptor_limit();

}  // namespace sim
