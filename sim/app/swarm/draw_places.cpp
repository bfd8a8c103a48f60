#include "sim/app/swarm/draw_places.h"

#include <fmt/format.h>

#include "sim/base/json/make_json.h"

namespace sim {

void draw_places_faults(Dice& dice, json_t* object) {
  put(object, "latency", fmt::format("{}ms", dice.between(0, 400)));
  const auto put_share = [&](const char* key) {
    const auto percent = dice.between(0, 100);
    json_object_set_new(object, key, json_real(static_cast<double>(percent) / 100));
  };
  if (dice.chance(30)) put_share("fail");
  if (dice.chance(20)) put_share("cut");
  if (dice.chance(20)) put(object, "quota", json_count(dice.between(0, 20)));
}

OwnedJson draw_places(Dice& dice) {
  if (dice.chance(20)) return json_text("embedded");
  OwnedJson places(json_object());
  draw_places_faults(dice, places.get());
  // Often shorter than the drawn latency, so that queries time out.
  if (dice.chance(40)) put(places.get(), "timeout", fmt::format("{}ms", dice.between(50, 800)));
  return places;
}

}  // namespace sim
