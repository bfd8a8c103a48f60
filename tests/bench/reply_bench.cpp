// Measures whether a slow Places answer delays a server. Compares the latency of IAMAT answers with
// and without queries of other clients, in turn. The queries go to a provider that takes 500 ms.

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/bench/played.h"

namespace {

constexpr int kRounds = 5;

std::string scenario(bool queries) {
  // The queries are about a client that moves with every update, so that few questions repeat.
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

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main() {
  const LogFolder logs;
  std::vector<double> p50[2], p99[2], ratios;
  double asked = 0, query_p50 = 0;
  for (int round = 0; round < kRounds; ++round) {
    for (const bool queries : {false, true}) {
      const sim::RunResults result = play(read_scenario(scenario(queries)), logs);
      p50[queries].push_back(figure(result, "reply_p50_us"));
      p99[queries].push_back(figure(result, "reply_p99_us"));
      if (!queries) continue;
      asked = figure(result, "queries");
      query_p50 = figure(result, "query_p50_us");
    }
    ratios.push_back(p99[true].back() / p99[false].back());
  }
  std::printf("IAMAT replies of one server, 1,000 a second (median of %d rounds in turn)\n",
              kRounds);
  std::printf("  without queries             p50 %8.1f us   p99 %8.1f us\n", median(p50[false]),
              median(p99[false]));
  std::printf("  %4.0f queries, p50 %3.0f ms     p50 %8.1f us   p99 %8.1f us   %.2f of it\n", asked,
              query_p50 / 1000, median(p50[true]), median(p99[true]), median(ratios));
  return 0;
}
