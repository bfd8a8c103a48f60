#include "sim/measure/results/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <type_traits>
#include <variant>

#include "sim/measure/results/csv.h"
#include "sim/measure/results/herd_table.h"
#include "sim/measure/results/table_columns.h"
#include "sim/measure/results/timeline_columns.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

namespace fs = std::filesystem;
using enum ColumnKind;

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAccepted:
      return "accepted";
    case Outcome::kSuperseded:
      return "superseded";
    case Outcome::kRefused:
      return "refused";
    case Outcome::kUnanswered:
      return "unanswered";
  }
  return "";
}

std::string hexadecimal(const Digest& digest) { return fmt::format("{:016x}", digest.value()); }

void outcome(CsvWriter& csv, const HerdRow<UpdateRow>& at) { csv.cell(name_of(at.row.outcome)); }

constexpr auto kUpdateColumns = std::to_array<HerdColumn<UpdateRow>>({
    {"herd", kText, "the herd", herd_name},
    {"update", kCount, "the update's number in this herd's run", member<&UpdateRow::update>},
    {"client", kText, "the client's id", member<&UpdateRow::client>},
    {"origin", kText, "the server that decided on it", member<&UpdateRow::origin>, "no server did"},
    {"sent_us", kSinceStart, "when the script meant it to be sent", member<&UpdateRow::sent>},
    {"accepted_us", kSinceStart, "when it was accepted", member<&UpdateRow::accepted>,
     "it was not, or only later signs of it were seen"},
    {"outcome", kText,
     "`accepted`; `superseded`: not newer than the server's record; `refused`: further ahead than "
     "`max_ahead` allows; `unanswered`: no server decided",
     outcome},
    {"servers_reached", kCount,
     "servers that applied it, including the origin; 0 if it was not accepted",
     member_if<knows_reach, &UpdateRow::servers_reached>},
    {"messages", kCount, "messages that carried it",
     member_if<knows_messages, &UpdateRow::messages>},
    {"duplicates", kCount, "those that were duplicates",
     member_if<knows_messages, &UpdateRow::duplicates>},
    {"echoes", kCount, "those that were echoes", member_if<knows_messages, &UpdateRow::echoes>},
    {"coverage_us", kMicros, "its coverage", member<&UpdateRow::coverage>,
     "it did not reach every server, or the latency of a delivery is not known; in a central herd, "
     "whose servers all know it at once"},
    {"reply_us", kMicros, "its reply time", member<&UpdateRow::reply>, "no answer came"},
});

void sender(CsvWriter& csv, const HerdRow<DeliveryRow>& at) {
  at.row.from ? csv.cell(at.herd.servers[*at.row.from].server) : csv.empty();
}

void hops(CsvWriter& csv, const HerdRow<DeliveryRow>& at) {
  at.row.from ? csv.cell(at.row.hops) : csv.empty();
}

constexpr auto kDeliveryColumns = std::to_array<HerdColumn<DeliveryRow>>({
    {"herd", kText, "the herd", herd_name},
    {"update", kCount, "the update's number, as in `updates.csv`", member<&DeliveryRow::update>},
    {"server", kText, "the server that it reached", server_name<&DeliveryRow::server>},
    {"from", kText, "the neighbour that sent it", sender, "it is not known"},
    {"hops", kCount, "links that it crossed from its origin; 1 for a neighbour of the origin", hops,
     "`from` is empty"},
    {"latency_us", kMicros, "time since its acceptance at the origin",
     member<&DeliveryRow::latency>,
     "one of the two times is not known: only a herd of other programs has such deliveries"},
});

void kind(CsvWriter& csv, const HerdRow<MessageRow>& at) { csv.cell(to_string(at.row.kind)); }

constexpr auto kMessageColumns = std::to_array<HerdColumn<MessageRow>>({
    {"herd", kText, "the herd", herd_name},
    {"update", kCount, "the update's number, as in `updates.csv`", member<&MessageRow::update>},
    {"from", kText, "the server that sent it", server_name<&MessageRow::from>},
    {"to", kText, "the server to which it went", server_name<&MessageRow::to>},
    {"sent_us", kSinceStart, "when it was handed to the link", member<&MessageRow::sent>},
    {"received_us", kSinceStart, "when the receiver processed it", member<&MessageRow::received>,
     "it was lost"},
    {"hops", kCount, "links that the update has crossed with it; 1 if it comes from the origin",
     member<&MessageRow::hops>},
    {"kind", kText,
     "what it was to the receiver: `delivery`, `again` (a delivery again), `duplicate`, `stale`, "
     "`lost`; `refused`: a line that breaks the rules",
     kind},
    {"echo", kYesNo, "1 if it went back to the server from which its sender had the update",
     member<&MessageRow::echo>},
    {"repair", kYesNo, "1 if it was a repair", member<&MessageRow::repair>},
});

constexpr auto kUndeliveredColumns = std::to_array<HerdColumn<UndeliveredRow>>({
    {"herd", kText, "the herd", herd_name},
    {"update", kCount, "the update's number, as in `updates.csv`", member<&UndeliveredRow::update>,
     "no client of the script sent it"},
    {"client", kText, "the client that it is about", member<&UndeliveredRow::client>},
    {"origin", kText, "the server that accepted it", server_name<&UndeliveredRow::origin>},
    {"server", kText, "the server that never applied it, or ends without it",
     server_name<&UndeliveredRow::server>},
    {"reason", kText, "why, as far as it is known, see below", member<&UndeliveredRow::reason>},
    {"undelivered", kYesNo,
     "1 if the pair counts as `undelivered` in `summary.csv`: the server is up at the end, and "
     "holds "
     "neither the update nor a newer one of the client",
     member<&UndeliveredRow::undelivered>},
});

constexpr auto kLinkColumns = std::to_array<HerdColumn<LinkRow>>({
    {"herd", kText, "the herd", herd_name},
    {"from", kText, "the server that sends", server_name<&LinkRow::from>},
    {"to", kText, "the server that receives", server_name<&LinkRow::to>},
    {"messages", kCount, "messages handed to the link in this direction",
     member_if<knows_messages, &LinkRow::messages>},
    {"bytes", kCount, "bytes handed to the link in this direction: messages and everything else",
     member_if<knows_links, &LinkRow::bytes>},
    {"duplicates", kCount, "these messages that were duplicates at the receiver",
     member_if<knows_messages, &LinkRow::duplicates>},
    {"echoes", kCount, "these duplicates that were echoes",
     member_if<knows_messages, &LinkRow::echoes>},
    {"drops", kCount, "times that the link went down; the same in both directions",
     member_if<knows_links, &LinkRow::drops>},
    {"down_us", kMicros,
     "how long the link was down in total, from each cut until it was proven again; the same in "
     "both directions",
     member_if<knows_links, &LinkRow::down>},
    {"repairs", kCount, "messages in this direction that were repairs",
     member_if<knows_sync, &LinkRow::repairs>},
    {"sync_bytes", kCount,
     "bytes sent in this direction to find out what each end lacks; the repairs themselves are not "
     "included",
     member_if<knows_sync, &LinkRow::sync_bytes>},
});

void holds(CsvWriter& csv, const HerdRow<ServerRow>& at) {
  knows_records(at.herd.observed) ? csv.cell(hexadecimal(at.row.holds)) : csv.empty();
}

constexpr auto kServerColumns = std::to_array<HerdColumn<ServerRow>>({
    {"herd", kText, "the herd", herd_name},
    {"server", kText, "the server", member<&ServerRow::server>},
    {"port", kCount, "the port that it listened on; 0 if it had none", member<&ServerRow::port>},
    {"clients_known", kCount, "clients of which it had a record at the end",
     member_if<knows_records, &ServerRow::clients_known>},
    {"accepted", kCount, "updates that it accepted as their origin", member<&ServerRow::accepted>},
    {"messages_in", kCount, "messages that it received",
     member_if<knows_messages, &ServerRow::messages_in>},
    {"messages_out", kCount, "messages that it handed to its links",
     member_if<knows_messages, &ServerRow::messages_out>},
    {"duplicates_in", kCount, "messages that it received as duplicates",
     member_if<knows_messages, &ServerRow::duplicates_in>},
    {"invalid_lines", kCount,
     "lines that it refused, from clients (answered with `?`) and from links",
     member_if<knows_inside, &ServerRow::invalid_lines>},
    {"queries", kCount,
     "`WHATSAT` lines that it processed; one that it answered with `?` counts in `invalid_lines` "
     "instead",
     member_if<knows_inside, &ServerRow::queries>},
    {"connections_peak", kCount, "the most connections that it had open at once",
     member_if<knows_inside, &ServerRow::connections_peak>},
    {"clients_held", kCount,
     "times that it stopped reading from a client that did not read its answers",
     member_if<knows_inside, &ServerRow::clients_held>},
    {"clients_dropped", kCount, "clients that it closed because they did not read",
     member_if<knows_inside, &ServerRow::clients_dropped>},
    {"links_overflowed", kCount,
     "links that it closed, to dial them again, because more than 64 MiB was unsent",
     member_if<knows_sync, &ServerRow::links_overflowed>},
    {"restarts", kCount, "times that it came back after it had been down",
     member_if<knows_restarts, &ServerRow::restarts>},
    {"holds", kText,
     "a digest of the planned updates from which its records at the end come. Servers with the "
     "same "
     "digest hold the same records, in this run and in others of the scenario, whatever their "
     "clocks",
     holds},
});

template <std::uint64_t ReplyCounts::*kMember>
void reply_count(CsvWriter& csv, const HerdRow<ClientRow>& at) {
  csv.cell(at.row.reply_counts.*kMember);
}

void answers(CsvWriter& csv, const HerdRow<ClientRow>& at) {
  csv.cell(hexadecimal(at.row.answers));
}

constexpr auto kClientColumns = std::to_array<HerdColumn<ClientRow>>({
    {"herd", kText, "the herd", herd_name},
    {"client", kText, "the client's id", member<&ClientRow::client>},
    {"updates", kCount, "updates that it sent", member<&ClientRow::updates>},
    {"queries", kCount, "queries that it sent", member<&ClientRow::queries>},
    {"handovers", kCount, "times that it left one server for another",
     member<&ClientRow::handovers>},
    {"reply_p50_us", kMicros, "median reply time of its updates", member<&ClientRow::reply_p50>,
     "none was answered"},
    {"reply_max_us", kMicros, "longest reply time of its updates", member<&ClientRow::reply_max>,
     "none was answered"},
    {"connections_lost", kCount,
     "connections, and attempts to connect, that it lost without ending them",
     member<&ClientRow::connections_lost>},
    {"answers", kText,
     "a digest of which of its lines were answered, in the order in which the answers came",
     answers},
    {"replies", kCount, "of its lines, as in `summary.csv`", reply_count<&ReplyCounts::replies>},
    {"odd_replies", kCount, "of its lines, as in `summary.csv`",
     reply_count<&ReplyCounts::odd_replies>},
    {"refusals", kCount, "of its lines, as in `summary.csv`", reply_count<&ReplyCounts::refusals>},
    {"closings", kCount, "of its lines, as in `summary.csv`", reply_count<&ReplyCounts::closings>},
    {"silences", kCount, "of its lines, as in `summary.csv`", reply_count<&ReplyCounts::silences>},
});

constexpr auto kQueryColumns = std::to_array<HerdColumn<QueryRow>>({
    {"herd", kText, "the herd", herd_name},
    {"query", kCount, "the query's number in this herd's run", member<&QueryRow::query>},
    {"client", kText, "the client that asked", member<&QueryRow::client>},
    {"about", kText, "the client that it asked about", member<&QueryRow::about>},
    {"server", kText, "the server that it asked", member<&QueryRow::server>},
    {"radius_km", kText, "the radius in kilometres, as it was sent", member<&QueryRow::radius_km>},
    {"bound", kCount, "the most places that it asked for", member<&QueryRow::bound>},
    {"status", kText,
     "the `status` of the Places answer (`OK`, `ZERO_RESULTS`, or what went wrong); `?` if the "
     "server refused the line",
     member<&QueryRow::status>, "no answer came"},
    {"places", kCount, "places in the answer", member<&QueryRow::places>,
     "there was no Places answer"},
    {"latency_us", kMicros, "its reply time", member<&QueryRow::latency>, "no answer came"},
});

constexpr auto kHandoverColumns = std::to_array<HerdColumn<HandoverRow>>({
    {"herd", kText, "the herd", herd_name},
    {"client", kText, "the client's id", member<&HandoverRow::client>},
    {"at_us", kSinceStart, "when it left the old server, or lost it", member<&HandoverRow::at>},
    {"from", kText, "the server that it left", server_name<&HandoverRow::from>},
    {"to", kText, "the server that it went to", server_name<&HandoverRow::to>},
    {"latency_us", kMicros,
     "time from its last answer from the old server to its first one from the new server",
     member<&HandoverRow::latency>, "one of them never came"},
    {"connected_us", kMicros, "time from its leaving until it was connected to the new server",
     member<&HandoverRow::connected>, "it was never connected"},
    {"known", kYesNo,
     "1 if the new server held its last accepted location, or a newer one, when it was connected",
     member<&HandoverRow::known>,
     "it was never connected, or none of its updates had been accepted by then, or not all times "
     "of "
     "the herd are known"},
    {"stale_us", kMicros, "its staleness: 0 if `known` is 1", member<&HandoverRow::stale>,
     "the new server never came to hold that location or a newer one, or `known` is empty"},
});

template <auto kMember>
void of_event(CsvWriter& csv, const EventRow& row) {
  csv.cell(row.*kMember);
}

constexpr auto kEventColumns = std::to_array<TableColumn<EventRow>>({
    {"at_us", kSinceStart, "when it happened", of_event<&EventRow::at>},
    {"herd", kText, "the herd that it happened to", of_event<&EventRow::herd>,
     "it concerns the whole run"},
    {"event", kText, "what happened, as `link_down`", of_event<&EventRow::event>},
    {"detail", kText, "to what, as the two servers of a link", of_event<&EventRow::detail>,
     "there is nothing to add"},
});

void write_cell(CsvWriter& csv, const Cell& cell) {
  std::visit(
      [&csv](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          csv.empty();
        } else if constexpr (std::is_same_v<T, Latency>) {
          csv.cell(value.value);
        } else {
          csv.cell(value);
        }
      },
      cell);
}

std::optional<FileError> write_summary(const RunResults& run, const fs::path& file) {
  CsvWriter csv(file, names_of<kSummaryColumns>());
  for (const HerdResults& herd : run.herds) {
    for (const Cell& cell : herd.summary) write_cell(csv, cell);
    csv.end_row();
  }
  return csv.close();
}

std::optional<FileError> write_events(const RunResults& run, const fs::path& file) {
  CsvWriter csv(file, names_of<kEventColumns>());
  for (const EventRow& row : run.events) {
    write_cells<kEventColumns>(csv, row);
    csv.end_row();
  }
  return csv.close();
}

template <const auto& kColumns>
constexpr auto kEntries = entries_of<kColumns>();

constexpr std::array kTables = {
    Table{kSummaryFile, RecordLevel::kSummary, kEntries<kSummaryColumns>, write_summary},
    Table{"updates.csv", RecordLevel::kUpdates, kEntries<kUpdateColumns>,
          write_herd_table<kUpdateColumns, &HerdResults::updates>},
    Table{"deliveries.csv", RecordLevel::kDeliveries, kEntries<kDeliveryColumns>,
          write_herd_table<kDeliveryColumns, &HerdResults::deliveries>},
    Table{"messages.csv", RecordLevel::kSummary, kEntries<kMessageColumns>,
          write_herd_table<kMessageColumns, &HerdResults::messages>},
    Table{"undelivered.csv", RecordLevel::kDeliveries, kEntries<kUndeliveredColumns>,
          write_herd_table<kUndeliveredColumns, &HerdResults::undelivered>},
    Table{"links.csv", RecordLevel::kSummary, kEntries<kLinkColumns>,
          write_herd_table<kLinkColumns, &HerdResults::links>},
    Table{"servers.csv", RecordLevel::kSummary, kEntries<kServerColumns>,
          write_herd_table<kServerColumns, &HerdResults::servers>},
    Table{"clients.csv", RecordLevel::kSummary, kEntries<kClientColumns>,
          write_herd_table<kClientColumns, &HerdResults::clients>},
    Table{"queries.csv", RecordLevel::kSummary, kEntries<kQueryColumns>,
          write_herd_table<kQueryColumns, &HerdResults::queries>},
    Table{"handovers.csv", RecordLevel::kSummary, kEntries<kHandoverColumns>,
          write_herd_table<kHandoverColumns, &HerdResults::handovers>},
    Table{"timeline.csv", RecordLevel::kSummary, kEntries<kTimelineColumns>,
          write_herd_table<kTimelineColumns, &HerdResults::timeline>},
    Table{"heat.csv", RecordLevel::kSummary, kEntries<kHeatColumns>,
          write_herd_table<kHeatColumns, &HerdResults::heat>},
    Table{"histograms.csv", RecordLevel::kSummary, kEntries<kHistogramColumns>,
          write_herd_table<kHistogramColumns, &HerdResults::histograms>},
    Table{"events.csv", RecordLevel::kSummary, kEntries<kEventColumns>, write_events},
};

}  // namespace

std::span<const Table> tables() { return kTables; }

}  // namespace sim
