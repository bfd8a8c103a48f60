// Core dumps of this process.
#pragma once

namespace sim {

// From now on, no core dump of this process or of those that it starts is written. For a process
// that holds a secret.
void forbid_core_dumps();

}  // namespace sim
