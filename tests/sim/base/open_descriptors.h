// The descriptors that this process has open, counted for tests of leaks.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iterator>

namespace sim {

inline std::size_t count_open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace sim
