#include "sim/engines/watch/whatsat_watch.h"

#include <algorithm>
#include <iterator>

namespace sim {
namespace {

// The pause after a question to which a server had nothing new to tell, and the pause between two
// dials.
constexpr Duration kPause = std::chrono::milliseconds(2);
constexpr Duration kRedial = std::chrono::milliseconds(100);
// If nothing has been found for this time, the updates still awaited will not come.
constexpr Duration kSettledAfter = std::chrono::seconds(1);

}  // namespace

WhatsatWatch::WhatsatWatch(const HerdSpec& spec, const Plan& plan, const RunClock& clock,
                           OutsideWatch& watch, ClientWorld& world)
    : plan_(plan),
      clock_(clock),
      watch_(watch),
      world_(world),
      servers_(spec.servers.size()),
      reply_within_(spec.external ? spec.external->dialect.reply_within : Dialect().reply_within) {}

void WhatsatWatch::begin() {
  begun_ = true;
  if (!plan_.updates.empty()) {
    const std::string& client = plan_.subjects[plan_.updates.front().subject];
    for (std::uint32_t s = 0; s < servers_.size(); ++s) {
      servers_[s].first_question = world_.connect(s, s);
      world_.send(*servers_[s].first_question, "WHATSAT " + client + " 1 1");
    }
  }
  ask_all();
}

bool WhatsatWatch::first_question_over(ClientConnection connection, bool answered) {
  for (Asked& asked : servers_) {
    if (asked.first_question != connection) continue;
    asked.first_question.reset();
    asked.answers_about_anybody = answered;
    // Updates that were sent meanwhile.
    for (std::uint32_t update = 0; answered && update < next_expected_; ++update) {
      const bool is_there =
          std::any_of(asked.awaited.begin(), asked.awaited.end(),
                      [update](const Awaited& each) { return each.update == update; });
      if (!watch_.decided(update) && !is_there) asked.awaited.push_back({update, false});
    }
    return true;
  }
  return false;
}

bool WhatsatWatch::may_ask_early(std::uint32_t server, std::uint32_t update) const {
  const std::string& client = plan_.subjects[plan_.updates[update].subject];
  return servers_[server].answers_about_anybody || watch_.records(server).find(client) != nullptr;
}

void WhatsatWatch::expect_due() {
  const auto& updates = plan_.updates;
  for (; next_expected_ < updates.size() && updates[next_expected_].at <= world_.now();
       ++next_expected_) {
    if (watch_.decided(next_expected_)) continue;  // asked for already, if it was accepted
    for (std::uint32_t s = 0; s < servers_.size(); ++s) {
      if (may_ask_early(s, next_expected_)) servers_[s].awaited.push_back({next_expected_, true});
    }
  }
}

bool WhatsatWatch::is_hopeless(std::uint32_t update) const {
  if (watch_.accepted_as(update) != kNoIndex) return false;
  return watch_.decided(update) ||
         world_.now() > plan_.updates[update].at + reply_within_ + kSettledAfter;
}

void WhatsatWatch::accepted(std::uint32_t update, std::uint32_t origin) {
  for (std::uint32_t s = 0; s < servers_.size(); ++s) {
    std::deque<Awaited>& awaited = servers_[s].awaited;
    const auto is_it = [update](const Awaited& each) { return each.update == update; };
    if (s == origin || watch_.holds(s, update)) {
      std::erase_if(awaited, is_it);
    } else if (std::none_of(awaited.begin(), awaited.end(), is_it)) {
      awaited.push_back({update, false});
    }
  }
  last_found_ = clock_.now();
  ask_all();
}

bool WhatsatWatch::settled() const {
  const auto is_due = [this](const Awaited& each) {
    return watch_.accepted_as(each.update) != kNoIndex;
  };
  const bool all_found = std::all_of(servers_.begin(), servers_.end(), [&](const Asked& asked) {
    return std::none_of(asked.awaited.begin(), asked.awaited.end(), is_due);
  });
  return all_found || clock_.now() - last_found_ >= kSettledAfter;
}

void WhatsatWatch::time_reached() { ask_all(); }

void WhatsatWatch::ask_all() {
  if (stopped_ || !begun_) return;
  expect_due();
  for (std::uint32_t s = 0; s < servers_.size(); ++s) ask(s);
  arm();
}

void WhatsatWatch::arm() {
  std::optional<herd::Instant> next;
  for (const Asked& asked : servers_) {
    if (asked.awaited.empty() || asked.waiting) continue;
    if (!next || asked.not_before < *next) next = asked.not_before;
  }
  if (next_expected_ < plan_.updates.size()) {
    const herd::Instant at = plan_.updates[next_expected_].at;
    if (!next || at < *next) next = at;
  }
  if (next && !stopped_) world_.wake_at(*next);
}

void WhatsatWatch::ask(std::uint32_t server) {
  Asked& asked = servers_[server];
  if (asked.waiting || world_.now() < asked.not_before) return;
  while (!asked.awaited.empty() && is_hopeless(asked.awaited.front().update)) {
    asked.awaited.pop_front();
  }
  if (asked.awaited.empty()) return;
  if (!asked.connection) asked.connection = world_.connect(server, server);
  // Ask for each in turn, so that an update that never comes does not hold back the others.
  const Awaited next = asked.awaited.front();
  asked.awaited.pop_front();
  asked.awaited.push_back(next);
  asked.waiting = true;
  asked.asked_for = next.update;
  world_.send(*asked.connection,
              "WHATSAT " + plan_.subjects[plan_.updates[next.update].subject] + " 1 1");
}

std::optional<std::uint32_t> WhatsatWatch::server_of(ClientConnection connection) const {
  for (std::uint32_t s = 0; s < servers_.size(); ++s) {
    if (servers_[s].connection == connection) return s;
  }
  return std::nullopt;
}

void WhatsatWatch::connected(ClientConnection) {}

void WhatsatWatch::reply_received(ClientConnection connection, const ForeignReply& reply) {
  if (first_question_over(connection, true)) {
    world_.finish(connection);
    return ask_all();
  }
  const auto server = server_of(connection);
  if (!server) return;
  servers_[*server].waiting = false;
  took_note(*server, reply);
  ask_all();
}

void WhatsatWatch::took_note(std::uint32_t server, const ForeignReply& reply) {
  Asked& asked = servers_[server];
  const std::string_view at = reply.text.substr(0, reply.text.find('\n'));
  const auto held = watch_.matcher().find(at);
  seen_any_ = seen_any_ || held;
  const bool news = held && !watch_.holds(server, *held) && !asked.held_early.contains(*held);
  asked.not_before = news ? world_.now() : world_.now() + kPause;
  if (news) {
    if (watch_.accepted_as(*held) == kNoIndex) asked.held_early.insert(*held);
    const bool dated =
        std::any_of(asked.awaited.begin(), asked.awaited.end(),
                    [&](const Awaited& each) { return each.update == *held && each.dated; });
    watch_.found(*held, server, clock_.now() - (world_.now() - reply.came), dated);
  }
  if (held) {
    std::erase_if(asked.awaited, [&](const Awaited& each) {
      return each.update == *held || watch_.holds(server, each.update);
    });
  }
  if (news) last_found_ = clock_.now();
  for (Awaited& each : asked.awaited) {
    if (each.update == asked.asked_for) each.dated = true;  // it does not hold it yet
  }
}

void WhatsatWatch::reply_missing(ClientConnection connection, NoReply, std::string_view) {
  if (first_question_over(connection, false)) return world_.finish(connection);
  const auto server = server_of(connection);
  if (!server) return;
  servers_[*server].waiting = false;
  servers_[*server].not_before = world_.now() + kPause;
  ask_all();
}

void WhatsatWatch::disconnected(ClientConnection connection, bool, std::string_view) {
  if (first_question_over(connection, false)) return;
  const auto server = server_of(connection);
  if (!server) return;
  Asked& asked = servers_[*server];
  asked.connection.reset();
  asked.waiting = false;
  asked.not_before = world_.now() + kRedial;
  ask_all();
}

}  // namespace sim
