// How two servers that open a link prove to each other that they know the herd's secret.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/format.h"
#include "core/server.h"

namespace herd {
namespace {

// Compares two MACs in a time that does not depend on the number of equal bytes.
bool same_mac(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  }
  return difference == 0;
}

}  // namespace

std::string Server::own_mac(std::string_view word, const Session& who) const {
  const std::string& peer = config_->neighbors[who.neighbor.value].name;
  return config_->herd->authenticator->mac(
      {word, config_->herd->name, config_->name, peer, who.nonces->own, who.nonces->theirs});
}

std::string Server::their_mac(std::string_view word, const Session& who) const {
  const std::string& peer = config_->neighbors[who.neighbor.value].name;
  return config_->herd->authenticator->mac(
      {word, config_->herd->name, peer, config_->name, who.nonces->theirs, who.nonces->own});
}

void Server::dialled(NeighborId neighbor, ConnectionId id, Moment) {
  Session& who = open_session(id, Role::kHandshake);
  who.neighbor = neighbor;
  who.nonces = std::make_unique<Nonces>(Nonces{config_->herd->authenticator->make_nonce(), {}});
  neighbors_[neighbor.value].state = Neighbor::State::kHandshake;
  neighbors_[neighbor.value].connection = id;
  const NeighborConfig& config = config_->neighbors[neighbor.value];
  effects_.send(
      id,
      format_handshake("LINK", {config_->herd->name, config_->name, config.name, who.nonces->own}),
      kLinkEnding);
}

void Server::handle(ConnectionId from, const Line& line, const Handshake& handshake, Moment) {
  const std::size_t column = line.text.find("LINK");
  const ParseError not_ours{ParseCode::kBadHandshake, column, line.text.substr(column, 4)};
  Session& who = session(from);
  if (who.has_spoken) return refuse(from, line, not_ours);
  const auto id = find_neighbor(handshake.from);
  if (!id || handshake.herd != config_->herd->name || handshake.to != config_->name ||
      config_->neighbors[id->value].dials) {
    refuse(from, line, not_ours);
    return end_when_answered(from, CloseReason::kBadHandshake);
  }
  who.role = Role::kAsked;
  who.neighbor = *id;
  who.nonces = std::make_unique<Nonces>(
      Nonces{config_->herd->authenticator->make_nonce(), std::string(handshake.token)});
  effects_.link_asked(from, *id);
  effects_.send(from, "NONCE " + who.nonces->own, kLinkEnding);
}

// From the server that asked for a link: the MAC over both nonces.
void Server::mac_line(ConnectionId from, const Line& line, Moment now) {
  Session& who = session(from);
  if (who.ending) return;
  const HandshakeToken mac = parse_handshake_token("MAC", line.text);
  const auto* shown = std::get_if<std::string_view>(&mac);
  if (shown == nullptr || !same_mac(*shown, their_mac("MAC", who))) {
    ParseError error{ParseCode::kBadHandshake, 0, line.text};
    if (const auto* bad = std::get_if<ParseError>(&mac)) error = *bad;
    refuse(from, line, error);
    return end_when_answered(from, CloseReason::kBadHandshake);
  }
  const NeighborId id = who.neighbor;
  Neighbor& neighbor = neighbors_[id.value];
  if (neighbor.state == Neighbor::State::kUp) {
    const ConnectionId old = neighbor.connection;
    take_down(id, now);
    session(old).role = Role::kClosed;
    end_when_answered(old, CloseReason::kReplaced);
  }
  who.role = Role::kLink;
  effects_.became_link(from, id);
  effects_.send(
      from,
      format_handshake("LINKED", {config_->herd->name, config_->name,
                                  config_->neighbors[id.value].name, own_mac("LINKED", who)}),
      kLinkEnding);
  bring_up(id, from, now);
}

// From a neighbour that this server dialled: its nonce, then its acknowledgement.
void Server::handshake_line(ConnectionId from, const Line& line, Moment now) {
  Session& who = session(from);
  const NeighborId id = who.neighbor;
  ParseError error{ParseCode::kBadHandshake, 0, line.text};
  if (who.nonces->theirs.empty()) {
    const HandshakeToken nonce = parse_handshake_token("NONCE", line.text);
    if (const auto* drawn = std::get_if<std::string_view>(&nonce)) {
      who.nonces->theirs = *drawn;
      return effects_.send(from, "MAC " + own_mac("MAC", who), kLinkEnding);
    }
    error = std::get<ParseError>(nonce);
  } else {
    const Acknowledgement parsed = parse_acknowledgement(line.text);
    const auto* linked = std::get_if<Handshake>(&parsed);
    if (linked != nullptr && linked->herd == config_->herd->name &&
        linked->from == config_->neighbors[id.value].name && linked->to == config_->name &&
        same_mac(linked->token, their_mac("LINKED", who))) {
      who.role = Role::kLink;
      upkeep_[id.value].failures = 0;
      effects_.became_link(from, id);
      return bring_up(id, from, now);
    }
    if (const auto* bad = std::get_if<ParseError>(&parsed)) error = *bad;
  }
  refuse_on_link(line, error);
  who.role = Role::kClosed;
  back_off(id, now);
  effects_.close(from, CloseReason::kNotLinked);
}

}  // namespace herd
