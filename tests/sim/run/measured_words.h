// What runs measured, as text that tests can compare.
#pragma once

#include <cstddef>
#include <string>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/figures/summary_cells.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {

// Returns everything that a run measured, as text, except the figures of the machine.
inline std::string measured_words(const RunResults& run) {
  std::string out;
  const auto add = [&](const auto&... each) { ((out += std::to_string(each) + ' '), ...); };
  const auto ns = [](auto time) { return time ? time->count() : -1; };
  for (const HerdResults& herd : run.herds) {
    for (std::size_t i = 0; i < kSummaryColumns.size(); ++i) {
      if (kSummaryColumns[i].of_machine) continue;
      add(figure_of(herd.summary[i]).value_or(-1));
    }
    for (const UpdateRow& row : herd.updates) {
      out += row.client + row.origin;
      add(row.servers_reached, row.messages, row.duplicates, row.echoes, ns(row.coverage));
    }
    for (const DeliveryRow& row : herd.deliveries) {
      add(row.update, row.server, row.from.value_or(0), row.hops,
          row.latency.value_or(Duration(-1)).count());
    }
    for (const LinkRow& row : herd.links) {
      add(row.messages, row.bytes, row.duplicates, row.drops, row.down.count(), row.repairs);
    }
    for (const QueryRow& row : herd.queries) {
      out += row.status;
      add(row.places.value_or(0), ns(row.latency));
    }
    for (const ClientRow& row : herd.clients) add(row.handovers, ns(row.reply_max));
    for (const std::string& each : herd.violations) out += each;
  }
  for (const EventRow& row : run.events) {
    out += row.herd + row.event + row.detail;
    add(row.at.time_since_epoch().count());
  }
  return out;
}

}  // namespace sim
