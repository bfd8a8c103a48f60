#include "sim/plan/plan.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <unordered_map>

#include "core/parse.h"
#include "core/random.h"
#include "sim/plan/mobility.h"

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
    number_updates();
    stamp_updates();
    return std::move(plan_);
  }

 private:

  std::uint32_t add_client(std::string id, std::uint32_t server, Duration skew) {
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
    // All clients before any subject that is not a client: they share their numbers.
    for (std::uint32_t i = 0; i < scenario_.events.size(); ++i) {
      const Event& event = scenario_.events[i];
      const auto* burst = std::get_if<BurstEvent>(&event.action);
      if (burst == nullptr || !event.concerns(herd_index_)) continue;
      first_burst_client_.emplace(i, static_cast<std::uint32_t>(plan_.clients.size()));
      for (std::uint32_t n = 0; n < burst->clients; ++n) {
        add_client("burst-" + std::to_string(i) + "-" + std::to_string(n),
                   *herd_.find_server(burst->server), Duration(0));
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
      const Track track(group.start, group.mobility);
      for (std::uint32_t n = 0; n < group.count; ++n, ++client) {
        if (group.updates) add_schedule(group, n, client, track);
      }
    }
  }

  void add_schedule(const ClientGroup& group, std::uint32_t n, std::uint32_t client,
                    const Track& track) {
    const UpdateSchedule& schedule = *group.updates;
    herd::Random random(scenario_.seed, "client/" + plan_.clients[client].id + "/updates");
    Duration at = fraction_of(schedule.period, n, group.count);
    while (at < scenario_.duration) {
      PlannedUpdate update;
      update.at = Instant(at);
      update.client = update.subject = client;
      update.location = track.at(at);
      add_update(update);
      at += schedule.arrivals == Arrivals::kPoisson ? random.exponential(schedule.period)
                                                    : schedule.period;
    }
  }

  // Gives updates their numbers in the order of the actions.
  void number_updates() {
    std::vector<PlannedUpdate> in_order;
    in_order.reserve(plan_.updates.size());
    for (PlannedAction& action : plan_.actions) {
      if (action.kind != ActionKind::kUpdate) continue;
      in_order.push_back(plan_.updates[action.index]);
      action.index = static_cast<std::uint32_t>(in_order.size() - 1);
    }
    plan_.updates = std::move(in_order);
  }

  void stamp_updates() {
    constexpr auto kNever = std::numeric_limits<herd::PosixNs>::min();
    std::vector<herd::PosixNs> last(plan_.clients.size(), kNever);
    for (PlannedUpdate& update : plan_.updates) {
      if (update.line >= 0) continue;
      herd::PosixNs& newest = last[update.client];
      const herd::PosixNs planned =
          update.at.time_since_epoch().count() + skews_[update.client].count();
      update.stamp = newest == kNever ? planned : std::max(planned, newest + 1);
      newest = update.stamp;
    }
  }

  const Scenario& scenario_;
  const HerdSpec& herd_;
  std::uint32_t herd_index_;
  Plan plan_;
  std::vector<Duration> skews_;
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
