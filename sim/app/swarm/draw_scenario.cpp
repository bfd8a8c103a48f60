#include "sim/app/swarm/draw_scenario.h"

#include <fmt/format.h>

#include <utility>

#include "sim/app/swarm/dice.h"
#include "sim/app/swarm/draw_clients.h"
#include "sim/app/swarm/draw_events.h"
#include "sim/app/swarm/draw_herds.h"
#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/script/read/load_scenario.h"

namespace sim {
namespace {

std::int64_t draw_duration_ms(Dice& dice) {
  return dice.chance(70) ? dice.between(5, 20) * 100 : dice.between(500, 5'000);
}

// Mostly long enough for every repair and retry: a herd that is not quiet by then never will be.
// Sometimes shorter than the links, so that lines and answers are on their way at the end.
std::string draw_drain(Dice& dice) {
  return dice.chance(85) ? "2min" : fmt::format("{}ms", dice.between(0, 3'000));
}

}  // namespace

std::string draw_scenario(std::uint64_t seed) {
  Dice frame(seed, "swarm/frame"), herds(seed, "swarm/herds"), clients(seed, "swarm/clients"),
      events(seed, "swarm/events");
  OwnedJson root(json_object());
  put(root.get(), "name", fmt::format("swarm-{}", seed));
  put(root.get(), "seed", json_count(static_cast<std::int64_t>(seed)));
  put(root.get(), "clock", "virtual");
  put(root.get(), "duration", fmt::format("{}ms", draw_duration_ms(frame)));
  put(root.get(), "drain", draw_drain(frame));
  put(root.get(), "record", frame.one_of({"summary", "updates", "deliveries"}));
  if (frame.chance(50)) put(root.get(), "messages", "all");
  put(root.get(), "herds", draw_herds(herds));
  const std::string file = fmt::format("swarm-{}.json", seed);
  LoadOptions options;
  options.as_run = false;
  // Only the reader knows which links a topology such as "ring" has.
  const auto base = parse_scenario(file, dump_json(root.get(), 2), options);
  if (!base) return dump_json(root.get(), 2);
  DrawnClients drawn = draw_clients(clients, *base);
  put(root.get(), "events", draw_events(events, *base, drawn.ids));
  put(root.get(), "clients", std::move(drawn.json));
  return dump_json(root.get(), 2);
}

}  // namespace sim
