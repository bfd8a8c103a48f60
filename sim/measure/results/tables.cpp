#include "sim/measure/results/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>
#include <variant>

#include "sim/measure/results/csv.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

namespace fs = std::filesystem;
using Header = std::string_view;

Duration since_start(Instant at) { return at.time_since_epoch(); }

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAccepted:
      return "accepted";
    case Outcome::kSuperseded:
      return "superseded";
    case Outcome::kUnanswered:
      return "unanswered";
  }
  return "";
}

std::string hexadecimal(const Digest& digest) { return fmt::format("{:016x}", digest.value()); }

void write_cell(CsvWriter& csv, const Cell& cell) {
  std::visit(
      [&csv](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          csv.empty();
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          csv.integer(value);
        } else if constexpr (std::is_same_v<T, double>) {
          csv.number(value);
        } else if constexpr (std::is_same_v<T, Latency>) {
          csv.micros(value.value);
        } else {
          csv.text(value);
        }
      },
      cell);
}

void count_if(CsvWriter& csv, bool known, std::uint64_t value) {
  known ? csv.count(value) : csv.empty();
}

std::optional<FileError> write_summary(const RunResults& run, const fs::path& file) {
  std::array<Header, kSummaryColumns.size()> header;
  std::transform(kSummaryColumns.begin(), kSummaryColumns.end(), header.begin(),
                 [](const SummaryColumn& column) { return column.name; });
  CsvWriter csv(file, header);
  for (const HerdResults& herd : run.herds) {
    for (const Cell& cell : herd.summary) write_cell(csv, cell);
    csv.end_row();
  }
  return csv.close();
}

std::optional<FileError> write_updates(const RunResults& run, const fs::path& file) {
  static constexpr std::array<Header, 12> kHeader = {
      "herd",    "update",          "client",   "origin",     "sent_us", "accepted_us",
      "outcome", "servers_reached", "messages", "duplicates", "echoes",  "coverage_us"};
  CsvWriter csv(file, kHeader);
  for (const HerdResults& herd : run.herds) {
    for (const UpdateRow& row : herd.updates) {
      csv.text(herd.herd);
      csv.count(row.update);
      csv.text(row.client);
      csv.text(row.origin);
      csv.micros(since_start(row.sent));
      if (row.accepted) {
        csv.micros(since_start(*row.accepted));
      } else {
        csv.empty();
      }
      csv.text(name_of(row.outcome));
      count_if(csv, knows_records(herd.observed), row.servers_reached);
      count_if(csv, knows_messages(herd.observed), row.messages);
      count_if(csv, knows_messages(herd.observed), row.duplicates);
      count_if(csv, knows_messages(herd.observed), row.echoes);
      csv.micros(row.coverage);
      csv.end_row();
    }
  }
  return csv.close();
}

std::optional<FileError> write_deliveries(const RunResults& run, const fs::path& file) {
  static constexpr std::array<Header, 6> kHeader = {"herd", "update", "server",
                                                    "from", "hops",   "latency_us"};
  CsvWriter csv(file, kHeader);
  for (const HerdResults& herd : run.herds) {
    for (const DeliveryRow& row : herd.deliveries) {
      csv.text(herd.herd);
      csv.count(row.update);
      csv.text(herd.servers[row.server].server);
      row.from ? csv.text(herd.servers[*row.from].server) : csv.empty();
      count_if(csv, row.from.has_value(), row.hops);
      csv.micros(row.latency);
      csv.end_row();
    }
  }
  return csv.close();
}

std::optional<FileError> write_links(const RunResults& run, const fs::path& file) {
  static constexpr std::array<Header, 11> kHeader = {
      "herd",   "from",  "to",      "messages", "bytes",     "duplicates",
      "echoes", "drops", "down_us", "repairs",  "sync_bytes"};
  CsvWriter csv(file, kHeader);
  for (const HerdResults& herd : run.herds) {
    const bool messages = knows_messages(herd.observed), links = knows_links(herd.observed);
    const bool sync = knows_sync(herd.observed);
    for (const LinkRow& row : herd.links) {
      csv.text(herd.herd);
      csv.text(herd.servers[row.from].server);
      csv.text(herd.servers[row.to].server);
      count_if(csv, messages, row.messages);
      count_if(csv, links, row.bytes);
      count_if(csv, messages, row.duplicates);
      count_if(csv, messages, row.echoes);
      count_if(csv, links, row.drops);
      links ? csv.micros(row.down) : csv.empty();
      count_if(csv, sync, row.repairs);
      count_if(csv, sync, row.sync_bytes);
      csv.end_row();
    }
  }
  return csv.close();
}

std::optional<FileError> write_servers(const RunResults& run, const fs::path& file) {
  static constexpr std::array<Header, 16> kHeader = {"herd",
                                                     "server",
                                                     "port",
                                                     "clients_known",
                                                     "accepted",
                                                     "messages_in",
                                                     "messages_out",
                                                     "duplicates_in",
                                                     "invalid_lines",
                                                     "queries",
                                                     "connections_peak",
                                                     "clients_held",
                                                     "clients_dropped",
                                                     "links_overflowed",
                                                     "restarts",
                                                     "holds"};
  CsvWriter csv(file, kHeader);
  for (const HerdResults& herd : run.herds) {
    const bool messages = knows_messages(herd.observed), inside = knows_inside(herd.observed);
    for (const ServerRow& row : herd.servers) {
      csv.text(herd.herd);
      csv.text(row.server);
      csv.count(row.port);
      count_if(csv, knows_records(herd.observed), row.clients_known);
      csv.count(row.accepted);
      count_if(csv, messages, row.messages_in);
      count_if(csv, messages, row.messages_out);
      count_if(csv, messages, row.duplicates_in);
      count_if(csv, inside, row.invalid_lines);
      count_if(csv, inside, row.queries);
      count_if(csv, inside, row.connections_peak);
      count_if(csv, inside, row.clients_held);
      count_if(csv, inside, row.clients_dropped);
      count_if(csv, knows_sync(herd.observed), row.links_overflowed);
      csv.count(row.restarts);
      knows_records(herd.observed) ? csv.text(hexadecimal(row.holds)) : csv.empty();
      csv.end_row();
    }
  }
  return csv.close();
}

std::optional<FileError> write_clients(const RunResults& run, const fs::path& file) {
  static constexpr std::array<Header, 14> kHeader = {
      "herd",         "client",       "updates",          "queries", "handovers",
      "reply_p50_us", "reply_max_us", "connections_lost", "answers", "replies",
      "odd_replies",  "refusals",     "closings",         "silences"};
  CsvWriter csv(file, kHeader);
  for (const HerdResults& herd : run.herds) {
    for (const ClientRow& row : herd.clients) {
      csv.text(herd.herd);
      csv.text(row.client);
      csv.count(row.updates);
      csv.count(row.queries);
      csv.count(row.handovers);
      csv.micros(row.reply_p50);
      csv.micros(row.reply_max);
      csv.count(row.connections_lost);
      csv.text(hexadecimal(row.answers));
      csv.count(row.reply_counts.replies);
      csv.count(row.reply_counts.odd_replies);
      csv.count(row.reply_counts.refusals);
      csv.count(row.reply_counts.closings);
      csv.count(row.reply_counts.silences);
      csv.end_row();
    }
  }
  return csv.close();
}

std::optional<FileError> write_queries(const RunResults& run, const fs::path& file) {
  static constexpr std::array<Header, 10> kHeader = {"herd",   "query",     "client", "about",
                                                     "server", "radius_km", "bound",  "status",
                                                     "places", "latency_us"};
  CsvWriter csv(file, kHeader);
  for (const HerdResults& herd : run.herds) {
    for (const QueryRow& row : herd.queries) {
      csv.text(herd.herd);
      csv.count(row.query);
      csv.text(row.client);
      csv.text(row.about);
      csv.text(row.server);
      csv.text(row.radius_km);
      csv.integer(row.bound);
      csv.text(row.status);
      if (row.places) {
        csv.count(*row.places);
      } else {
        csv.empty();
      }
      csv.micros(row.latency);
      csv.end_row();
    }
  }
  return csv.close();
}

std::optional<FileError> write_handovers(const RunResults& run, const fs::path& file) {
  static constexpr std::array<Header, 9> kHeader = {
      "herd", "client", "at_us", "from", "to", "latency_us", "connected_us", "known", "stale_us"};
  CsvWriter csv(file, kHeader);
  for (const HerdResults& herd : run.herds) {
    for (const HandoverRow& row : herd.handovers) {
      csv.text(herd.herd);
      csv.text(row.client);
      csv.micros(since_start(row.at));
      csv.text(herd.servers[row.from].server);
      csv.text(herd.servers[row.to].server);
      csv.micros(row.latency);
      csv.micros(row.connected);
      if (row.known) {
        csv.count(*row.known ? 1 : 0);
      } else {
        csv.empty();
      }
      csv.micros(row.stale);
      csv.end_row();
    }
  }
  return csv.close();
}

std::optional<FileError> write_events(const RunResults& run, const fs::path& file) {
  static constexpr std::array<Header, 4> kHeader = {"at_us", "herd", "event", "detail"};
  CsvWriter csv(file, kHeader);
  for (const EventRow& row : run.events) {
    csv.micros(since_start(row.at));
    csv.text(row.herd);
    csv.text(row.event);
    csv.text(row.detail);
    csv.end_row();
  }
  return csv.close();
}

constexpr std::array kTables = {
    Table{"summary.csv", RecordLevel::kSummary, write_summary},
    Table{"updates.csv", RecordLevel::kUpdates, write_updates},
    Table{"deliveries.csv", RecordLevel::kDeliveries, write_deliveries},
    Table{"links.csv", RecordLevel::kSummary, write_links},
    Table{"servers.csv", RecordLevel::kSummary, write_servers},
    Table{"clients.csv", RecordLevel::kSummary, write_clients},
    Table{"queries.csv", RecordLevel::kSummary, write_queries},
    Table{"handovers.csv", RecordLevel::kSummary, write_handovers},
    Table{"events.csv", RecordLevel::kSummary, write_events},
};

}  // namespace

std::span<const Table> tables() { return kTables; }

}  // namespace sim
