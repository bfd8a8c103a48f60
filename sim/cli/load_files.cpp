#include "sim/cli/load_files.h"

#include <cstdio>
#include <utility>

namespace sim {

std::optional<std::vector<Scenario>> load_files(const std::vector<std::string>& files,
                                                const LoadOptions& options) {
  std::vector<Scenario> scenarios;
  for (const std::string& file : files) {
    auto loaded = load_scenario(file, options);
    if (loaded) {
      scenarios.push_back(std::move(*loaded));
      continue;
    }
    for (const std::string& error : loaded.error()) std::fprintf(stderr, "%s\n", error.c_str());
  }
  if (scenarios.size() != files.size()) return std::nullopt;
  return scenarios;
}

}  // namespace sim
