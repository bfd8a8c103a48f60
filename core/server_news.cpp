// The lines on a server's links: news that arrives, and news that goes out.
#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "core/batch_lines.h"
#include "core/format.h"
#include "core/limits.h"
#include "core/line_memo.h"
#include "core/mutation.h"
#include "core/server.h"
#include "core/server_posting.h"
#include "core/server_routing.h"
#include "core/sync_lines.h"

namespace herd {

void Server::refuse_on_link(const Line& line, const ParseError& error) {
  observer_.line_refused(id_, line.text, error, true);
}

std::optional<ParseError> Server::foreign_server(const RecordView& report) const {
  if (config_->herd->servers == nullptr || config_->herd->servers->contains(report.server))
    return std::nullopt;
  const auto column = static_cast<std::size_t>(report.server.data() - report.line.data());
  return ParseError{ParseCode::kUnknownServer, column, report.server};
}

// Never answers a line with `? `, because two servers would send it back and forth for ever.
void Server::link_line(ConnectionId from, const Line& line, Moment now) {
  const NeighborId neighbor = session(from).neighbor;
  if (keeps_alive_) watches_[neighbor.value].heard(now.run);
  if (reconciler_ && is_sync_line(line.text)) return sync_line(neighbor, line, now);
  if (has_outbox_ && is_batch_line(line.text)) return posting_->batch_line(neighbor, line, now);
  if (lines_ == nullptr) lines_ = std::make_shared<LineMemo>();
  if (const KeptReport* const same = lines_->find(line.text, &session(from).next_line)) {
    news(neighbor, same->view(), now);
    return;
  }
  const LinkCommand command = parse_link_line(line.text);
  if (const auto* report = std::get_if<RecordView>(&command)) {
    if (const auto foreign = foreign_server(*report)) return refuse_on_link(line, *foreign);
    if (news(neighbor, *report, now) == Verdict::kAccepted) lines_->add(records_.last_taken());
  } else if (const auto* error = std::get_if<ParseError>(&command)) {
    if (!routes() || !routing_->has_word(line.text)) {
      return refuse_on_link(line, *error);
    }
    observer_.control_received(id_, neighbor, now);
    if (!routing_->scheme().line(neighbor, line.text, now)) {
      refuse_on_link(line, {ParseCode::kBadControl, 0, line.text});
    }
  }
}

std::size_t Server::expected_lines_received(ConnectionId from, std::string_view bytes, int most,
                                            Moment now) {
  std::size_t taken = 0;
  // Handling a line may end the link.
  for (; most > 0 && lines_ != nullptr && session(from).role == Role::kLink; --most) {
    Session& who = session(from);
    const KeptReport* const same = lines_->take_next(bytes.substr(taken), who.next_line);
    if (same == nullptr) break;
    taken += same->ended_line().size();
    record_received(who.neighbor, same->view(), now);
  }
  return taken;
}

void Server::record_received(NeighborId from, const RecordView& report, Moment now) {
  if (keeps_alive_) watches_[from.value].heard(now.run);
  news(from, report, now);
}

Verdict Server::news(NeighborId from, const RecordView& report, Moment now) {
  const Verdict verdict = records_.offer(report);
  if (verdict == Verdict::kRefused) [[unlikely]] {
    refuse_report(report);
    return verdict;
  }
  of_messages_.update_received(id_, from, report, verdict, now);
  if (has_outbox_ && verdict != Verdict::kStale) posting_->held_by(from, report, now);
  if (verdict == Verdict::kAccepted) {
    // A report that is shared is the stored one, and its view need not be made again.
    if (report.kept != nullptr) {
      taken(report, from, now);
    } else {
      taken(records_.last_taken().view(), from, now);
    }
  } else if (routes()) {
    routing_->scheme().not_taken(report, from, verdict, now);
  }
  return verdict;
}

void Server::sync_line(NeighborId from, const Line& line, Moment now) {
  reconciler_->heard_from(from, now);
  const SyncCommand command = parse_sync_line(line.text);
  if (const auto* report = std::get_if<RecordView>(&command)) {
    repair_received(from, *report, now);
  } else if (const auto* error = std::get_if<ParseError>(&command)) {
    refuse_on_link(line, *error);
  } else if (!reconciler_->take(from, command, now)) {
    refuse_on_link(line, {ParseCode::kOutOfPlace, 0, line.text});
  }
  const Instant timer = upkeep_[from.value].timer;
  const std::optional<Instant> next = reconciler_->next_check(from, now);
  if (timer == kNever || (next && *next < timer)) set_link_timer(from, now);
}

void Server::repair_received(NeighborId from, const RecordView& report, Moment now) {
  if (const auto foreign = foreign_server(report)) {
    return observer_.line_refused(id_, report.line, *foreign, true);
  }
  const Verdict verdict = records_.offer(report);
  if (verdict == Verdict::kRefused) return refuse_report(report);
  of_messages_.update_received(id_, from, report, verdict, now);
  if (has_outbox_ && verdict != Verdict::kStale) posting_->held_by(from, report, now);
  if (verdict == Verdict::kAccepted) repaired(records_.last_taken().view(), from, now);
}

void Server::refuse_report(const RecordView& report) {
  const auto column = static_cast<std::size_t>(report.client.data() - report.line.data());
  observer_.line_refused(id_, report.line, {ParseCode::kFull, column, report.client}, true);
}

void Server::taken(const RecordView& report, const std::optional<NeighborId>& from, Moment now) {
  if (reconciler_) reconciler_->record_taken(report.client);
  if (routes()) return routing_->scheme().taken(report, from, now);
  flood(report, from, now);
}

void Server::flood(const RecordView& report, const std::optional<NeighborId>& from, Moment now) {
  // The lines of a group share the work that they have in common. Measured in virtual time over a
  // 4-regular graph: with a call for each line an arrival takes a twentieth more.
  std::array<NeighborId, Effects::kMostLinksAtOnce> group;
  std::array<ConnectionId, Effects::kMostLinksAtOnce> links;
  std::size_t size = 0;
  const auto send_group = [&] {
    if (size == 0) return;
    of_messages_.update_relayed(id_, std::span(group).first(size), report, now);
    effects_.relay_update(std::span(links).first(size), report);
    size = 0;
  };
  for (std::uint32_t i = 0; i < neighbors_.size(); ++i) {
    const NeighborId to{i};
    if (neighbors_[i].state != Neighbor::State::kUp) continue;
    if (i == 0 && from && is_broken(Mutation::kNeighborSkipped)) continue;
    const bool echoes = is_broken(Mutation::kSplitHorizonLost);
    if (!echoes && !relays_to(relay_, from, to)) continue;
    if (has_outbox_) {
      posting_->send(to, report, now);
      continue;
    }
    said(to, now);
    group[size] = to;
    links[size++] = neighbors_[i].connection;
    if (size == links_at_once_) send_group();
  }
  send_group();
}

// A repair is passed on by flooding in every scheme: it happens where a scheme's structure has
// failed. It never goes back to its sender, which holds it.
void Server::repaired(const RecordView& report, NeighborId from, Moment now) {
  reconciler_->repair_taken(from, report.client, now);
  if (routes()) routing_->scheme().repaired(report);
  if (is_broken(Mutation::kRepairKept)) return;
  for (std::uint32_t i = 0; i < neighbors_.size(); ++i) {
    const NeighborId to{i};
    if (to == from || neighbors_[i].state != Neighbor::State::kUp) continue;
    if (reconciler_->passes_on_to(to)) send_news(to, report, now);
  }
}

void Server::send_news(NeighborId to, const RecordView& report, Moment now) {
  if (has_outbox_) return posting_->send(to, report, now);
  said(to, now);
  of_messages_.update_sent(id_, to, report, now);
  effects_.send_update(neighbors_[to.value].connection, report);
}

std::size_t Server::repair(NeighborId to, const RecordView& record, Moment now) {
  said(to, now);
  observer_.repair_sent(id_, to, record, now);
  format_sync(repair_scratch_, record);
  // A line that is too long with SYNC before it goes out as news.
  const bool fits = repair_scratch_.size() <= kMaxLinkLine;
  const std::string_view line = fits ? std::string_view(repair_scratch_) : record.line;
  effects_.send(neighbors_[to.value].connection, line, kLinkEnding);
  return line.size() + kLinkEnding.size();
}

void Server::note_said(NeighborId to, Moment now) {
  LinkWatch& watch = watches_[to.value];
  if (upkeep_[to.value].is_assured) {
    effects_.assured_link_speaks(to, watch.last_said(), to.value < timer_of_);
  }
  watch.said(now.run);
}

void Server::say(NeighborId to, std::string_view line, Moment now) {
  said(to, now);
  observer_.summary_sent(id_, to, line.size() + kLinkEnding.size(), now);
  effects_.send(neighbors_[to.value].connection, line, kLinkEnding);
}

void Server::say_control(NeighborId to, std::string_view line, Moment now) {
  said(to, now);
  observer_.control_sent(id_, to, line.size() + kLinkEnding.size(), now);
  effects_.send(neighbors_[to.value].connection, line, kLinkEnding);
}

}  // namespace herd
