// Whether a slow Places answer holds up a server: the latency of IAMAT replies while other clients
// of the same server ask a provider that takes 500 ms, against the same without any query, in turn.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/metrics/summary_columns.h"
#include "sim/results/expectations.h"
#include "sim/run/live_run.h"
#include "sim/scenario/load_scenario.h"

namespace {

constexpr int kRounds = 5;

std::string scenario(bool queries) {
  // About a client that moves on with every update, so that hardly a question is asked twice.
  const std::string asking = R"({"id": "asking-{n}", "count": 20, "server": "Alford",
                                 "queries": {"rate": "2/s", "about": "moving-7"}},)";
  return R"({"name": "bench", "duration": "4s", "drain": "6s", "record": "summary",
             "herds": [{"name": "h", "places": {"latency": "500ms"}}],
             "clients": [)" +
         (queries ? asking : std::string()) +
         R"({"id": "moving-{n}", "count": 20, "server": "Alford", "updates": "50/s",
              "mobility": {"model": "waypoints", "speed": "100km/h",
                           "points": ["+34.100000-118.300000"]}}]})";
}

double figure(const sim::RunResults& run, std::string_view column) {
  for (std::size_t i = 0; i < sim::kSummaryColumns.size(); ++i) {
    if (sim::kSummaryColumns[i].name != column) continue;
    return sim::figure_of(run.herds[0].summary[i]).value_or(0);
  }
  return 0;
}

sim::RunResults run(bool queries, const std::filesystem::path& logs) {
  const auto loaded = sim::parse_scenario("bench", scenario(queries));
  if (!loaded) {
    std::fprintf(stderr, "%s\n", loaded.error().front().c_str());
    std::exit(1);
  }
  sim::LiveRunOptions options;
  options.log_folder = logs;
  options.log_level = spdlog::level::off;
  auto result = sim::run_live(*loaded, options);
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::exit(1);
  }
  return std::move(*result);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main() {
  std::string folder = (std::filesystem::temp_directory_path() / "herdsim-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return 1;
  std::vector<double> p50[2], p99[2], ratios;
  double asked = 0, query_p50 = 0;
  for (int round = 0; round < kRounds; ++round) {
    for (const bool queries : {false, true}) {
      const sim::RunResults result = run(queries, folder);
      p50[queries].push_back(figure(result, "reply_p50_us"));
      p99[queries].push_back(figure(result, "reply_p99_us"));
      if (!queries) continue;
      asked = figure(result, "queries");
      query_p50 = figure(result, "query_p50_us");
    }
    ratios.push_back(p99[true].back() / p99[false].back());
  }
  std::filesystem::remove_all(folder);
  std::printf("IAMAT replies of one server, 1,000 a second (median of %d rounds in turn)\n",
              kRounds);
  std::printf("  without queries             p50 %8.1f us   p99 %8.1f us\n", median(p50[false]),
              median(p99[false]));
  std::printf("  %4.0f queries, p50 %3.0f ms     p50 %8.1f us   p99 %8.1f us   %.2f of it\n", asked,
              query_p50 / 1000, median(p50[true]), median(p99[true]), median(ratios));
  return 0;
}
