#include "sim/engines/watch/whatsat_watch.h"

#include <algorithm>

namespace sim {
namespace {

// The pause after a question to which a server had nothing new to tell, and the pause between two
// dials.
constexpr Duration kPause = std::chrono::milliseconds(2);
constexpr Duration kRedial = std::chrono::milliseconds(100);
// If nothing has been found for this time, the updates still awaited will not come.
constexpr Duration kTimeout = std::chrono::seconds(1);

}  // namespace

WhatsatWatch::WhatsatWatch(const HerdSpec& spec, const Plan& plan, const RunClock& clock,
                           OutsideWatch& watch, ClientWorld& world)
    : plan_(plan), clock_(clock), watch_(watch), world_(world), servers_(spec.servers.size()) {}

void WhatsatWatch::accepted(std::uint32_t update, std::uint32_t origin) {
  for (std::uint32_t s = 0; s < servers_.size(); ++s) {
    if (s != origin) servers_[s].awaited.push_back(update);
  }
  last_found_ = clock_.now();
  ask_all();
}

bool WhatsatWatch::settled() const {
  const bool all_found = std::all_of(servers_.begin(), servers_.end(),
                                     [](const Asked& asked) { return asked.awaited.empty(); });
  return all_found || clock_.now() - last_found_ >= kTimeout;
}

void WhatsatWatch::time_reached() { ask_all(); }

void WhatsatWatch::ask_all() {
  if (stopped_) return;
  for (std::uint32_t s = 0; s < servers_.size(); ++s) ask(s);
  arm();
}

void WhatsatWatch::arm() {
  std::optional<herd::Instant> next;
  for (const Asked& asked : servers_) {
    if (asked.awaited.empty() || asked.waiting) continue;
    if (!next || asked.not_before < *next) next = asked.not_before;
  }
  if (next && !stopped_) world_.wake_at(*next);
}

void WhatsatWatch::ask(std::uint32_t server) {
  Asked& asked = servers_[server];
  if (asked.waiting || asked.awaited.empty() || world_.now() < asked.not_before) return;
  if (!asked.connection) asked.connection = world_.connect(server, server);
  // Ask for each in turn, so that an update that never comes does not hold back the others.
  const std::uint32_t update = asked.awaited.front();
  asked.awaited.pop_front();
  asked.awaited.push_back(update);
  asked.waiting = true;
  world_.send(*asked.connection,
              "WHATSAT " + plan_.subjects[plan_.updates[update].subject] + " 1 1");
}

std::optional<std::uint32_t> WhatsatWatch::server_of(ClientConnection connection) const {
  for (std::uint32_t s = 0; s < servers_.size(); ++s) {
    if (servers_[s].connection == connection) return s;
  }
  return std::nullopt;
}

void WhatsatWatch::connected(ClientConnection) {}

void WhatsatWatch::reply_received(ClientConnection connection, const ForeignReply& reply) {
  const auto server = server_of(connection);
  if (!server) return;
  Asked& asked = servers_[*server];
  asked.waiting = false;
  const std::string_view at = reply.text.substr(0, reply.text.find('\n'));
  const auto held = watch_.matcher().find(at);
  const bool news = held && !watch_.holds(*server, *held);
  if (held) {
    watch_.found(*held, *server, clock_.now() - (world_.now() - reply.came));
    std::erase_if(asked.awaited,
                  [&](std::uint32_t update) { return watch_.holds(*server, update); });
  }
  if (news) last_found_ = clock_.now();
  asked.not_before = news ? world_.now() : world_.now() + kPause;
  ask_all();
}

void WhatsatWatch::reply_missing(ClientConnection connection, NoReply) {
  const auto server = server_of(connection);
  if (!server) return;
  servers_[*server].waiting = false;
  servers_[*server].not_before = world_.now() + kPause;
  ask_all();
}

void WhatsatWatch::disconnected(ClientConnection connection, bool, std::string_view) {
  const auto server = server_of(connection);
  if (!server) return;
  Asked& asked = servers_[*server];
  asked.connection.reset();
  asked.waiting = false;
  asked.not_before = world_.now() + kRedial;
  ask_all();
}

}  // namespace sim
