#include "sim/script/plan/random_faults.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/random.h"

namespace sim {
namespace {

using herd::Instant;

// Draws a side for each server until at least one link is cut. The herd must have a link. Then each
// draw succeeds with a probability of at least one half.
std::vector<std::uint32_t> draw_sides(const HerdSpec& herd, herd::Random& random) {
  std::vector<std::uint32_t> side(herd.servers.size());
  const auto is_cut = [&](const LinkSpec& link) { return side[link.first] != side[link.second]; };
  do {
    for (std::uint32_t& each : side) each = static_cast<std::uint32_t>(random.below(2));
  } while (std::none_of(herd.links.begin(), herd.links.end(), is_cut));
  return side;
}

}  // namespace

struct RandomFaults::Flapping {
  herd::Random random;
  FlapEvent flap;
  Instant end;
  FaultState::Cause cause;
  std::uint32_t target = 0;  // a link or a server
};

struct RandomFaults::Process {
  ChaosKind kind;
  Duration mean;  // between two faults
  herd::Random random;
  Duration lasting;
  Instant end;
  std::uint32_t event = 0;
};

void RandomFaults::begin(const FlapEvent& flap, Instant at, std::uint32_t event) {
  std::string name;
  std::uint32_t target = 0;
  if (const auto* link = std::get_if<ServerPair>(&flap.what)) {
    // A link has one name, whichever of its servers is named or listed first.
    const auto& [low, high] = std::minmax(link->first, link->second);
    name = "flap/link/" + low + "/" + high;
    target = *herd_.find_link(*herd_.find_server(low), *herd_.find_server(high));
  } else {
    const auto& server = std::get<std::string>(flap.what);
    name = "flap/server/" + server;
    target = *herd_.find_server(server);
  }
  const std::string stream = name + "/" + std::to_string(flaps_[name]++);
  const auto flapping = std::make_shared<Flapping>(
      Flapping{herd::Random(seed_, stream), flap, at + flap.over,
               FaultState::Cause{at, event, state_.new_reason()}, target});
  go_on(flapping, at);
}

void RandomFaults::go_on(const std::shared_ptr<Flapping>& flapping, Instant at) {
  flapping->cause.at = at;
  std::holds_alternative<ServerPair>(flapping->flap.what)
      ? state_.restore(flapping->cause, flapping->target)
      : state_.start(flapping->cause, flapping->target);
  const Instant off = at + flapping->random.exponential(flapping->flap.up);
  if (off >= flapping->end) return;
  agenda_.add(off, [this, flapping, off] { go_off(flapping, off); });
}

void RandomFaults::go_off(const std::shared_ptr<Flapping>& flapping, Instant at) {
  flapping->cause.at = at;
  std::holds_alternative<ServerPair>(flapping->flap.what)
      ? state_.cut(flapping->cause, flapping->target, flapping->flap.how)
      : state_.stop(flapping->cause, flapping->target);
  const Instant on =
      std::min(at + flapping->random.exponential(flapping->flap.down), flapping->end);
  agenda_.add(on, [this, flapping, on] { go_on(flapping, on); });
}

std::vector<std::uint32_t> RandomFaults::draw_links(std::uint32_t count) {
  herd::Random random(seed_, "links/" + std::to_string(draws_of_links_++));
  std::vector<std::uint32_t> links(herd_.links.size());
  std::iota(links.begin(), links.end(), 0U);
  for (std::uint32_t i = 0; i < count; ++i) {
    std::swap(links[i], links[i + random.below(links.size() - i)]);
  }
  links.resize(count);
  std::sort(links.begin(), links.end());
  return links;
}

void RandomFaults::begin(const ChaosEvent& chaos, Instant at, std::uint32_t event) {
  const std::string ordinal = "chaos/" + std::to_string(chaos_++) + "/";
  for (const ChaosKindInfo& each : kChaosKinds) {
    const std::optional<Duration>& mean = chaos.*each.mean;
    if (!mean) continue;
    await_fault(std::make_shared<Process>(Process{each.kind, *mean,
                                                  herd::Random(seed_, ordinal + each.name),
                                                  chaos.lasting, at + chaos.over, event}),
                at);
  }
}

void RandomFaults::await_fault(const std::shared_ptr<Process>& process, Instant from) {
  const Instant at = from + process->random.exponential(process->mean);
  if (at >= process->end) return;
  agenda_.add(at, [this, process, at] {
    strike(*process, at);
    await_fault(process, at);
  });
}

// Draws all values before it checks whether the fault happens, so that the state of the target does
// not change later draws.
void RandomFaults::strike(Process& process, Instant at) {
  const auto draw = [&](std::size_t size) {
    return static_cast<std::uint32_t>(process.random.below(size));
  };
  const auto last = [&] {
    return std::min(at + process.random.exponential(process.lasting), process.end);
  };
  const FaultState::Cause cause{at, process.event, state_.new_reason()};
  const auto ended_by = [&](Instant end, auto undo) {
    agenda_.add(end, [this, cause = FaultState::Cause{end, cause.event, cause.reason}, undo] {
      undo(state_, cause);
    });
  };
  switch (process.kind) {
    case ChaosKind::kLinkDown:
    case ChaosKind::kBlackhole: {
      const std::uint32_t link = draw(herd_.links.size());
      const Instant end = last();
      if (state_.is_cut(link)) return;
      state_.cut(cause, link,
                 process.kind == ChaosKind::kBlackhole ? CutHow::kBlackhole : CutHow::kClose);
      return ended_by(end, [link](FaultState& s, const auto& c) { s.restore(c, link); });
    }
    case ChaosKind::kServerDown: {
      const std::uint32_t server = draw(herd_.servers.size());
      const Instant end = last();
      if (state_.is_down(server)) return;
      state_.stop(cause, server);
      return ended_by(end, [server](FaultState& s, const auto& c) { s.start(c, server); });
    }
    case ChaosKind::kPause: {
      const std::uint32_t server = draw(herd_.servers.size());
      const Instant end = last();
      if (state_.is_down(server) || state_.is_paused(server)) return;
      state_.pause(cause, server);
      return ended_by(end, [server](FaultState& s, const auto& c) { s.resume(c, server); });
    }
    case ChaosKind::kPartition: {
      const std::vector<std::uint32_t> sides = draw_sides(herd_, process.random);
      const Instant end = last();
      if (state_.is_partitioned()) return;
      state_.partition(cause, sides, CutHow::kClose);
      return ended_by(end, [](FaultState& s, const auto& c) { s.heal(c); });
    }
  }
}

}  // namespace sim
