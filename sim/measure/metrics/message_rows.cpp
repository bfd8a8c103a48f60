#include "sim/measure/metrics/message_rows.h"

#include <algorithm>
#include <tuple>

namespace sim {

std::vector<MessageRow> message_rows(const HerdOutcome& outcome, const UpdateLedger& ledger) {
  const MessageChoice& choice = outcome.recorder.message_log().choice();
  std::vector<MessageRow> rows;
  for (const LoggedMessage& message : outcome.recorder.message_log().messages()) {
    const std::uint32_t planned = ledger.planned_as[message.update];
    if (planned == kNoIndex) continue;
    // Another update with the same client and time may be logged with it.
    const bool is_chosen =
        choice.all || std::binary_search(choice.updates.begin(), choice.updates.end(), planned);
    if (!is_chosen) continue;
    const LinkSpec& link = outcome.spec.links[message.direction / 2];
    MessageRow& row = rows.emplace_back();
    row.update = planned;
    row.from = message.direction % 2 == 0 ? link.first : link.second;
    row.to = message.direction % 2 == 0 ? link.second : link.first;
    row.sent = outcome.script_time(message.sent);
    if (message.kind != MessageKind::kLost) row.received = outcome.script_time(message.received);
    row.hops = message.hops;
    row.kind = message.kind;
    row.echo = message.echo;
    row.repair = message.repair;
  }
  std::stable_sort(rows.begin(), rows.end(), [](const MessageRow& a, const MessageRow& b) {
    return std::tie(a.update, a.sent) < std::tie(b.update, b.sent);
  });
  return rows;
}

}  // namespace sim
