#include "sim/app/cli/load_files.h"

#include <cstdio>
#include <utility>

#include "sim/app/cli/shipped_scenarios.h"
#include "sim/app/sweep/load_sweep.h"

namespace sim {
namespace {

void print_lines(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) std::fprintf(stderr, "%s\n", line.c_str());
}

void print_warnings(const Scenario& scenario) { print_lines(scenario.warnings); }

void print_warnings(const LoadedFile& file) { print_lines(warnings_of(file)); }

template <class T, class Load>
std::optional<std::vector<T>> load_all(const std::vector<std::string>& files, const Load& load) {
  std::vector<T> all;
  for (const std::string& file : files) {
    auto loaded = load(file);
    if (loaded) {
      print_warnings(*loaded);
      all.push_back(std::move(*loaded));
      continue;
    }
    print_lines(loaded.error());
  }
  if (all.size() != files.size()) return std::nullopt;
  return all;
}

}  // namespace

herd::Result<LoadedFile, ScenarioErrors> load_file(const std::string& file,
                                                   const LoadOptions& options,
                                                   std::optional<Shard> shard) {
  const auto document = load_document(named_scenario(file), options);
  if (!document) return document.error();
  if (document->has_sweep()) {
    auto sweep = to_sweep(*document, shard);
    if (!sweep) return sweep.error();
    return LoadedFile(std::move(*sweep));
  }
  auto scenario = to_scenario(*document);
  if (!scenario) return scenario.error();
  return LoadedFile(std::move(*scenario));
}

const std::vector<std::string>& warnings_of(const LoadedFile& file) {
  return std::visit(
      [](const auto& loaded) -> const std::vector<std::string>& { return loaded.warnings; }, file);
}

std::optional<std::vector<LoadedFile>> load_files(const std::vector<std::string>& files,
                                                  const LoadOptions& options,
                                                  std::optional<Shard> shard) {
  return load_all<LoadedFile>(
      files, [&](const std::string& file) { return load_file(file, options, shard); });
}

std::optional<std::vector<Scenario>> load_scenarios(const std::vector<std::string>& files,
                                                    const LoadOptions& options) {
  return load_all<Scenario>(
      files, [&](const std::string& file) { return load_scenario(named_scenario(file), options); });
}

}  // namespace sim
