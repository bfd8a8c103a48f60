#include "sim/script/plan/plan.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <unordered_map>

#include "core/parse.h"
#include "core/random.h"
#include "sim/script/mobility/group_tracks.h"
#include "sim/script/plan/handover_plan.h"
#include "sim/script/plan/plan_order.h"
#include "sim/script/plan/schedule_times.h"

namespace sim {
namespace {

using herd::Instant;

bool looks_for_the_nearest(const ClientGroup& group) {
  return std::holds_alternative<NearestServer>(group.server) ||
         (group.handover.times && group.handover.to == NextServer::kNearest) ||
         group.handover.on_loss == NextServer::kNearest;
}

class Planner {
 public:
  Planner(const Scenario& scenario, std::uint32_t herd)
      : scenario_(scenario), herd_(scenario.herds[herd]), herd_index_(herd) {}

  Plan make() {
    plan_.seed = scenario_.seed;
    plan_.servers = static_cast<std::uint32_t>(herd_.servers.size());
    if (std::any_of(scenario_.clients.begin(), scenario_.clients.end(), looks_for_the_nearest)) {
      plan_.sites = std::make_shared<ServerSites>(herd_);
    }
    add_groups();
    for (std::uint32_t i = 0; i < scenario_.events.size(); ++i) {
      if (scenario_.events[i].concerns(herd_index_)) add_event(i);
    }
    add_group_actions();
    // Only clients that look for the nearest server during the run need a track.
    for (PlannedClient& client : plan_.clients) {
      if (client.on_loss != NextServer::kNearest) client.track.reset();
    }
    // Actions of events were added first, so they come first at the same time.
    put_in_order(plan_);
    stamp_updates(plan_, skews_);
    return std::move(plan_);
  }

 private:
  void add_client(PlannedClient client, ClockSkew skew) {
    subjects_.emplace(client.id, static_cast<std::uint32_t>(plan_.clients.size()));
    plan_.subjects.push_back(client.id);
    plan_.clients.push_back(std::move(client));
    skews_.push_back(skew);
  }

  void add_groups() {
    for (const ClientGroup& group : scenario_.clients) {
      GroupTracks tracks(group, scenario_.seed, scenario_.duration);
      for (std::uint32_t n = 0; n < group.count; ++n) {
        const auto track = tracks.of(n);
        const std::uint32_t server = first_server(group.server, n, *track);
        add_client({group.member_id(n), server, group.handover.on_loss, track}, group.skew);
      }
    }
    group_clients_ = static_cast<std::uint32_t>(plan_.clients.size());
    // Clients share their numbers with subjects, so all clients come before the subjects that are
    // not clients.
    for (std::uint32_t i = 0; i < scenario_.events.size(); ++i) {
      const Event& event = scenario_.events[i];
      const auto* burst = std::get_if<BurstEvent>(&event.action);
      if (burst == nullptr || !event.concerns(herd_index_)) continue;
      first_burst_client_.emplace(i, static_cast<std::uint32_t>(plan_.clients.size()));
      for (std::uint32_t n = 0; n < burst->clients; ++n) {
        add_client({"burst-" + std::to_string(i) + "-" + std::to_string(n),
                    *herd_.find_server(burst->server)},
                   ClockSkew{});
      }
    }
  }

  std::uint32_t first_server(const ServerChoice& choice, std::uint32_t n, const Track& track) {
    if (const auto* name = std::get_if<std::string>(&choice)) return *herd_.find_server(*name);
    if (std::holds_alternative<SpreadServers>(choice)) return n % plan_.servers;
    return plan_.sites->nearest(track.at(Duration(0)));
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
      const std::uint32_t client = subjects_.at(move->client);
      const std::uint32_t to = *herd_.find_server(move->to);
      plan_.actions.push_back({at, client, ActionKind::kMove, to});
      scripted_moves_[client].push_back({at, to});
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

  // At one time a client moves, reports its location and asks, in this order.
  void add_group_actions() {
    std::uint32_t client = 0;
    for (const ClientGroup& group : scenario_.clients) {
      for (std::uint32_t n = 0; n < group.count; ++n, ++client) {
        add_handovers(group, n, client);
        if (group.updates) {
          for_each_time(*group.updates, group, n, client, "/updates", [&](Duration at) {
            PlannedUpdate update;
            update.at = Instant(at);
            update.client = update.subject = client;
            update.location = plan_.clients[client].track->at(at);
            add_update(update);
          });
        }
        if (group.queries) add_queries(*group.queries, group, n, client);
      }
    }
  }

  void add_handovers(const ClientGroup& group, std::uint32_t n, std::uint32_t client) {
    static const std::vector<PlannedMove> kNone;
    const auto scripted = scripted_moves_.find(client);
    const PlannedClient& planned = plan_.clients[client];
    const HandoverClient mover{group,
                               n,
                               planned.id,
                               *planned.track,
                               planned.first_server,
                               scripted == scripted_moves_.end() ? kNone : scripted->second};
    const HandoverHerd herd{plan_.servers, plan_.sites.get()};
    for (const PlannedMove& move :
         plan_handovers(mover, herd, scenario_.seed, scenario_.duration)) {
      plan_.actions.push_back({move.at, client, ActionKind::kMove, move.to});
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

  // Returns the client that a query is about: any client of the scenario's groups, never one of a
  // burst.
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

  // Returns the index of a line in the plan. Equal lines are kept once.
  std::uint32_t query_line(const std::string& about, const QuerySchedule& queries) {
    const std::string line =
        "WHATSAT " + about + " " + queries.radius_km + " " + std::to_string(queries.bound);
    const auto [known, is_new] =
        query_lines_.emplace(line, static_cast<std::uint32_t>(plan_.lines.size()));
    if (is_new) plan_.lines.push_back(line);
    return known->second;
  }

  // Calls `act` for each time of a schedule for member n of a group.
  template <class Act>
  void for_each_time(const UpdateSchedule& schedule, const ClientGroup& group, std::uint32_t n,
                     std::uint32_t client, const char* stream, Act act) {
    ScheduleTimes times(
        schedule, n, group.count,
        herd::Random(scenario_.seed, "client/" + plan_.clients[client].id + stream));
    for (auto at = times.next(); at && *at < scenario_.duration; at = times.next()) act(*at);
  }

  const Scenario& scenario_;
  const HerdSpec& herd_;
  std::uint32_t herd_index_;
  Plan plan_;
  std::vector<ClockSkew> skews_;
  std::uint32_t group_clients_ = 0;                                             // they come first
  std::unordered_map<std::uint32_t, std::vector<PlannedMove>> scripted_moves_;  // by client
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
