#include "sim/app/swarm/draw_conditions.h"

#include <fmt/format.h>

#include "sim/base/json/make_json.h"

namespace sim {
namespace {

void draw_one_way(Dice& dice, json_t* object) {
  if (dice.chance(80)) {
    put(object, "latency",
        dice.chance(50) ? fmt::format("{}us", dice.between(0, 2'000))
                        : fmt::format("{}ms", dice.between(1, kMostDrawnLatencyMs)));
  }
  if (dice.chance(30)) {
    const std::string jitter = fmt::format("{}us", dice.between(0, 20'000));
    if (dice.chance(40)) {
      put(object, "jitter", jitter);
    } else {
      OwnedJson kind(json_object());
      put(kind.get(), dice.one_of({"uniform", "normal", "exponential"}), jitter);
      put(object, "jitter", std::move(kind));
    }
  }
  if (dice.chance(15)) {
    put(object, "bandwidth",
        dice.one_of({"64kbit/s", "256kbit/s", "2mbit/s", "1gbit/s", "unlimited"}));
  }
  // If the loss were higher, a line could be lost again and again until the drain is over.
  if (dice.chance(15)) put(object, "loss", fmt::format("{}%", dice.between(0, 8)));
}

}  // namespace

OwnedJson draw_conditions(Dice& dice, const DrawnWays& ways) {
  OwnedJson both(json_object());
  draw_one_way(dice, both.get());
  for (const char* way : {ways.there, ways.back}) {
    if (!dice.chance(15)) continue;
    OwnedJson one(json_object());
    draw_one_way(dice, one.get());
    if (json_object_size(one.get()) > 0) put(both.get(), way, std::move(one));
  }
  if (json_object_size(both.get()) == 0) put(both.get(), "latency", "1ms");
  return both;
}

}  // namespace sim
