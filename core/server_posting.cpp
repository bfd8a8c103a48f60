#include "core/server_posting.h"

#include "core/batch_lines.h"
#include "core/limits.h"
#include "core/mutation.h"

namespace herd {

Server::Posting::Posting(Server& server)
    : server_(server),
      outbox_(
          *server.config_->outbox, server.config_->neighbors.size(),
          [this](NeighborId to, std::span<const std::uint32_t> places, Moment now) {
            return send_batch(to, places, now);
          },
          [this](NeighborId to, std::size_t bytes) {
            return server_.effects_.room_at(to, bytes);
          }) {}

void Server::Posting::send(NeighborId to, const RecordView& record, Moment now) {
  const auto place = server_.records_.place_of(record.client);
  if (!outbox_.put(to, *place, now)) server_.observer_.update_replaced(server_.id_, to, now);
}

void Server::Posting::held_by(NeighborId neighbor, const RecordView& record, Moment now) {
  const auto place = server_.records_.place_of(record.client);
  if (place && outbox_.take_out(neighbor, *place)) {
    server_.observer_.update_suppressed(server_.id_, neighbor, now);
  }
}

void Server::Posting::link_down(NeighborId neighbor, Moment now) {
  for (const std::uint32_t place : outbox_.drop(neighbor)) {
    server_.observer_.update_dropped(server_.id_, neighbor, server_.records_.at(place).view(), now);
  }
}

std::size_t Server::Posting::send_batch(NeighborId to, std::span<const std::uint32_t> places,
                                        Moment now) {
  const Neighbor& neighbor = server_.neighbors_[to.value];
  server_.said(to, now);
  line_.clear();
  std::size_t sent = 0;
  // ATS is one byte longer than AT.
  for (const std::uint32_t place : places) {
    const RecordView record = server_.records_.at(place).view();
    if (sent > 0 && line_.size() + record.line.size() > kMaxLinkLine) break;
    const bool is_tail = sent > 0 && sent + 1 == places.size() && is_broken(Mutation::kBatchTail);
    if (!is_tail) append_to_batch(line_, record);
    server_.of_messages_.update_sent(server_.id_, to, record, now);
    ++sent;
  }
  if (sent == 1) {
    server_.effects_.send_update(neighbor.connection, server_.records_.at(places[0]).view());
  } else {
    server_.observer_.batch_sent(server_.id_, to, sent, now);
    server_.effects_.send(neighbor.connection, line_, kLinkEnding);
  }
  return sent;
}

void Server::Posting::batch_line(NeighborId from, const Line& line, Moment now) {
  if (const auto error = parse_batch(line.text, received_)) {
    return server_.refuse_on_link(line, *error);
  }
  for (const std::string& each : received_) {
    const auto report = std::get<RecordView>(parse_link_line(each));
    if (const auto foreign = server_.foreign_server(report)) {
      server_.refuse_on_link({each, line.ending}, *foreign);
    } else {
      server_.news(from, report, now);
    }
  }
}

}  // namespace herd
