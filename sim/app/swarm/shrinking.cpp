#include "sim/app/swarm/shrinking.h"

#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/script/read/load_scenario.h"

namespace sim {
namespace {

constexpr const char* kFile = "swarm.json";

}  // namespace

Shrinking::Shrinking(const std::string& text, const StillFails& still_fails, std::size_t most_runs)
    : still_fails_(still_fails),
      most_runs_(most_runs),
      json_(parse_json(text)),
      scenario_(*parse_scenario(kFile, text)) {
  tried_.insert(text);
}

bool Shrinking::accept(OwnedJson candidate) {
  std::string text = dump_json(candidate.get(), 2);
  if (!may_go_on() || !tried_.insert(text).second) return false;
  auto scenario = parse_scenario(kFile, text);
  if (!scenario || scenario->clock != ClockKind::kVirtual) return false;
  ++runs_;
  if (!still_fails_(text)) return false;
  json_ = std::move(candidate);
  scenario_ = std::move(*scenario);
  return true;
}

OwnedJson Shrinking::mark() const { return copy_of(json_.get()); }

void Shrinking::return_to(OwnedJson marked) {
  json_ = std::move(marked);
  scenario_ = *parse_scenario(kFile, dump_json(json_.get(), 2));
}

}  // namespace sim
