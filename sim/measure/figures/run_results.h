// What a run measured, herd by herd, as plain data: made by the metrics when a run ends, read by
// the writers of CSV and JSON, by the table and by the expectations.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/time.h"
#include "sim/base/digest.h"
#include "sim/measure/figures/latency_histogram.h"
#include "sim/measure/figures/observed.h"
#include "sim/measure/figures/reply_counts.h"

namespace sim {

using herd::Duration;
using herd::Instant;

// A cell of summary.csv. Empty: not known.
struct Latency {  // written as microseconds with three decimals
  Duration value{0};
};
using Cell = std::variant<std::monostate, std::int64_t, double, Latency, std::string>;

enum class Outcome { kAccepted, kSuperseded, kUnanswered };

struct UpdateRow {
  std::uint64_t update = 0;  // its number in the herd's run, in order of planned time
  std::string client;
  std::string origin;  // the server that decided; empty where none did
  Instant sent;        // planned
  std::optional<Instant> accepted;
  Outcome outcome = Outcome::kUnanswered;
  std::uint32_t servers_reached = 0;
  std::uint64_t messages = 0, duplicates = 0, echoes = 0;
  std::optional<Duration> coverage;  // only where it reached every server
};

struct DeliveryRow {
  std::uint64_t update = 0;
  std::uint32_t server = 0;           // a place in HerdResults::servers
  std::optional<std::uint32_t> from;  // likewise; none: not known, and neither are the hops
  std::uint32_t hops = 0;
  Duration latency{0};
};

struct LinkRow {
  std::uint32_t from = 0, to = 0;  // places in HerdResults::servers
  std::uint64_t messages = 0, bytes = 0, duplicates = 0, echoes = 0, drops = 0;
  Duration down{0};
  std::uint64_t repairs = 0;     // messages sent because the other end lacked the record
  std::uint64_t sync_bytes = 0;  // said to find out what that is
};

struct ServerRow {
  std::string server;
  std::uint16_t port = 0;
  std::uint64_t clients_known = 0, accepted = 0, messages_in = 0, messages_out = 0,
                duplicates_in = 0, invalid_lines = 0, queries = 0, connections_peak = 0;
  std::uint64_t clients_held = 0;      // times that a client was held back for not reading
  std::uint64_t clients_dropped = 0;   // clients closed for not reading
  std::uint64_t links_overflowed = 0;  // links closed for what they had unsent
  std::uint64_t restarts = 0;          // times that it came back from the dead
  Digest holds = {};  // of the planned updates that its records are of, client by client
};

struct ClientRow {
  std::string client;
  std::uint64_t updates = 0, queries = 0, handovers = 0;
  std::optional<Duration> reply_p50, reply_max;
  std::uint64_t connections_lost = 0;  // that it did not end itself
  Digest answers = {};                 // of what it was answered, in order
  ReplyCounts reply_counts = {};
};

struct QueryRow {
  std::uint64_t query = 0;
  std::string client, about, server;
  std::string radius_km;  // as sent
  int bound = 0;
  std::string status;  // of the Places answer; "?" for a bad command, empty where none came
  std::optional<std::uint64_t> places;
  std::optional<Duration> latency;
};

struct HandoverRow {
  std::string client;
  Instant at;                         // it left the old server, or lost it
  std::uint32_t from = 0, to = 0;     // places in HerdResults::servers
  std::optional<Duration> latency;    // last answer of the old to first of the new
  std::optional<Duration> connected;  // leaving the old to being connected to the new
  // Whether the new server held the client's last accepted location, or a newer one, when the
  // client was connected, and how much later it did: zero where it was known.
  std::optional<bool> known;
  std::optional<Duration> stale;
};

struct EventRow {
  Instant at;
  std::string herd;   // empty: the whole run
  std::string event;  // as link_down
  std::string detail;
};

struct HerdResults {
  std::string herd;
  Observed observed = Observed::kInside;  // what it leaves unknown is written as empty
  std::vector<Cell> summary;              // one for each of kSummaryColumns, in its order
  std::vector<UpdateRow> updates;
  std::vector<DeliveryRow> deliveries;
  std::vector<LinkRow> links;
  std::vector<ServerRow> servers;
  std::vector<ClientRow> clients;
  std::vector<QueryRow> queries;
  std::vector<HandoverRow> handovers;   // in the order of their leaving
  std::vector<std::string> violations;  // a sentence each; at most the first 100
};

struct ExpectationResult {
  std::string herd, metric;
  std::optional<double> equals, min, max;
  std::optional<double> figure;  // none: unknown, and so not held
  bool held = false;
};

struct RunResults {
  bool complete = true;  // false: interrupted, ended by a failure, or a dry run
  bool dry_run = false;  // planned, not run
  std::string start;     // wall clock, ISO 8601 UTC
  std::vector<HerdResults> herds;
  std::vector<EventRow> events;    // in order of time
  std::vector<std::string> notes;  // what happened that nobody asked for, a line each
  std::vector<ExpectationResult> expectations;
  // By how much later than planned the clients of all herds did what they had to do.
  LatencyHistogram schedule_lag;
  // Of a virtual run: of all that happened in it, in order. Two runs that differ anywhere differ
  // here too, very nearly always.
  std::optional<std::uint64_t> trace_hash;
};

}  // namespace sim
