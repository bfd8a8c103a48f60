// Measures the time that the core needs per line: framing, parsing, formatting, storing a record,
// and a complete IAMAT from its bytes to its last effect. Also measures what recovery adds.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "core/format.h"
#include "core/framing.h"
#include "core/limits.h"
#include "core/parse.h"
#include "core/record_summary.h"
#include "core/server.h"

namespace {

constexpr std::string_view kIamat =
    "IAMAT kiwi.cs.ucla.edu +34.068930-118.445127 1479413884.392014450\n";
constexpr std::string_view kAt =
    "AT Alford +0.263873386 kiwi.cs.ucla.edu +34.068930-118.445127 1479413884.392014450";

std::string_view without_ending(std::string_view line) { return line.substr(0, line.size() - 1); }

void frame(benchmark::State& state) {
  std::string input;
  for (int i = 0; i < 1000; ++i) input += kIamat;
  for (auto _ : state) {
    std::string_view rest = input;
    while (herd::take_line(rest, herd::kMaxClientLine).status == herd::Framing::kLine) {
    }
    benchmark::DoNotOptimize(rest);
  }
  state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(frame);

void parse_iamat(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(herd::parse_client_line(without_ending(kIamat)));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(parse_iamat);

void parse_at(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(herd::parse_link_line(kAt));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(parse_at);

void format_at(benchmark::State& state) {
  const auto command = herd::parse_client_line(without_ending(kIamat));
  const auto& report = std::get<herd::Iamat>(command);
  std::string out;
  herd::PosixNs clock = report.time_ns;
  for (auto _ : state) {
    benchmark::DoNotOptimize(herd::format_report(out, "Alford", clock += 12345, report));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(format_at);

void take_record(benchmark::State& state) {
  const auto command = herd::parse_link_line(kAt);
  herd::RecordView report = std::get<herd::RecordView>(command);
  herd::RecordStore store;
  for (auto _ : state) {
    ++report.time_ns;
    benchmark::DoNotOptimize(store.offer(report));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(take_record);

class NoEffects final : public herd::Effects {
 public:
  std::uint64_t bytes = 0;

 private:
  void send(herd::ConnectionId, std::string_view text, std::string_view ending) override {
    bytes += text.size() + ending.size();
  }
  void send_update(herd::ConnectionId, const herd::RecordView& report) override {
    bytes += report.line.size() + 1;
  }
  void close(herd::ConnectionId, herd::CloseReason) override {}
  void dial(herd::NeighborId) override {}
  void abandon_dial(herd::NeighborId) override {}
  void became_link(herd::ConnectionId, herd::NeighborId) override {}
  void ask_places(herd::QueryId, const herd::PlacesQuestion&) override {}
};

class Trusting final : public herd::Authenticator {
  std::string make_nonce() override { return "n"; }
  std::string mac(const herd::MacFields&) override { return "m"; }
};

// A server with two neighbours, like each of the paper's: it answers, stores, and sends to both.
void handle_iamat(benchmark::State& state) {
  NoEffects effects;
  herd::Observer observer;
  Trusting authenticator;
  herd::ServerConfig config{.herd = "paper",
                            .name = "Alford",
                            .neighbors = {{"Hamilton", false}, {"Welsh", false}},
                            .authenticator = &authenticator};
  herd::Server server(herd::ServerId{0}, config, effects, observer);
  std::uint32_t next = 0;
  for (const char* neighbor : {"Hamilton", "Welsh"}) {
    const herd::ConnectionId id{next++};
    server.connection_opened(id);
    const std::string line = std::string("LINK paper ") + neighbor + " Alford n";
    server.line_received(id, {line, "\n"}, {});
    server.line_received(id, {"MAC m", "\n"}, {});
  }
  const herd::ConnectionId client{next};
  server.connection_opened(client);
  std::string input(kIamat);
  std::uint64_t ns = 0;
  for (auto _ : state) {
    ++ns;
    std::uint64_t digits = ns;
    for (std::size_t i = input.size() - 2; i > input.size() - 11; --i, digits /= 10) {
      input[i] = static_cast<char>('0' + digits % 10);
    }
    std::string_view rest = input;
    const auto framed = herd::take_line(rest, server.max_line(client));
    server.line_received(client, framed.line, {herd::Instant{}, 1479413885000000000});
  }
  benchmark::DoNotOptimize(effects.bytes);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(handle_iamat);

void fill(herd::RecordStore& store, std::uint64_t clients) {
  for (std::uint64_t i = 0; i < clients; ++i) {
    const std::string line = "AT Alford +0.263873386 phone-" + std::to_string(i) +
                             ".example.org +34.068930-118.445127 1479413884.392014450";
    store.offer(std::get<herd::RecordView>(herd::parse_link_line(line)));
  }
}

// The work of a server with recovery when a link comes up. Several links that come up together
// share it.
void summarize_100000_records(benchmark::State& state) {
  herd::RecordStore store;
  fill(store, 100'000);
  for (auto _ : state) benchmark::DoNotOptimize(herd::RecordSummary(store).total());
  state.SetItemsProcessed(state.iterations() * 100'000);
}
BENCHMARK(summarize_100000_records)->Unit(benchmark::kMillisecond);

// The work for each record that a server accepts during a comparison.
void update_summary(benchmark::State& state) {
  herd::RecordStore store;
  fill(store, 100'000);
  herd::RecordSummary summary(store);
  std::uint32_t place = 0;
  for (auto _ : state) summary.update(place = (place + 7919) % 100'000);
  benchmark::DoNotOptimize(summary.total());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(update_summary);

}  // namespace
