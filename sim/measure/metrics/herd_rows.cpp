#include "sim/measure/metrics/herd_rows.h"

namespace sim {

std::vector<LinkRow> link_rows(const HerdOutcome& outcome) {
  const Recorder& recorder = outcome.recorder;
  const std::vector<DirectionCounts> directions = recorder.directions();
  std::vector<LinkRow> rows;
  rows.reserve(directions.size());
  for (std::uint32_t direction = 0; direction < directions.size(); ++direction) {
    const LinkSpec link = outcome.spec.links[direction / 2];
    const DirectionCounts& counts = directions[direction];
    LinkRow row;
    row.from = direction % 2 == 0 ? link.first : link.second;
    row.to = direction % 2 == 0 ? link.second : link.first;
    row.messages = counts.messages;
    row.bytes = outcome.wire_bytes[direction];
    row.duplicates = counts.duplicates;
    row.echoes = counts.echoes;
    row.drops = counts.drops;
    row.down = recorder.link_down_time(direction / 2);
    row.repairs = counts.repairs;
    row.sync_bytes = counts.summary_bytes;
    rows.push_back(row);
  }
  return rows;
}

namespace {

// Adds the digest of each server's records. It counts planned updates, so that it can be compared
// with that of a run in another world, whose clocks show other times.
void add_holdings(std::vector<ServerRow>& rows, const UpdateLedger& ledger) {
  for (std::uint32_t subject = 0; subject < ledger.history.size(); ++subject) {
    const auto held = ledger.held.of(subject);
    for (std::size_t s = 0; s < held.size(); ++s) {
      if (held[s] == kNoIndex) continue;
      const std::uint32_t update = ledger.planned_as[ledger.history[subject][held[s]]];
      rows[s].holds.add(std::uint64_t{subject} << 32 | update);
    }
  }
}

}  // namespace

std::vector<ServerRow> server_rows(const HerdOutcome& outcome, const UpdateLedger& ledger) {
  const std::vector<ServerCounts> all_counts = outcome.recorder.servers();
  std::vector<ServerRow> rows;
  rows.reserve(outcome.servers.size());
  for (std::size_t s = 0; s < outcome.servers.size(); ++s) {
    const ServerOutcome& world = outcome.servers[s];
    const ServerCounts& counts = all_counts[s];
    ServerRow row;
    row.server = outcome.spec.servers[s].name;
    row.port = world.port;
    row.clients_known = world.records->size();
    row.accepted = counts.accepted;
    row.messages_in = counts.messages_in;
    row.messages_out = counts.messages_out;
    row.duplicates_in = counts.duplicates_in;
    row.invalid_lines = counts.invalid_lines;
    row.queries = counts.queries;
    row.connections_peak = world.connections_peak;
    row.clients_held = world.clients_held;
    row.clients_dropped = world.clients_dropped;
    row.links_overflowed = world.links_overflowed;
    row.restarts = counts.restarts;
    rows.push_back(std::move(row));
  }
  add_holdings(rows, ledger);
  return rows;
}

}  // namespace sim
