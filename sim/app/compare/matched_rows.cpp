#include "sim/app/compare/matched_rows.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

namespace sim {
namespace {

struct Spot {
  std::string point, herd;
  SeedRows rows;
};

// Returns the rows of these herds by point and herd, in the order of the file.
std::vector<Spot> spots_of(const ComparedSide& side, const std::vector<std::string>& herds) {
  std::vector<Spot> spots;
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  for (const ComparedRow& row : side.rows) {
    if (std::find(herds.begin(), herds.end(), row.herd) == herds.end()) continue;
    const auto [at, is_new] = places.try_emplace({row.point, row.herd}, spots.size());
    if (is_new) spots.push_back({row.point, row.herd, {}});
    spots[at->second].rows.push_back(&row);
  }
  return spots;
}

std::string words_of_spot(const Spot& spot) {
  return "herd " + spot.herd + (spot.point.empty() ? "" : " at " + spot.point);
}

}  // namespace

Matching match_rows(const ComparedSide& base, const ComparedSide& other) {
  const std::vector<std::string> base_herds = herds_against(base, other);
  const std::vector<std::string> other_herds = herds_against(other, base);
  const bool one_herd_each = base_herds.size() == 1 && other_herds.size() == 1;
  const auto key_of = [&](const Spot& spot) {
    return std::pair(spot.point, one_herd_each ? std::string() : spot.herd);
  };
  Matching matching;
  std::vector<Spot> others = spots_of(other, other_herds);
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  for (std::size_t i = 0; i < others.size(); ++i) places.emplace(key_of(others[i]), i);
  for (Spot& spot : spots_of(base, base_herds)) {
    const auto at = places.find(key_of(spot));
    if (at == places.end()) {
      matching.only_base.push_back(words_of_spot(spot));
      continue;
    }
    Spot& match = others[at->second];
    matching.matches.push_back({spot.point, spot.herd, match.herd, spot.rows, match.rows});
    match.rows.clear();
  }
  for (const Spot& spot : others) {
    if (!spot.rows.empty()) matching.only_other.push_back(words_of_spot(spot));
  }
  return matching;
}

}  // namespace sim
