#include "sim/measure/metrics/undelivered_rows.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

namespace sim {
namespace {

// Which servers were connected, over links that were up.
class Islands {
 public:
  explicit Islands(const HerdOutcome& outcome)
      : outcome_(outcome), island_(outcome.spec.servers.size()) {}

  // `topology` is an index into Recorder::topologies().
  bool connect(std::uint32_t topology, std::uint32_t a, std::uint32_t b) {
    if (topology_ != topology) look_at(topology);
    return root(a) == root(b);
  }

 private:
  void look_at(std::uint32_t topology) {
    topology_ = topology;
    std::iota(island_.begin(), island_.end(), 0U);
    const std::vector<bool>& up = outcome_.recorder.topologies()[topology];
    for (std::size_t link = 0; link < up.size(); ++link) {
      const LinkSpec& ends = outcome_.spec.links[link];
      if (up[link]) island_[root(ends.first)] = root(ends.second);
    }
  }
  std::uint32_t root(std::uint32_t server) {
    while (island_[server] != server) server = island_[server] = island_[island_[server]];
    return server;
  }

  const HerdOutcome& outcome_;
  std::uint32_t topology_ = kNoIndex;
  std::vector<std::uint32_t> island_;  // by server: another one of its island, or itself
};

// When each server was down.
class DownTimes {
 public:
  explicit DownTimes(const HerdOutcome& outcome) : spans_(outcome.spec.servers.size()) {
    for (const ServerChange& change : outcome.recorder.server_changes()) {
      auto& spans = spans_[change.server];
      const bool is_down = !spans.empty() && spans.back().second == herd::Instant::max();
      if (!change.up && !is_down) spans.emplace_back(change.at, herd::Instant::max());
      if (change.up && is_down) spans.back().second = change.at;
    }
  }
  bool meet(std::uint32_t server, herd::Instant from, herd::Instant to) const {
    const auto& spans = spans_[server];
    return std::any_of(spans.begin(), spans.end(),
                       [&](const auto& span) { return span.first <= to && from < span.second; });
  }

 private:
  std::vector<std::vector<std::pair<herd::Instant, herd::Instant>>> spans_;  // by server
};

std::string_view word_of(MissedWhy why) {
  switch (why) {
    case MissedWhy::kLost:
      return "lost";
    case MissedWhy::kInFlight:
      return "in_flight";
    case MissedWhy::kDropped:
      return "dropped";
  }
  return "";
}

class UndeliveredRows {
 public:
  UndeliveredRows(const HerdOutcome& outcome, const UpdateLedger& ledger)
      : outcome_(outcome),
        ledger_(ledger),
        recorder_(outcome.recorder),
        servers_(outcome.spec.servers.size()),
        islands_(outcome),
        down_(outcome),
        missed_(outcome.recorder.missed()),
        places_(outcome.recorder.accepted().size()) {
    std::stable_sort(missed_.begin(), missed_.end(), before);
    for (const auto& updates : ledger.history) {
      for (std::uint32_t place = 0; place < updates.size(); ++place) {
        places_[updates[place]] = place;
      }
    }
    mark_applied();
  }

  std::vector<UndeliveredRow> make() {
    for (std::uint32_t i = 0; i < places_.size(); ++i) {
      const AcceptedUpdate update = recorder_.accepted()[i];
      if (outcome_.covered(update) && places_[i] < next_place(update.subject)) continue;
      for (std::uint32_t s = 0; s < servers_; ++s) add(i, update, s);
    }
    std::stable_sort(rows_.begin(), rows_.end(),
                     [](const UndeliveredRow& a, const UndeliveredRow& b) {
                       return a.update.value_or(kNoIndex) < b.update.value_or(kNoIndex);
                     });
    return std::move(rows_);
  }

 private:
  static bool before(const MissedMessage& a, const MissedMessage& b) {
    return std::tie(a.update, a.server) < std::tie(b.update, b.server);
  }

  // Only updates that did not reach every server need the bits.
  void mark_applied() {
    bits_.assign(places_.size(), kNoIndex);
    std::uint32_t rows = 0;
    for (std::uint32_t i = 0; i < places_.size(); ++i) {
      if (!outcome_.covered(recorder_.accepted()[i])) bits_[i] = rows++;
    }
    applied_.resize(rows * servers_);
    for (std::uint32_t i = 0; i < places_.size(); ++i) {
      if (bits_[i] != kNoIndex)
        applied_[bits_[i] * servers_ + recorder_.accepted()[i].server] = true;
    }
    for (const DeliveryLog& delivery : recorder_.deliveries()) {
      const std::uint32_t row = bits_[delivery.update];
      if (row != kNoIndex) applied_[row * servers_ + delivery.server] = true;
    }
  }
  bool applied(std::uint32_t update, std::uint32_t server) const {
    return bits_[update] == kNoIndex || applied_[bits_[update] * servers_ + server];
  }

  // Returns the place in the subject's history behind the update that a server holds at the end; 0
  // if it holds none.
  std::uint32_t next_place(std::uint32_t subject, std::uint32_t server) const {
    const std::span<const std::uint32_t> places = ledger_.held.of(subject);
    return places.empty() || places[server] == kNoIndex ? 0 : places[server] + 1;
  }
  // Returns the least of them over the servers that are up.
  std::uint32_t next_place(std::uint32_t subject) {
    if (least_.empty()) least_.resize(ledger_.history.size());
    std::optional<std::uint32_t>& least = least_[subject];
    if (least) return *least;
    least = kNoIndex;
    for (std::uint32_t s = 0; s < servers_; ++s) {
      if (outcome_.servers[s].up) least = std::min(*least, next_place(subject, s));
    }
    return *least;
  }

  void add(std::uint32_t i, const AcceptedUpdate& update, std::uint32_t server) {
    const bool was_applied = applied(i, server);
    const std::uint32_t next = next_place(update.subject, server);
    const bool undelivered = outcome_.servers[server].up && next <= places_[i];
    if (was_applied && !undelivered) return;
    UndeliveredRow row;
    if (ledger_.planned_as[i] != kNoIndex) row.update = ledger_.planned_as[i];
    row.client = recorder_.subjects()[update.subject];
    row.origin = update.server;
    row.server = server;
    row.reason = was_applied ? "forgotten" : reason(i, update, server, next > places_[i]);
    row.undelivered = undelivered;
    rows_.push_back(std::move(row));
  }

  // Returns why the server never applied the update: the first cause that is known. The faults come
  // before what follows from them.
  std::string_view reason(std::uint32_t i, const AcceptedUpdate& update, std::uint32_t server,
                          bool has_newer) {
    if (down_.meet(server, update.accepted, update.last_delivery)) return "server_down";
    if (!knows_messages(outcome_.observed)) return has_newer ? "superseded" : "unknown";
    const MissedMessage wanted{i, server};
    const auto missed = std::lower_bound(missed_.begin(), missed_.end(), wanted, before);
    if (missed != missed_.end() && !before(wanted, *missed)) return word_of(missed->why);
    if (!islands_.connect(update.topology, update.server, server)) return "cut_off";
    if (update.lost > 0) return "lost_on_way";
    if (update.met_fault) return "fault";
    return has_newer ? "superseded" : "not_sent";
  }

  const HerdOutcome& outcome_;
  const UpdateLedger& ledger_;
  const Recorder& recorder_;
  const std::size_t servers_;
  Islands islands_;
  DownTimes down_;
  std::vector<MissedMessage> missed_;  // by update, then by receiver
  std::vector<std::uint32_t> places_;  // by update: its place in its subject's history
  std::vector<std::uint32_t> bits_;    // by update: its row in applied_; kNoIndex: all did
  std::vector<bool> applied_;          // by such a row, then by server
  std::vector<std::optional<std::uint32_t>> least_;  // by subject
  std::vector<UndeliveredRow> rows_;
};

}  // namespace

std::vector<UndeliveredRow> undelivered_rows(const HerdOutcome& outcome,
                                             const UpdateLedger& ledger) {
  if (!knows_records(outcome.observed)) return {};
  return UndeliveredRows(outcome, ledger).make();
}

}  // namespace sim
