// The results of a run, herd by herd, as plain data. The metrics make them when a run ends. The
// writers of CSV and JSON, the table and the expectations read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.h"
#include "sim/base/digest.h"
#include "sim/measure/figures/latency_histogram.h"
#include "sim/measure/figures/message_row.h"
#include "sim/measure/figures/observed.h"
#include "sim/measure/figures/reply_counts.h"
#include "sim/measure/figures/timeline_row.h"

namespace sim {

using herd::Duration;
using herd::Instant;

// A cell of summary.csv. Empty if the figure is not known.
struct Latency {  // written as microseconds with three decimals
  Duration value{0};
  friend bool operator==(const Latency&, const Latency&) = default;
};
using Cell = std::variant<std::monostate, std::int64_t, double, Latency, std::string>;

enum class Outcome : std::uint8_t { kAccepted, kSuperseded, kRefused, kUnanswered };

struct UpdateRow {
  std::uint64_t update = 0;  // its number in the herd's run, in order of planned time
  std::string client;
  std::string origin;  // the server that decided; empty if none did
  Instant sent;        // the planned time
  std::optional<Instant> accepted;
  Outcome outcome = Outcome::kUnanswered;
  std::uint32_t servers_reached = 0;
  std::uint64_t messages = 0, duplicates = 0, echoes = 0;
  std::optional<Duration> coverage;    // set only if the update reached every server
  std::optional<Duration> reply = {};  // set only if it was answered
};

struct DeliveryRow {
  std::uint64_t update = 0;
  std::uint32_t server = 0;  // index into HerdResults::servers
  // The neighbour that sent it; nullopt if not known, and then `hops` is not known either.
  std::optional<std::uint32_t> from;
  std::uint32_t hops = 0;
  std::optional<Duration> latency;  // nullopt: not known
};

// An accepted update and a server that never applied it, or that ends without it.
struct UndeliveredRow {
  std::optional<std::uint32_t> update;  // nullopt: no client of the plan sent it
  std::string client;
  std::uint32_t origin = 0, server = 0;  // indices into HerdResults::servers
  std::string_view reason;
  // Whether the server is up at the end and holds neither the update nor a newer one of the client.
  bool undelivered = false;
};

struct LinkRow {
  std::uint32_t from = 0, to = 0;  // indices into HerdResults::servers
  std::uint64_t messages = 0, bytes = 0, duplicates = 0, echoes = 0, drops = 0;
  Duration down{0};
  std::uint64_t repairs = 0;     // messages sent because the other endpoint lacked the record
  std::uint64_t sync_bytes = 0;  // bytes sent to find out which records are lacking
};

struct ServerRow {
  std::string server;
  std::uint16_t port = 0;
  std::uint64_t clients_known = 0, accepted = 0, messages_in = 0, messages_out = 0,
                duplicates_in = 0, invalid_lines = 0, queries = 0, connections_peak = 0;
  std::uint64_t clients_held = 0;  // how many times a client was held back because it did not read
  std::uint64_t clients_dropped = 0;   // clients closed because they did not read
  std::uint64_t links_overflowed = 0;  // links closed because they had too many unsent bytes
  std::uint64_t restarts = 0;          // how many times the server started again after it was down
  Digest holds = {};  // which planned updates its records come from, client by client
};

struct ClientRow {
  std::string client;
  std::uint64_t updates = 0, queries = 0, handovers = 0;
  std::optional<Duration> reply_p50, reply_max;
  std::uint64_t connections_lost = 0;  // connections that it did not end itself
  Digest answers = {};                 // all its answers, in order
  ReplyCounts reply_counts = {};
};

struct QueryRow {
  std::uint64_t query = 0;
  std::string client, about, server;
  std::string radius_km;  // as sent
  int bound = 0;
  std::string status;  // of the Places answer; "?" for a bad command; empty if no answer came
  std::optional<std::uint64_t> places;
  std::optional<Duration> latency;
};

struct HandoverRow {
  std::string client;
  Instant at;                       // when it left the old server, or lost it
  std::uint32_t from = 0, to = 0;   // indices into HerdResults::servers
  std::optional<Duration> latency;  // from the old server's last answer to the new one's first
  // From leaving the old server to the connection to the new one.
  std::optional<Duration> connected;
  // `known`: whether the new server held the client's last accepted location, or a newer one, when
  // the client connected. `stale`: the time from then until the server held it; zero if `known`.
  std::optional<bool> known;
  std::optional<Duration> stale;
};

struct EventRow {
  Instant at;
  std::string herd;   // empty: the whole run
  std::string event;  // for example link_down
  std::string detail;
};

struct HerdResults {
  std::string herd;
  Observed observed = Observed::kInside;  // unknown figures are written as empty fields
  std::vector<Cell> summary;              // one cell for each of kSummaryColumns, in its order
  std::vector<UpdateRow> updates;
  std::vector<DeliveryRow> deliveries;
  std::vector<UndeliveredRow> undelivered;
  std::vector<MessageRow> messages;
  std::vector<LinkRow> links;
  std::vector<ServerRow> servers;
  std::vector<ClientRow> clients;
  std::vector<QueryRow> queries;
  std::vector<HandoverRow> handovers;  // in the order in which the clients left
  std::vector<TimelineRow> timeline;
  std::vector<HeatRow> heat;
  std::vector<HistogramRow> histograms;
  std::vector<std::string> violations;  // one sentence each; at most the first 100
  bool quiet = true;                    // at the end nothing was in flight or would be sent
};

struct ExpectationResult {
  std::string herd, metric;
  std::optional<double> equals, min, max;
  std::optional<double> figure;  // nullopt: unknown, so the expectation does not hold
  bool held = false;
};

// A data file that the scenario names, and the SHA-256 of its content as 64 hexadecimal digits.
struct InputFile {
  std::string file, sha256;
};

struct RunResults {
  bool complete = true;  // false: interrupted, ended by a failure, or a dry run
  bool dry_run = false;  // planned but not run
  std::string start;     // wall clock, ISO 8601 UTC
  std::vector<HerdResults> herds;
  std::vector<EventRow> events;    // in order of time
  std::vector<std::string> notes;  // unexpected things that happened, one line each
  std::vector<ExpectationResult> expectations;
  // The delays of all clients' actions, in all herds, after their planned times.
  LatencyHistogram schedule_lag;
  // Virtual runs only: a hash of everything that happened in the run, in order. Two runs that
  // differ anywhere have different hashes, except by a very rare coincidence.
  std::optional<std::uint64_t> trace_hash;
  std::vector<InputFile> inputs;  // sorted by file
};

}  // namespace sim
