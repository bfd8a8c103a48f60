// Measures how close to its configured latency a link delivers, and the cost of that precision:
// - the median delivery time over one link without load, for latencies from a quarter of a
//   millisecond;
// - the processor time of the herd's thread, compared with the same run over a link without delay;
// - the same with ten thousand lines in flight at once.

#include <chrono>
#include <cstdio>
#include <string>

#include "tests/bench/played.h"

namespace {

struct Figures {
  double p50_us = 0, p99_us = 0, cpu_percent = 0;
};

Figures run(std::chrono::microseconds latency, int clients, const std::string& rate,
            const LogFolder& logs) {
  const std::string text =
      R"({"name": "bench", "duration": "4s", "drain": "6s", "record": "summary", "herds": [)"
      R"({"name": "h", "servers": ["A", "B"], "links": "line", "propagation": "flood",)"
      R"("link": {"latency": ")" +
      std::to_string(latency.count()) + R"(us"}}], "clients": [{"id": "c-{n}", "count": )" +
      std::to_string(clients) + R"(, "server": "A", "updates": ")" + rate + R"("}]})";
  const sim::RunResults result = play(read_scenario(text), logs);
  return {figure(result, "propagation_p50_us"), figure(result, "propagation_p99_us"),
          100 * figure(result, "cpu_s") / figure(result, "wall_s")};
}

void show(std::chrono::microseconds latency, int clients, const std::string& rate,
          const LogFolder& logs) {
  const Figures seen = run(latency, clients, rate, logs);
  const auto us = static_cast<double>(latency.count());
  std::printf("%9.0f us %20.1f us %11.1f us %10.1f %%\n", us, seen.p50_us - us, seen.p99_us - us,
              seen.cpu_percent);
}

}  // namespace

int main() {
  using std::chrono::microseconds;
  const LogFolder logs;
  std::printf("a link's latency      p50 after it   p99 after it    processor, 200 updates/s\n");
  for (const int latency_us : {0, 250, 1'000, 5'000, 20'000, 100'000}) {
    show(microseconds(latency_us), 20, "10/s", logs);
  }
  std::printf("10,000 updates/s: nothing under way, and 10,000 lines\n");
  for (const int latency_us : {0, 1'000'000}) show(microseconds(latency_us), 100, "100/s", logs);
}
