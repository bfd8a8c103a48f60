#include "sim/app/sweep/sweep.h"

namespace sim {

std::size_t Sweep::points() const {
  std::size_t points = 1;
  for (const SweptKey& key : keys) points *= key.values.size();
  return points;
}

std::vector<std::size_t> Sweep::choice(std::size_t point) const {
  std::vector<std::size_t> choice(keys.size());
  for (std::size_t k = keys.size(); k-- > 0;) {
    choice[k] = point % keys[k].values.size();
    point /= keys[k].values.size();
  }
  return choice;
}

std::size_t Sweep::keys_but_seed() const {
  const bool seed_swept = !keys.empty() && keys.back().path == kSeedKey;
  return keys.size() - (seed_swept ? 1 : 0);
}

std::size_t Sweep::seeds() const {
  return keys_but_seed() < keys.size() ? keys.back().values.size() : 1;
}

std::string Sweep::describe(std::size_t point) const {
  const std::vector<std::size_t> chosen = choice(point);
  std::string out;
  for (std::size_t k = 0; k < keys.size(); ++k) {
    if (k > 0) out += ", ";
    out += keys[k].path + " = " + keys[k].values[chosen[k]].shown;
  }
  return out;
}

}  // namespace sim
