#include "sim/run/plan_csv.h"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/base/text/numbers.h"
#include "sim/measure/results/csv.h"
#include "sim/measure/results/table_columns.h"
#include "sim/run/event_words.h"
#include "sim/script/plan/fault_plan.h"
#include "sim/script/plan/plan.h"

namespace sim {
namespace {

using herd::Instant;

using enum ColumnKind;

struct PlanRow {
  std::string_view herd;
  Instant at;
  std::string_view action, who, detail;
};

template <auto kMember>
void member(CsvWriter& csv, const PlanRow& row) {
  csv.cell(row.*kMember);
}

constexpr auto kPlanColumns = std::to_array<TableColumn<PlanRow>>({
    {"herd", kText, "the herd", member<&PlanRow::herd>},
    {"at_us", kSinceStart, "when it is done", member<&PlanRow::at>},
    {"action", kText, "what is done, see below", member<&PlanRow::action>},
    {"who", kText,
     "the client, the link (`Alford - Welsh`, the one that dials first) or the server",
     member<&PlanRow::who>, "it is done to Places"},
    {"detail", kText, "more about it", member<&PlanRow::detail>, "there is nothing to add"},
});
constexpr auto kPlanEntries = entries_of<kPlanColumns>();

std::string micros(Duration value) {
  std::string out;
  append_micros(out, value);
  return out + " us";
}

// Returns seconds with nine decimals.
std::string seconds(herd::PosixNs ns) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const std::uint64_t magnitude =
      ns < 0 ? 0 - static_cast<std::uint64_t>(ns) : static_cast<std::uint64_t>(ns);
  const std::string part = std::to_string(magnitude % kSecond);
  return (ns < 0 ? "-" : "") + std::to_string(magnitude / kSecond) + "." +
         std::string(9 - part.size(), '0') + part;
}

std::string conditions_text(const LinkConditions& conditions) {
  static constexpr std::array kShapes = {"uniform", "normal", "exponential"};
  const Jitter& jitter = conditions.jitter;
  return "latency " + micros(conditions.latency) + ", jitter " +
         kShapes[static_cast<std::size_t>(jitter.shape)] + " " + micros(jitter.amount) +
         ", bandwidth " +
         (conditions.bandwidth_bps > 0 ? real_text(conditions.bandwidth_bps) + " bit/s"
                                       : std::string("unlimited")) +
         ", loss " + real_text(conditions.loss);
}

std::string places_text(const SetPlacesEvent& change) {
  std::string out;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!out.empty()) out += ", ";
    out.append(name).append(" ").append(value);
  };
  if (change.latency) add("latency", micros(*change.latency));
  if (change.fail) add("fail", real_text(*change.fail));
  if (change.cut) add("cut", real_text(*change.cut));
  if (change.quota) add("quota", std::to_string(*change.quota));
  return out;
}

// Returns the details of a fault; its target has a column of its own.
struct FaultDetail {
  const EventAction& cause;

  template <class NothingMore>
  std::string operator()(const NothingMore&) const {
    return "";
  }
  std::string operator()(const CutLink& cut) const {
    std::string out(name_of(cut.how));
    if (cut.ways != CutWays::kBoth) out.append(" ").append(name_of(cut.ways));
    return out;
  }
  std::string operator()(const SetLink& set) const {
    return "forward " + conditions_text(set.conditions.forward) + "; backward " +
           conditions_text(set.conditions.backward);
  }
  std::string operator()(const SetPlaces&) const {
    return places_text(std::get<SetPlacesEvent>(cause));
  }
};

// Iterates over the rows of one herd.
class HerdRows {
 public:
  HerdRows(const Scenario& scenario, std::uint32_t herd)
      : scenario_(scenario),
        spec_(scenario.herds[herd]),
        plan_(make_plan(scenario, herd)),
        faults_(plan_faults(scenario, herd)) {
    for (const PlannedClient& client : plan_.clients) server_of_.push_back(client.first_server);
  }

  // Returns the time of the next row; nullopt after the last.
  std::optional<Instant> next() const {
    if (next_client_ < plan_.clients.size()) return Instant();
    std::optional<Instant> soonest;
    const auto consider = [&](Instant at) {
      if (!soonest || at < *soonest) soonest = at;
    };
    if (next_fault_ < faults_.size()) consider(faults_[next_fault_].at);
    if (next_action_ < plan_.actions.size()) consider(plan_.actions[next_action_].at);
    return soonest;
  }

  // Writes the next row, which must exist. At one instant faults come before clients.
  void write(CsvWriter& csv) {
    at_ = *next();
    if (next_client_ < plan_.clients.size()) {
      const std::uint32_t client = next_client_++;
      row(csv, "connect", plan_.clients[client].id, server_name(server_of_[client]));
    } else if (next_fault_ < faults_.size() && faults_[next_fault_].at == at_) {
      write_fault(csv, faults_[next_fault_++]);
    } else {
      write_action(csv, plan_.actions[next_action_++]);
    }
  }

 private:
  void row(CsvWriter& csv, EventName action, std::string_view who, std::string_view detail) const {
    write_cells<kPlanColumns>(csv, {spec_.name, at_, action.text(), who, detail});
    csv.end_row();
  }

  const std::string& server_name(std::uint32_t server) const { return spec_.servers[server].name; }

  void write_fault(CsvWriter& csv, const PlannedFault& fault) const {
    row(csv, name_of(fault.what), target_words(spec_, fault.what),
        std::visit(FaultDetail{scenario_.events[fault.event].action}, fault.what));
  }

  void write_action(CsvWriter& csv, const PlannedAction& action) {
    const std::string& who = plan_.clients[action.client].id;
    switch (action.kind) {
      case ActionKind::kUpdate: {
        const PlannedUpdate& update = plan_.updates[action.index];
        return row(csv, "update", who,
                   update.line < 0 ? location_text(plan_, update) + " " + seconds(update.stamp)
                                   : plan_.lines[static_cast<std::size_t>(update.line)]);
      }
      case ActionKind::kQuery:
        return row(csv, "query", who, plan_.lines[plan_.queries[action.index].line]);
      case ActionKind::kLine:
        return row(csv, "line", who, plan_.lines[action.index]);
      case ActionKind::kMove: {
        const std::uint32_t from = std::exchange(server_of_[action.client], action.index);
        return row(csv, "move", who, server_name(from) + " -> " + server_name(action.index));
      }
    }
  }

  const Scenario& scenario_;
  const HerdSpec& spec_;
  Plan plan_;
  std::vector<PlannedFault> faults_;
  std::vector<std::uint32_t> server_of_;  // by client, before the next row
  Instant at_;                            // of the row that is being written
  std::uint32_t next_client_ = 0;         // the next client to connect
  std::size_t next_fault_ = 0, next_action_ = 0;
};

}  // namespace

herd::Result<std::uint64_t, FileError> write_plan_csv(const Scenario& scenario,
                                                      const std::filesystem::path& file) {
  std::vector<HerdRows> herds;
  herds.reserve(scenario.herds.size());
  for (std::uint32_t h = 0; h < scenario.herds.size(); ++h) herds.emplace_back(scenario, h);
  CsvWriter csv(file, names_of<kPlanColumns>());
  std::uint64_t rows = 0;
  for (;; ++rows) {
    HerdRows* first = nullptr;
    for (HerdRows& herd : herds) {
      if (herd.next() && (first == nullptr || *herd.next() < *first->next())) first = &herd;
    }
    if (first == nullptr) break;
    first->write(csv);
  }
  if (auto error = csv.close()) return *error;
  return rows;
}

std::span<const ColumnEntry> plan_columns() { return kPlanEntries; }

}  // namespace sim
