#include "core/server_routing.h"

#include <algorithm>

#include "core/line_fields.h"
#include "core/server_posting.h"

namespace herd {

Server::Routing::Routing(Server& server)
    : server_(server),
      random_(server.config_->herd->seed,
              "server/" + server.config_->name + "/" +
                  std::string(server.config_->herd->scheme.info().name)),
      scheme_(server.config_->herd->scheme.info().make(server.config_->herd->scheme, *this)) {}

bool Server::Routing::has_word(std::string_view line) const {
  const auto words = server_.config_->herd->scheme.info().words;
  return std::find(words.begin(), words.end(), LineFields(line).next()) != words.end();
}

std::uint32_t Server::Routing::neighbors() const {
  return static_cast<std::uint32_t>(server_.config_->neighbors.size());
}
bool Server::Routing::link_is_up(NeighborId neighbor) const { return server_.link_is_up(neighbor); }
std::string_view Server::Routing::name() const { return server_.config_->name; }
std::string_view Server::Routing::neighbor_name(NeighborId neighbor) const {
  return server_.config_->neighbors[neighbor.value].name;
}
const RecordStore& Server::Routing::records() const { return server_.records_; }
const HerdMap* Server::Routing::map() const { return server_.config_->herd->map.get(); }
TreeMemo& Server::Routing::trees() { return *server_.config_->herd->trees; }
bool Server::Routing::recovers() const {
  return server_.config_->herd->recovery != Recovery::kNone;
}

void Server::Routing::send_news(NeighborId to, const RecordView& record, Moment now) {
  server_.send_news(to, record, now);
}
void Server::Routing::say_control(NeighborId to, std::string_view line, Moment now) {
  server_.say_control(to, line, now);
}
void Server::Routing::held_by(NeighborId neighbor, const RecordView& record, Moment now) {
  if (server_.has_outbox_) server_.posting_->held_by(neighbor, record, now);
}
void Server::Routing::compare(NeighborId neighbor, Moment now) { server_.compare(neighbor, now); }
void Server::Routing::map_changed(std::uint64_t map, Moment now) {
  server_.observer_.map_changed(server_.id_, map, now);
}
void Server::Routing::tree_changed(NeighborId neighbor, std::string_view root, TreeEdge edge,
                                   Moment now) {
  server_.observer_.tree_changed(server_.id_, neighbor, root, edge, now);
}

}  // namespace herd
