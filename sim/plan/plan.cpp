#include "sim/plan/plan.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <unordered_map>

#include "core/parse.h"
#include "core/random.h"
#include "sim/mobility/group_tracks.h"

namespace sim {
namespace {

using herd::Instant;

// i/n of `whole`, rounded down, without overflow: i <= n < 2^32.
Duration fraction_of(Duration whole, std::uint64_t i, std::uint64_t n) {
  const auto ns = static_cast<std::uint64_t>(whole.count());
  return Duration(static_cast<std::int64_t>(ns / n * i + ns % n * i / n));
}

class Planner {
 public:
  Planner(const Scenario& scenario, std::uint32_t herd)
      : scenario_(scenario), herd_(scenario.herds[herd]), herd_index_(herd) {}

  Plan make() {
    add_groups();
    for (std::uint32_t i = 0; i < scenario_.events.size(); ++i) {
      if (scenario_.events[i].concerns(herd_index_)) add_event(i);
    }
    add_group_updates();
    // What events bring was added first: a stable sort keeps it first at one instant.
    std::stable_sort(plan_.actions.begin(), plan_.actions.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
    number(ActionKind::kUpdate, plan_.updates);
    number(ActionKind::kQuery, plan_.queries);
    stamp_updates();
    return std::move(plan_);
  }

 private:
  std::uint32_t add_client(std::string id, std::uint32_t server, ClockSkew skew) {
    const auto client = static_cast<std::uint32_t>(plan_.clients.size());
    subjects_.emplace(id, client);
    plan_.subjects.push_back(id);
    plan_.clients.push_back({std::move(id), server});
    skews_.push_back(skew);
    return client;
  }

  void add_groups() {
    const auto servers = static_cast<std::uint32_t>(herd_.servers.size());
    for (const ClientGroup& group : scenario_.clients) {
      const auto* named = std::get_if<std::string>(&group.server);
      for (std::uint32_t n = 0; n < group.count; ++n) {
        const std::uint32_t server = named ? *herd_.find_server(*named) : n % servers;
        add_client(group.member_id(n), server, group.skew);
      }
    }
    group_clients_ = static_cast<std::uint32_t>(plan_.clients.size());
    // All clients before any subject that is not a client: they share their numbers.
    for (std::uint32_t i = 0; i < scenario_.events.size(); ++i) {
      const Event& event = scenario_.events[i];
      const auto* burst = std::get_if<BurstEvent>(&event.action);
      if (burst == nullptr || !event.concerns(herd_index_)) continue;
      first_burst_client_.emplace(i, static_cast<std::uint32_t>(plan_.clients.size()));
      for (std::uint32_t n = 0; n < burst->clients; ++n) {
        add_client("burst-" + std::to_string(i) + "-" + std::to_string(n),
                   *herd_.find_server(burst->server), ClockSkew{});
      }
    }
  }

  void add_update(PlannedUpdate update) {
    plan_.actions.push_back({update.at, update.client, ActionKind::kUpdate,
                             static_cast<std::uint32_t>(plan_.updates.size())});
    plan_.updates.push_back(update);
  }

  void add_event(std::uint32_t index) {
    const Event& event = scenario_.events[index];
    const Instant at(event.at);
    if (const auto* burst = std::get_if<BurstEvent>(&event.action)) {
      add_burst(*burst, at, first_burst_client_.at(index));
    } else if (const auto* move = std::get_if<MoveEvent>(&event.action)) {
      plan_.actions.push_back(
          {at, subjects_.at(move->client), ActionKind::kMove, *herd_.find_server(move->to)});
    } else if (const auto* send = std::get_if<SendEvent>(&event.action)) {
      add_line(at, subjects_.at(send->client), send->line);
    }
  }

  void add_burst(const BurstEvent& burst, Instant at, std::uint32_t first_client) {
    const ServerSpec& server = herd_.servers[*herd_.find_server(burst.server)];
    for (std::uint32_t i = 0; i < burst.updates; ++i) {
      PlannedUpdate update;
      update.at = at + fraction_of(burst.over, i, burst.updates);
      update.client = update.subject = first_client + i % burst.clients;
      update.location = server.at.value_or(kDefaultLocation);
      add_update(update);
    }
  }

  void add_line(Instant at, std::uint32_t client, const std::string& line) {
    const auto number = static_cast<std::uint32_t>(plan_.lines.size());
    plan_.lines.push_back(line);
    const herd::ClientCommand command = herd::parse_client_line(line);
    if (std::holds_alternative<herd::Whatsat>(command)) return add_query(at, client, number);
    const auto* report = std::get_if<herd::Iamat>(&command);
    if (report == nullptr) {
      plan_.actions.push_back({at, client, ActionKind::kLine, number});
      return;
    }
    const auto [subject, is_new] = subjects_.emplace(
        std::string(report->client), static_cast<std::uint32_t>(plan_.subjects.size()));
    if (is_new) plan_.subjects.emplace_back(report->client);
    PlannedUpdate update;
    update.at = at;
    update.client = client;
    update.subject = subject->second;
    update.stamp = report->time_ns;
    update.line = static_cast<std::int32_t>(number);
    add_update(update);
  }

  void add_group_updates() {
    std::uint32_t client = 0;
    for (const ClientGroup& group : scenario_.clients) {
      GroupTracks tracks(group, scenario_.seed, scenario_.duration);
      for (std::uint32_t n = 0; n < group.count; ++n, ++client) {
        if (group.updates) {
          const Track& track = tracks.of(n);
          for_each_time(*group.updates, group, n, client, "/updates", [&](Duration at) {
            PlannedUpdate update;
            update.at = Instant(at);
            update.client = update.subject = client;
            update.location = track.at(at);
            add_update(update);
          });
        }
        if (group.queries) add_queries(*group.queries, group, n, client);
      }
    }
  }

  void add_query(Instant at, std::uint32_t client, std::uint32_t line) {
    plan_.actions.push_back(
        {at, client, ActionKind::kQuery, static_cast<std::uint32_t>(plan_.queries.size())});
    plan_.queries.push_back({at, client, line});
  }

  void add_queries(const QuerySchedule& queries, const ClientGroup& group, std::uint32_t n,
                   std::uint32_t client) {
    herd::Random random(scenario_.seed, "client/" + plan_.clients[client].id + "/about");
    for_each_time(queries.times, group, n, client, "/queries", [&](Duration at) {
      const std::string& about = plan_.clients[choose(queries.about, client, random)].id;
      add_query(Instant(at), client, query_line(about, queries));
    });
  }

  // Whom a query is about: one of the scenario's clients, those of bursts aside.
  std::uint32_t choose(const About& about, std::uint32_t client, herd::Random& random) const {
    if (const auto* id = std::get_if<std::string>(&about)) return subjects_.at(*id);
    if (std::holds_alternative<AboutRandom>(about)) {
      return static_cast<std::uint32_t>(random.below(group_clients_));
    }
    if (std::holds_alternative<AboutAnother>(about) && group_clients_ > 1) {
      const auto other = static_cast<std::uint32_t>(random.below(group_clients_ - 1));
      return other < client ? other : other + 1;
    }
    return client;
  }

  // The place of a line in the plan; alike ones are kept once.
  std::uint32_t query_line(const std::string& about, const QuerySchedule& queries) {
    const std::string line =
        "WHATSAT " + about + " " + queries.radius_km + " " + std::to_string(queries.bound);
    const auto [known, is_new] =
        query_lines_.emplace(line, static_cast<std::uint32_t>(plan_.lines.size()));
    if (is_new) plan_.lines.push_back(line);
    return known->second;
  }

  // Calls `act` for each time that a schedule has for member n of a group.
  template <class Act>
  void for_each_time(const UpdateSchedule& schedule, const ClientGroup& group, std::uint32_t n,
                     std::uint32_t client, const char* stream, Act act) {
    herd::Random random(scenario_.seed, "client/" + plan_.clients[client].id + stream);
    Duration at = fraction_of(schedule.period, n, group.count);
    while (at < scenario_.duration) {
      act(at);
      at += schedule.arrivals == Arrivals::kPoisson ? random.exponential(schedule.period)
                                                    : schedule.period;
    }
  }

  // Gives updates, or queries, their numbers in the order of the actions.
  template <class Planned>
  void number(ActionKind kind, std::vector<Planned>& planned) {
    std::vector<Planned> in_order;
    in_order.reserve(planned.size());
    for (PlannedAction& action : plan_.actions) {
      if (action.kind != kind) continue;
      in_order.push_back(planned[action.index]);
      action.index = static_cast<std::uint32_t>(in_order.size() - 1);
    }
    planned = std::move(in_order);
  }

  void stamp_updates() {
    constexpr auto kNever = std::numeric_limits<herd::PosixNs>::min();
    std::vector<herd::PosixNs> last(plan_.clients.size(), kNever);
    for (PlannedUpdate& update : plan_.updates) {
      if (update.line >= 0) continue;
      herd::PosixNs& newest = last[update.client];
      const herd::PosixNs planned =
          (update.at.time_since_epoch() + skews_[update.client].after(update.at.time_since_epoch()))
              .count();
      update.stamp = newest == kNever ? planned : std::max(planned, newest + 1);
      newest = update.stamp;
    }
  }

  const Scenario& scenario_;
  const HerdSpec& herd_;
  std::uint32_t herd_index_;
  Plan plan_;
  std::vector<ClockSkew> skews_;
  std::uint32_t group_clients_ = 0;  // they come first
  std::unordered_map<std::string, std::uint32_t> query_lines_;
  std::unordered_map<std::string, std::uint32_t> subjects_;
  std::unordered_map<std::uint32_t, std::uint32_t> first_burst_client_;  // by event
};

}  // namespace

Plan make_plan(const Scenario& scenario, std::uint32_t herd) {
  return Planner(scenario, herd).make();
}

std::string location_text(const Plan& plan, const PlannedUpdate& update) {
  if (update.line < 0) return herd::format_location(update.location);
  const auto command = herd::parse_client_line(plan.lines[static_cast<std::size_t>(update.line)]);
  return std::string(std::get<herd::Iamat>(command).location);
}

herd::PosixNs client_time(const PlannedUpdate& update, herd::PosixNs base) {
  return update.line < 0 ? base + update.stamp : update.stamp;
}

}  // namespace sim
