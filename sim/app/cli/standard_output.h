// Errors of standard output, which stdio keeps until somebody asks.
#pragma once

namespace sim {

// Flushes standard output. Returns false, after a sentence on standard error, if anything that was
// printed since the start could not be written, for example because the disk is full. A standard
// output that was closed when the process started is no error: nobody wants it.
[[nodiscard]] bool flush_standard_output();

}  // namespace sim
