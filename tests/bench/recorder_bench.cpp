// Measures the time that a Recorder needs per message (sent and received) and per server. The input
// is floods over random regular graphs, several updates at a time, reported as by correct servers.
// Also measures the time per record to judge the end of a run.

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "core/format.h"
#include "core/parse.h"
#include "core/random.h"
#include "sim/measure/checker/checker.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/recorder.h"
#include "sim/measure/metrics/update_ledger.h"
#include "sim/script/spec/adjacency.h"
#include "sim/script/spec/topology.h"

namespace {

using sim::Duration;

constexpr herd::PosixNs kBase = 1'000'000'000'000'000'000;

sim::HerdSpec regular_herd(std::uint32_t servers) {
  sim::HerdSpec herd;
  for (std::uint32_t i = 0; i < servers; ++i) {
    herd.servers.emplace_back().name = "S" + std::to_string(i + 1);
  }
  herd::Random random(1, "bench");
  auto links = sim::make_links(sim::RegularShape{4}, servers, random);
  if (!links) std::exit(1);
  herd.links = std::move(*links);
  return herd;
}

sim::Plan plan_of(std::uint32_t clients) {
  sim::Plan plan;
  for (std::uint32_t i = 0; i < clients; ++i) {
    plan.subjects.push_back("phone-" + std::to_string(i) + ".example");
    plan.clients.push_back({plan.subjects.back(), 0});
  }
  return plan;
}

// A report of a server to the Recorder.
struct Told {
  std::uint32_t server = 0, neighbor = 0;
  std::uint32_t update = 0;  // index among the simultaneous updates
  enum class What : std::uint8_t { kHeard, kSent, kAccepted, kDuplicate } what = What::kHeard;
  Duration after{0};
};

// Returns the servers' reports of floods with echo that start within a millisecond, in order of
// time.
std::vector<Told> floods(const sim::HerdSpec& herd, std::uint32_t updates) {
  struct Arrival {
    std::int64_t at = 0;
    std::uint64_t order = 0;  // order of sending, which TCP keeps
    std::uint32_t server = 0, neighbor = 0, update = 0;
    bool operator>(const Arrival& other) const {
      return std::tie(at, order) > std::tie(other.at, other.order);
    }
  };
  constexpr std::uint32_t kClient = 0xffff'ffff;
  const sim::Adjacency adjacency = sim::make_adjacency(herd);
  // Indices of its endpoints.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> places(herd.links.size());
  for (const auto& neighbors : adjacency) {
    for (std::uint32_t n = 0; n < neighbors.size(); ++n) {
      (neighbors[n].dials ? places[neighbors[n].link].first : places[neighbors[n].link].second) = n;
    }
  }
  herd::Random random(2, "bench");
  std::vector<std::int64_t> latency(herd.links.size());
  for (auto& each : latency) each = 1'000'000 + static_cast<std::int64_t>(random.below(1'000'000));
  std::uint64_t sent = 0;
  std::vector<std::vector<bool>> held(updates, std::vector<bool>(herd.servers.size()));
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> queue;
  for (std::uint32_t u = 0; u < updates; ++u) {
    queue.push({static_cast<std::int64_t>(random.below(1'000'000)), sent++,
                static_cast<std::uint32_t>(random.below(herd.servers.size())), kClient, u});
  }
  std::vector<Told> out;
  while (!queue.empty()) {
    const Arrival now = queue.top();
    queue.pop();
    const bool is_held = held[now.update][now.server];
    const auto what = now.neighbor == kClient ? Told::What::kHeard
                      : is_held               ? Told::What::kDuplicate
                                              : Told::What::kAccepted;
    out.push_back({now.server, now.neighbor, now.update, what, Duration(now.at)});
    if (is_held) continue;
    held[now.update][now.server] = true;
    for (std::uint32_t n = 0; n < adjacency[now.server].size(); ++n) {
      const sim::Adjacent& to = adjacency[now.server][n];
      out.push_back({now.server, n, now.update, Told::What::kSent, Duration(now.at)});
      queue.push({now.at + latency[to.link], sent++, to.peer,
                  to.dials ? places[to.link].second : places[to.link].first, now.update});
    }
  }
  return out;
}

std::uint64_t bytes_in_use() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

// Arguments: number of servers, number of simultaneous updates.
void flood(benchmark::State& state) {
  const auto servers = static_cast<std::uint32_t>(state.range(0));
  const auto at_a_time = static_cast<std::uint32_t>(state.range(1));
  const sim::HerdSpec herd = regular_herd(servers);
  const sim::Plan plan = plan_of(at_a_time);
  const std::vector<Told> script = floods(herd, at_a_time);

  const std::uint64_t before = bytes_in_use();
  const auto recorder = std::make_unique<sim::Recorder>(herd, plan, sim::RecordLevel::kSummary);
  const sim::Adjacency adjacency = sim::make_adjacency(herd);
  for (std::uint32_t s = 0; s < servers; ++s) {
    for (std::uint32_t n = 0; n < adjacency[s].size(); ++n) {
      recorder->link_up(herd::ServerId{s}, herd::NeighborId{n}, {});
    }
  }
  std::uint64_t first_round = 0;
  double spent = 0;  // processor time, independent of other load on the machine
  herd::PosixNs round = 0;
  for (auto _ : state) {
    ++round;
    std::vector<std::string> lines(at_a_time);
    std::vector<herd::RecordView> reports;
    for (std::uint32_t u = 0; u < at_a_time; ++u) {
      lines[u] = "AT S1 +0.000000000 " + plan.subjects[u] + " +34.068930-118.445127 ";
      herd::append_time(lines[u], kBase + round);
      reports.push_back(std::get<herd::RecordView>(herd::parse_link_line(lines[u])));
    }
    const std::clock_t begin = std::clock();
    const herd::Instant start(Duration(round * 1'000'000'000));
    for (const Told& told : script) {
      const herd::ServerId server{told.server};
      const herd::NeighborId neighbor{told.neighbor};
      const herd::RecordView& report = reports[told.update];
      const herd::Moment now{start + told.after, kBase};
      switch (told.what) {
        case Told::What::kHeard:
          recorder->update_heard(server, report, herd::Verdict::kAccepted, now);
          break;
        case Told::What::kSent:
          recorder->update_sent(server, neighbor, report, now);
          break;
        case Told::What::kAccepted:
          recorder->update_received(server, neighbor, report, herd::Verdict::kAccepted, now);
          break;
        case Told::What::kDuplicate:
          recorder->update_received(server, neighbor, report, herd::Verdict::kDuplicate, now);
          break;
      }
    }
    spent += static_cast<double>(std::clock() - begin);
    if (first_round == 0) first_round = bytes_in_use() - before;
  }
  if (recorder->in_flight() != 0 || recorder->violation_count() != 0) {
    state.SkipWithError("the floods did not come to an end");
  }
  state.counters["ns/message"] =
      spent * 1e9 / CLOCKS_PER_SEC / static_cast<double>(recorder->messages());
  state.counters["B/server"] = static_cast<double>(first_round) / servers;
}
BENCHMARK(flood)
    ->Args({10'000, 1})
    ->Args({10'000, 32})
    ->Args({100'000, 1})
    ->Args({100'000, 32})
    ->Args({1'000'000, 1})
    ->Unit(benchmark::kMillisecond);

// Arguments: number of servers, number of clients. Every server holds the same report of each
// client.
void judge(benchmark::State& state) {
  const auto servers = static_cast<std::uint32_t>(state.range(0));
  const auto clients = static_cast<std::uint32_t>(state.range(1));
  const sim::HerdSpec herd = regular_herd(servers);
  const sim::Plan plan = plan_of(clients);
  sim::Recorder recorder(herd, plan, sim::RecordLevel::kSummary);
  std::vector<herd::Record> records;
  for (const std::string& subject : plan.subjects) {
    std::string line = "AT S1 +0.000000000 " + subject + " +34.068930-118.445127 ";
    herd::append_time(line, kBase);
    const auto report = std::get<herd::RecordView>(herd::parse_link_line(line));
    recorder.update_heard(herd::ServerId{0}, report, herd::Verdict::kAccepted, {});
    records.emplace_back(report, herd::RecordStore::client_hash({}, report.client));
  }
  std::vector<herd::RecordStore> stores(servers);
  for (herd::RecordStore& store : stores) {
    for (const herd::Record& record : records) store.offer(record.view());
  }
  const sim::FleetLog log;
  sim::HerdOutcome outcome{herd, plan, log, recorder, kBase, {}};
  outcome.links_up.resize(herd.links.size(), true);
  for (const herd::RecordStore& store : stores) outcome.servers.emplace_back().records = &store;
  double spent = 0;
  for (auto _ : state) {
    const std::clock_t begin = std::clock();
    const sim::UpdateLedger ledger(outcome);
    benchmark::DoNotOptimize(sim::check(outcome, ledger, sim::ClockKind::kVirtual));
    spent += static_cast<double>(std::clock() - begin);
    if (ledger.held.foreign().count > 0) state.SkipWithError("a record that nobody sent");
  }
  state.counters["ns/record"] =
      spent * 1e9 / CLOCKS_PER_SEC / static_cast<double>(state.iterations()) / servers / clients;
}
BENCHMARK(judge)->Args({10'000, 1'000})->Unit(benchmark::kMillisecond);

}  // namespace
