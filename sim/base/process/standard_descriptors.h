// Standard input, output and error of a process that was started without them.
#pragma once

namespace sim {

// Opens /dev/null for each of the descriptors 0, 1 and 2 that is closed, so that no other file gets
// its number: what is printed would go to that file, and libuv aborts if it has to close one of
// them. Reading standard input and writing the other two still fails. Returns false if /dev/null
// cannot be opened. To be called before anything else opens a file.
[[nodiscard]] bool open_standard_descriptors();

}  // namespace sim
