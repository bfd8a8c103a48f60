#include "sim/script/spec/named_files.h"

#include <set>
#include <variant>

namespace sim {

std::vector<NamedFile> named_files(const Scenario& scenario) {
  std::set<std::string> paths;
  for (const ClientGroup& group : scenario.clients) {
    if (const auto* trace = std::get_if<TraceMobility>(&group.mobility)) paths.insert(trace->file);
  }
  for (const HerdSpec& herd : scenario.herds) {
    if (!herd.places.data.empty()) paths.insert(herd.places.data);
  }
  const std::string folder = scenario.file.substr(0, scenario.file.rfind('/') + 1);
  std::vector<NamedFile> files;
  for (const std::string& path : paths) {
    const bool is_in_folder = !folder.empty() && path.starts_with(folder);
    files.push_back({is_in_folder ? path.substr(folder.size()) : path, path});
  }
  return files;
}

}  // namespace sim
