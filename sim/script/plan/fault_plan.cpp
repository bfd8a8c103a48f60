#include "sim/script/plan/fault_plan.h"

#include <variant>

#include "sim/script/plan/agenda.h"
#include "sim/script/plan/fault_state.h"
#include "sim/script/plan/random_faults.h"

namespace sim {
namespace {

// Plays the events on a FaultState, each at its time.
class FaultPlanner {
 public:
  FaultPlanner(const Scenario& scenario, std::uint32_t herd)
      : scenario_(scenario),
        herd_(scenario.herds[herd]),
        herd_index_(herd),
        state_(herd_),
        random_faults_(scenario.seed, herd_, state_, agenda_) {}

  std::vector<PlannedFault> make() {
    for (const bool of_places : {true, false}) {
      for (std::uint32_t i = 0; i < scenario_.events.size(); ++i) {
        const EventAction& action = scenario_.events[i].action;
        if (std::holds_alternative<SetPlacesEvent>(action) == of_places) add(i);
      }
    }
    agenda_.play();
    return state_.take();
  }

 private:
  using Cause = FaultState::Cause;

  void add(std::uint32_t index) {
    const Event& event = scenario_.events[index];
    if (!event.concerns(herd_index_)) return;
    const Cause cause{herd::Instant(event.at), index};
    agenda_.add(cause.at, [this, &event, cause] {
      std::visit([&](const auto& action) { act(action, cause); }, event.action);
    });
  }

  std::uint32_t server(const std::string& name) const { return *herd_.find_server(name); }
  std::uint32_t link(const std::string& a, const std::string& b) const {
    return *herd_.find_link(server(a), server(b));
  }

  void act(const LinkDownEvent& e, const Cause& cause) {
    if (e.links > 0) {
      for (const std::uint32_t each : random_faults_.draw_links(e.links)) {
        state_.cut(cause, each, e.how, e.ways);
      }
      return;
    }
    const bool is_turned = server(e.first) > server(e.second);
    state_.cut(cause, link(e.first, e.second), e.how, is_turned ? turned_round(e.ways) : e.ways);
  }
  void act(const LinkUpEvent& e, const Cause& cause) {
    if (e.first.empty()) {
      for (std::uint32_t each = 0; each < herd_.links.size(); ++each) state_.restore(cause, each);
      return;
    }
    state_.restore(cause, link(e.first, e.second));
  }
  void act(const PartitionEvent& e, Cause cause) {
    // Servers that no group names are one more group behind the others.
    const auto named = static_cast<std::uint32_t>(e.groups.size());
    std::vector<std::uint32_t> group_of(herd_.servers.size(), named);
    for (std::uint32_t g = 0; g < named; ++g) {
      for (const std::string& name : e.groups[g]) group_of[server(name)] = g;
    }
    cause.reason = kPartition;
    state_.partition(cause, group_of, e.how, e.ways);
  }
  void act(const HealEvent&, Cause cause) {
    cause.reason = kPartition;
    state_.heal(cause);
  }
  void act(const ServerDownEvent& e, const Cause& cause) { state_.stop(cause, server(e.server)); }
  void act(const ServerUpEvent& e, const Cause& cause) { state_.start(cause, server(e.server)); }
  void act(const PauseEvent& e, const Cause& cause) { state_.pause(cause, server(e.server)); }
  void act(const ResumeEvent& e, const Cause& cause) { state_.resume(cause, server(e.server)); }
  void act(const SetLinkEvent& e, const Cause& cause) {
    if (!e.link) {
      for (std::uint32_t each = 0; each < herd_.links.size(); ++each) {
        state_.set_link(cause, each, e.change);
      }
      return;
    }
    const auto& [first, second] = *e.link;
    const bool turned_round = server(first) > server(second);
    state_.set_link(cause, link(first, second), turned_round ? e.change.turned_round() : e.change);
  }
  void act(const FlapEvent& e, const Cause& cause) {
    random_faults_.begin(e, cause.at, cause.event);
  }
  void act(const ChaosEvent& e, const Cause& cause) {
    random_faults_.begin(e, cause.at, cause.event);
  }
  void act(const SetPlacesEvent& e, const Cause& cause) { state_.set_places(cause, e); }
  // Events of clients are not faults.
  void act(const BurstEvent&, const Cause&) {}
  void act(const MoveEvent&, const Cause&) {}
  void act(const SendEvent&, const Cause&) {}

  const Scenario& scenario_;
  const HerdSpec& herd_;
  std::uint32_t herd_index_;
  Agenda agenda_;
  FaultState state_;
  RandomFaults random_faults_;
};

}  // namespace

std::vector<PlannedFault> plan_faults(const Scenario& scenario, std::uint32_t herd_index) {
  return FaultPlanner(scenario, herd_index).make();
}

}  // namespace sim
