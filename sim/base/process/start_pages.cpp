#include "sim/base/process/start_pages.h"

#include <sys/mman.h>

#include <array>
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace sim {
namespace {

struct Mapping {
  MappedRange range;
  bool is_file = false, writable = false;
};

// Returns the mapping that a line as "7f00-7f80 r-xp 00000000 08:01 42 /lib/a.so" begins; nullopt
// if the line is about the mapping before it.
std::optional<Mapping> begun_by(const std::string& line) {
  Mapping out;
  std::array<char, 5> access{};
  int path = 0;
  const int found = std::sscanf(line.c_str(), "%" SCNxPTR "-%" SCNxPTR " %4s %*s %*s %*s %n",
                                &out.range.begin, &out.range.end, access.data(), &path);
  if (found != 3) return std::nullopt;
  out.is_file = path > 0 && line[static_cast<std::size_t>(path)] == '/';
  out.writable = access[1] == 'w';
  return out;
}

// Returns whether the line counts changed pages, in memory or swapped out, and there are some.
bool tells_of_changes(const std::string& line) {
  const std::size_t colon = line.find(':');
  const std::string_view name = std::string_view(line).substr(0, colon);
  if (colon == line.npos || (name != "Anonymous" && name != "Swap")) return false;
  return line.find_first_of("123456789", colon) != line.npos;
}

}  // namespace

std::vector<MappedRange> unchanged_files(std::istream& smaps) {
  std::vector<MappedRange> out;
  bool is_last = false;  // the mapping is the last one of `out`
  for (std::string line; std::getline(smaps, line);) {
    if (const auto mapping = begun_by(line)) {
      is_last = mapping->is_file && !mapping->writable;
      if (is_last) out.push_back(mapping->range);
    } else if (is_last && tells_of_changes(line)) {
      out.pop_back();
      is_last = false;
    }
  }
  return out;
}

void release_start_pages() {
  std::ifstream smaps("/proc/self/smaps");
  for (const MappedRange& range : unchanged_files(smaps)) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the system gives addresses as numbers
    madvise(reinterpret_cast<void*>(range.begin), range.end - range.begin, MADV_DONTNEED);
  }
}

}  // namespace sim
