// Measures the time that the core needs per line: framing, parsing, formatting, storing a record,
// and a complete IAMAT from its bytes to its last effect. Also measures what recovery adds.

#include <benchmark/benchmark.h>

#include <memory>
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

// A server with two neighbours, like each of the paper's, and a client.
class Alford {
 public:
  Alford() : server_(herd::ServerId{0}, config(), effects_, observer_) {
    for (const char* neighbor : {"Hamilton", "Welsh"}) {
      server_.connection_opened(next_);
      const std::string line = std::string("LINK paper ") + neighbor + " Alford n";
      server_.line_received(next_, {line, "\n"}, {});
      server_.line_received(next_, {"MAC m", "\n"}, {});
      ++next_.value;
    }
    server_.connection_opened(client());
  }

  herd::ConnectionId hamilton() const { return herd::ConnectionId{0}; }
  herd::ConnectionId welsh() const { return herd::ConnectionId{1}; }
  herd::ConnectionId client() const { return next_; }
  // The first line of `bytes` comes on a connection.
  void take(herd::ConnectionId from, std::string_view bytes) {
    const auto framed = herd::take_line(bytes, server_.max_line(from));
    server_.line_received(from, framed.line, {herd::Instant{}, 1479413885000000000});
  }
  std::uint64_t bytes_sent() const { return effects_.bytes; }

 private:
  herd::ServerConfig config() {
    return {.name = "Alford",
            .neighbors = {{"Hamilton", false}, {"Welsh", false}},
            .herd = std::make_shared<const herd::HerdConfig>(
                herd::HerdConfig{.name = "paper", .authenticator = &authenticator_})};
  }

  NoEffects effects_;
  herd::Observer observer_;
  Trusting authenticator_;
  herd::Server server_;
  herd::ConnectionId next_{0};
};

// A line that ends with a time, and is another report each time.
class Report {
 public:
  explicit Report(std::string_view line) : line_(line) {}
  const std::string& next() {
    std::uint64_t digits = ++count_;
    for (std::size_t i = line_.size() - 2; i > line_.size() - 11; --i, digits /= 10) {
      line_[i] = static_cast<char>('0' + digits % 10);
    }
    return line_;
  }

 private:
  std::string line_;
  std::uint64_t count_ = 0;
};

// It answers, stores, and sends to both neighbours.
void handle_iamat(benchmark::State& state) {
  Alford alford;
  Report report(kIamat);
  for (auto _ : state) alford.take(alford.client(), report.next());
  benchmark::DoNotOptimize(alford.bytes_sent());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(handle_iamat);

// Both neighbours send it the same report, as in a flood round a ring: it stores the first and
// sends it on, and the second is a duplicate.
void handle_at_twice(benchmark::State& state) {
  Alford alford;
  Report report(std::string(kAt) + "\n");
  for (auto _ : state) {
    const std::string& line = report.next();
    alford.take(alford.hamilton(), line);
    alford.take(alford.welsh(), line);
  }
  benchmark::DoNotOptimize(alford.bytes_sent());
  state.SetItemsProcessed(state.iterations() * 2);
}
BENCHMARK(handle_at_twice);

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
