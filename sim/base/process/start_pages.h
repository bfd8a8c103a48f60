// The memory of this process that only its start needed.
#pragma once

#include <cstdint>
#include <istream>
#include <vector>

namespace sim {

// A range of addresses.
struct MappedRange {
  std::uintptr_t begin = 0, end = 0;
  friend bool operator==(const MappedRange&, const MappedRange&) = default;
};

// Returns the mappings of files that the process cannot write to and none of whose pages it has
// changed. `smaps` is what Linux says in /proc/PID/smaps.
std::vector<MappedRange> unchanged_files(std::istream& smaps);

// Gives back the memory of all pages of these mappings: the code and constants of the program and
// its libraries. Most of it was needed only to load and link them. The next use of a page maps it
// again, usually from the system's cache. Does nothing if there is no /proc/self/smaps.
// Precondition: no other thread unmaps a file meanwhile.
void release_start_pages();

}  // namespace sim
