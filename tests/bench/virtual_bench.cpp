// Measures the speed of virtual time: floods over a random regular graph. The baseline does only
// the flood itself, with a heap of 24-byte events and one word per server.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "core/random.h"
#include "sim/measure/figures/summary_cells.h"
#include "sim/run/thread_cpu.h"
#include "sim/run/virtual_run.h"
#include "sim/script/read/load_scenario.h"
#include "sim/script/spec/adjacency.h"
#include "sim/script/spec/summary_columns.h"
#include "tests/bench/figures.h"

namespace {

struct Figures {
  double arrivals = 0, deliveries = 0, seconds = 0;
  double rate() const { return arrivals / seconds; }
};

// A flood with split horizon and nothing else. With a jitter, each line takes a uniform time around
// the latency.
class BareFlood {
 public:
  BareFlood(const sim::HerdSpec& herd, std::int64_t latency_ns, std::int64_t jitter_ns)
      : latency_ns_(latency_ns), jitter_ns_(jitter_ns), seen_(herd.servers.size()) {
    const sim::Adjacency adjacency = sim::make_adjacency(herd);
    for (const auto& of : adjacency) {
      first_.push_back(static_cast<std::uint32_t>(peers_.size()));
      for (const sim::Adjacent& there : of) peers_.push_back(there.peer);
    }
    first_.push_back(static_cast<std::uint32_t>(peers_.size()));
  }

  // `update` is the update's number, from 1.
  void flood(std::uint32_t origin, std::uint32_t update, Figures& figures) {
    seen_[origin] = update;
    send(origin, origin);
    while (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end(), later);
      const Event event = heap_.back();
      heap_.pop_back();
      now_ = event.at;
      ++figures.arrivals;
      if (seen_[event.to] == update) continue;
      seen_[event.to] = update;
      ++figures.deliveries;
      send(event.to, event.from);
    }
  }

 private:
  struct Event {
    std::int64_t at = 0;
    std::uint64_t sequence = 0;
    std::uint32_t to = 0, from = 0;
  };
  static_assert(sizeof(Event) == 24);
  static bool later(const Event& a, const Event& b) {
    return a.at != b.at ? a.at > b.at : a.sequence > b.sequence;
  }

  void send(std::uint32_t server, std::uint32_t not_to) {
    for (std::uint32_t i = first_[server]; i < first_[server + 1]; ++i) {
      if (peers_[i] == not_to) continue;
      heap_.push_back({now_ + latency_ns_ + jitter(), sequence_++, peers_[i], server});
      std::push_heap(heap_.begin(), heap_.end(), later);
    }
  }

  std::int64_t jitter() {
    if (jitter_ns_ == 0) return 0;
    const auto width = 2 * static_cast<std::uint64_t>(jitter_ns_) + 1;
    return static_cast<std::int64_t>(random_.below(width)) - jitter_ns_;
  }

  std::int64_t latency_ns_, jitter_ns_, now_ = 0;
  herd::Random random_{1, "jitter"};
  std::uint64_t sequence_ = 0;
  std::vector<std::uint32_t> first_, peers_, seen_;
  std::vector<Event> heap_;
};

Figures bare_floods(const sim::HerdSpec& herd, std::uint64_t updates, std::int64_t jitter_ns) {
  Figures floor;
  BareFlood bare(herd, 10'000'000, jitter_ns);
  const double start = sim::thread_cpu_s();
  for (std::uint32_t update = 1; update <= updates; ++update) {
    bare.flood(update % 100, update, floor);
  }
  floor.seconds = sim::thread_cpu_s() - start;
  return floor;
}

sim::Scenario scenario(std::uint64_t servers, std::uint64_t updates, const std::string& links,
                       const std::string& herd_members) {
  const std::string text =
      R"({"name": "bench", "clock": "virtual", "duration": "10s", "drain": "60s",
          "record": "summary", "herds": [{"name": "h", "servers": )" +
      std::to_string(servers) + R"(, "links": )" + links +
      R"(, "propagation": "flood", "keepalive": "off", )" + herd_members +
      R"(}], "clients": [{"id": "c-{n}", "count": 100, "server": "spread", "updates": {"every": ")" +
      std::to_string(1'000'000 / updates) + R"(ms"}}]})";
  auto parsed = sim::parse_scenario("bench.json", text);
  if (!parsed) {
    for (const std::string& line : parsed.error()) std::fprintf(stderr, "%s\n", line.c_str());
    std::exit(1);
  }
  return std::move(parsed).value();
}

double cell(const sim::RunResults& run, std::string_view column) {
  const std::size_t place = sim::find_column(column).value();
  return sim::figure_of(sim::cell_of(run.herds[0], place)).value_or(0);
}

Figures play(const sim::Scenario& scenario) {
  const auto run = sim::run_virtual(scenario, {});
  if (!run) {
    std::fprintf(stderr, "%s\n", run.error().message.c_str());
    std::exit(1);
  }
  if (cell(*run, "violations") != 0 || cell(*run, "undelivered") != 0) {
    std::fprintf(stderr, "the herd broke its promises\n");
    std::exit(1);
  }
  return {cell(*run, "messages"), cell(*run, "deliveries"), cell(*run, "cpu_s")};
}

void print(const char* what, const Figures& figures) {
  std::printf("  %-44s %7.2f M arrivals/s  %6.2f M deliveries/s  %6.1f ns an arrival\n", what,
              figures.arrivals / figures.seconds / 1e6, figures.deliveries / figures.seconds / 1e6,
              figures.seconds / figures.arrivals * 1e9);
}

}  // namespace

int main() {
  constexpr std::uint64_t kUpdates = 300;
  constexpr const char* kSlow = R"("link": {"latency": "10ms"})";
  constexpr const char* kJitter = R"("link": {"latency": "10ms", "jitter": "3ms"})";
  constexpr const char* kText = R"("wire": "text", "link": {"latency": "10ms"})";
  constexpr const char* kRegular = R"({"regular": 4})";

  std::printf(
      "Virtual time, split horizon, one thread (of the processor's time, the set-up aside)\n");
  std::printf("10,000 servers, {\"regular\": 4}, %llu updates:\n",
              static_cast<unsigned long long>(kUpdates));
  const sim::Scenario large = scenario(10'000, kUpdates, kRegular, kSlow);
  const Figures floor = bare_floods(large.herds[0], kUpdates, 0);
  print("floor: a bare heap", floor);
  const Figures values = play(large);
  print("values", values);
  const Figures jitter_floor = bare_floods(large.herds[0], kUpdates, 3'000'000);
  print("floor: a bare heap, the same jitter", jitter_floor);
  const Figures jitter = play(scenario(10'000, kUpdates, kRegular, kJitter));
  print("values, every line with its own jitter", jitter);
  const Figures text = play(scenario(10'000, kUpdates, kRegular, kText));
  print("text", text);
  std::printf("  values take %.1f times what the floor takes\n", floor.rate() / values.rate());
  bench::note("virtual-10k", values.rate() / floor.rate());
  bench::note("virtual-jitter", jitter.rate() / jitter_floor.rate());
  bench::note("virtual-text", text.rate() / floor.rate());

  std::printf("10,000 servers in a tree, where every arrival is a delivery:\n");
  print("values", play(scenario(10'000, kUpdates, "\"tree\"", kSlow)));

  std::printf("The same by size, values:\n");
  for (const std::uint64_t servers : {100U, 1'000U, 100'000U}) {
    const std::uint64_t updates = servers == 100'000 ? 100 : 1'000;
    const std::string name = std::to_string(servers) + " servers";
    const Figures figures = play(scenario(servers, updates, kRegular, kSlow));
    print(name.c_str(), figures);
    if (servers == 100'000) bench::note("virtual-100k", figures.rate() / values.rate());
  }
  return 0;
}
