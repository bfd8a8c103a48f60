// What the Recorder does when a link comes up or goes down, and which messages are lost with it.
#include <algorithm>
#include <iterator>
#include <utility>

#include "sim/measure/metrics/recorder.h"

namespace sim {

void Recorder::link_synchronized(herd::ServerId server, herd::NeighborId neighbor,
                                 herd::Moment now) {
  const std::uint32_t number = ends_.direction_from(ends_.end(server, neighbor)) / 2;
  if (++links_[number].ends_synchronized < 2) return;
  link_changes_.push_back({now.run, number, LinkState::kSynchronized});
}

void Recorder::link_up(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) {
  const std::uint32_t end = ends_.end(server, neighbor);
  const std::uint32_t number = ends_.direction_from(end) / 2;
  const bool dials = ends_.direction_from(end) % 2 == 0;
  // The connection is new. Messages of the old one that have not arrived at the other endpoint are
  // lost.
  lose(ends_.other(end), now.run);
  take_perhaps_lost(ends_.other(end));
  find_again(end);
  Link& link = links_[number];
  link.ends_synchronized = 0;
  links_changed();
  // The server that was dialled is up first.
  link.other_to_come = ++link.ends_up < 2 && !dials;
  if (link.ends_up < 2) {
    ++links_half_up_;
    return;
  }
  --links_half_up_;
  --links_not_up_;
  link_changes_.push_back({now.run, number, LinkState::kUp});
  if (link.down_since) link.down += now.run - *link.down_since;
  link.down_since.reset();
}

void Recorder::link_down(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) {
  const std::uint32_t end = ends_.end(server, neighbor);
  const std::uint32_t other = ends_.other(end);
  const std::uint32_t number = ends_.direction_from(end) / 2;
  // This endpoint reads no more.
  lose(end, now.run);
  Link& link = links_[number];
  link.ends_synchronized = 0;
  links_changed();
  if (link.ends_up-- < 2) {
    // The other endpoint went down first: messages sent to it since then are lost too. Or it is not
    // up yet: if it still comes up, as a paused server may, it first reads the messages that were
    // sent to it.
    if (std::exchange(link.other_to_come, false)) {
      take_perhaps_lost(other);
      const auto& in_flight = flows_[other].in_flight;
      std::vector<InFlight> messages;
      for (std::uint32_t i = 0; i < in_flight.size(); ++i) messages.push_back(in_flight[i]);
      if (!messages.empty()) {
        perhaps_lost_.push_back({other, now.run, std::move(messages), log_.lost(other)});
      }
    }
    lose(other, now.run);
    --links_half_up_;
    return;
  }
  ++links_half_up_;
  ++links_not_up_;
  link_changes_.push_back({now.run, number, LinkState::kDown});
  ++link_drops_;
  ++rare(2 * number).drops;
  ++rare(2 * number + 1).drops;
  link.down_since = now.run;
}

void Recorder::miss(std::uint32_t end, std::uint32_t update, MissedWhy why) {
  if (level_ != RecordLevel::kDeliveries) return;
  missed_.push_back({update, peer_at(ends_.other(end)), why});
}

void Recorder::unmiss(std::uint32_t end, std::uint32_t update) {
  const std::uint32_t server = peer_at(ends_.other(end));
  const auto found = std::find_if(missed_.rbegin(), missed_.rend(), [&](const auto& each) {
    return each.update == update && each.server == server;
  });
  if (found != missed_.rend()) missed_.erase(std::next(found).base());
}

void Recorder::lose(std::uint32_t end, herd::Instant now, MissedWhy why) {
  lose_controls(end);
  auto& in_flight = flows_[end].in_flight;
  if (in_flight.empty()) return;
  for (std::uint32_t i = 0; i < in_flight.size(); ++i) {
    AcceptedUpdate& update = accepted_.change(in_flight[i].update);
    ++update.lost;
    update.met_fault = true;
    miss(end, in_flight[i].update, why);
  }
  log_.lost(end);
  rare(ends_.direction_to(end)).lost += in_flight.size();
  bins_.at(now).lost += in_flight.size();
  change_gone(in_flight.size());
  in_flight.clear();
}

void Recorder::find_again(std::uint32_t end) {
  const PerhapsLost lost = take_perhaps_lost(end);
  const std::vector<InFlight>& found = lost.messages;
  if (found.empty()) return;
  bins_.at(lost.at).lost -= found.size();
  for (const InFlight& message : found) {
    --accepted_.change(message.update).lost;
    unmiss(end, message.update);
    flows_[end].in_flight.push_back(message);
  }
  log_.found(end, lost.logged);
  rare(ends_.direction_to(end)).lost -= found.size();
  change_gone(-std::uint64_t{found.size()});
}

Recorder::PerhapsLost Recorder::take_perhaps_lost(std::uint32_t end) {
  const auto found = std::find_if(perhaps_lost_.begin(), perhaps_lost_.end(),
                                  [&](const PerhapsLost& lost) { return lost.end == end; });
  if (found == perhaps_lost_.end()) return {};
  PerhapsLost out = std::move(*found);
  perhaps_lost_.erase(found);
  return out;
}

}  // namespace sim
