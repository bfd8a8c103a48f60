#include "sim/app/cli/shipped_scenarios.h"

#include <algorithm>
#include <system_error>

#include "sim/base/build_info.h"
#include "sim/base/json/parse_json.h"
#include "sim/base/process/own_binary.h"
#include "sim/base/text/read_file.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtension = ".json";
constexpr std::string_view kSchemaEnd = ".schema.json";

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

std::string about_of(const fs::path& path) {
  const auto text = read_regular_file(path.string(), kMaxScenarioBytes);
  if (!text) return "";
  const OwnedJson root = parse_json(*text);
  return std::string(string_of(json_object_get(root.get(), "about")));
}

}  // namespace

std::optional<fs::path> shipped_folder() {
  const fs::path beside = fs::path(own_binary()).parent_path();
  for (const fs::path& folder :
       {beside / kDataFolder / "scenarios", beside.parent_path() / "scenarios"}) {
    // Not any folder of that name is ours.
    if (is_file(folder / "scenario.schema.json")) return folder.lexically_normal();
  }
  return std::nullopt;
}

std::vector<ShippedScenario> shipped_in(const fs::path& folder) {
  std::vector<ShippedScenario> found;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (!name.ends_with(kExtension) || name.ends_with(kSchemaEnd)) continue;
    found.push_back({at->path().stem().string(), about_of(at->path())});
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return found;
}

std::string named_scenario(const std::string& file) {
  std::error_code error;
  if (file == "-" || file.find('/') != std::string::npos || fs::exists(file, error)) return file;
  const auto folder = shipped_folder();
  if (!folder || file.ends_with(kSchemaEnd)) return file;
  for (const std::string& name : {file, file + std::string(kExtension)}) {
    if (name.ends_with(kExtension) && is_file(*folder / name)) return (*folder / name).string();
  }
  return file;
}

}  // namespace sim
