#include "tests/bench/played.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "sim/measure/figures/summary_cells.h"
#include "sim/run/live_run.h"
#include "sim/script/read/load_scenario.h"
#include "sim/script/spec/summary_columns.h"

namespace {

[[noreturn]] void abandon(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

}  // namespace

LogFolder::LogFolder()
    : path_((std::filesystem::temp_directory_path() / "herdsim-bench-XXXXXX").string()) {
  if (mkdtemp(path_.data()) == nullptr) abandon("no temporary folder");
}

LogFolder::~LogFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

sim::Scenario read_scenario(const std::string& json) {
  auto loaded = sim::parse_scenario("bench", json);
  if (!loaded) abandon(loaded.error().front());
  return std::move(*loaded);
}

sim::RunResults play(const sim::Scenario& scenario, const LogFolder& logs) {
  sim::LiveRunOptions options;
  options.log_folder = logs.path();
  options.log_level = spdlog::level::off;
  auto result = sim::run_live(scenario, options);
  if (!result) abandon(result.error().message);
  return std::move(*result);
}

double figure(const sim::RunResults& run, std::string_view column) {
  const std::size_t place = sim::find_column(column).value();
  return sim::figure_of(sim::cell_of(run.herds[0], place)).value_or(0);
}
