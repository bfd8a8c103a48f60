#include "sim/script/plan/server_sites.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/random.h"

namespace sim {
namespace {

using herd::GeoPoint;
using testing::ElementsAre;

HerdSpec herd_at(const std::vector<GeoPoint>& points) {
  HerdSpec herd;
  for (std::size_t i = 0; i < points.size(); ++i) {
    ServerSpec& server = herd.servers.emplace_back();
    server.name = "S" + std::to_string(i);
    server.at = points[i];
  }
  return herd;
}

TEST(ServerSites, FindsTheNearest) {
  const ServerSites sites(herd_at({{34.07, -118.45}, {34.02, -118.49}, {33.94, -118.41}}));
  EXPECT_EQ(sites.nearest({34.08, -118.45}), 0U);
  EXPECT_EQ(sites.nearest({34.01, -118.49}), 1U);
  EXPECT_EQ(sites.nearest({-34, 62}), 1U);  // from its antipode the farthest server is the nearest
  EXPECT_EQ(sites.nearest_but(0, {34.08, -118.45}), 1U);
  EXPECT_THAT(sites.by_distance({34.08, -118.45}), ElementsAre(0, 1, 2));
  EXPECT_THAT(sites.by_distance({33.94, -118.41}), ElementsAre(2, 1, 0));
  EXPECT_EQ(sites.distance_m(1, {34.02, -118.49}), 0);
  EXPECT_EQ(sites.distance_m(0, {0, 0}), herd::distance_m({34.07, -118.45}, {0, 0}));
}

TEST(ServerSites, KnowsTheAntimeridianAndThePoles) {
  const ServerSites sites(herd_at({{0, 170}, {0, -179}, {89, 0}, {89, 90}}));
  EXPECT_EQ(sites.nearest({0, 179}), 1U);
  EXPECT_EQ(sites.nearest({0, 174}), 0U);
  EXPECT_EQ(sites.nearest({88, 170}), 3U);
}

TEST(ServerSites, OfEqualsTheFirstListedIsTheNearest) {
  // Two servers at one place, two equally far to the east and to the west, and many at one place.
  EXPECT_EQ(ServerSites(herd_at({{1, 1}, {0, 0}, {0, 0}})).nearest({0, 0}), 1U);
  EXPECT_EQ(ServerSites(herd_at({{0, 1}, {0, -1}})).nearest({0, 0}), 0U);
  EXPECT_EQ(ServerSites(herd_at({{0, -1}, {0, 1}})).nearest({0, 0}), 0U);
  std::vector<GeoPoint> many(100, GeoPoint{10, 20});
  many.insert(many.begin(), {10.5, 20});
  const ServerSites sites(herd_at(many));
  EXPECT_EQ(sites.nearest({10, 20.1}), 1U);
  EXPECT_EQ(sites.nearest_but(1, {10, 20.1}), 2U);
  EXPECT_THAT(sites.by_distance({10, 20}), testing::Contains(0U));
  EXPECT_EQ(sites.by_distance({10, 20}).front(), 1U);
  EXPECT_EQ(sites.by_distance({10, 20}).back(), 0U);
}

TEST(ServerSites, FindsWhatLookingAtEachOneFinds) {
  herd::Random random(5, "sites");
  const auto anywhere = [&] {
    return GeoPoint{std::asin(2 * random.uniform() - 1) * 180 / 3.14159265358979,
                    random.uniform() * 360 - 180};
  };
  for (const std::size_t servers : {1U, 2U, 5U, 17U, 200U}) {
    std::vector<GeoPoint> points;
    for (std::size_t i = 0; i < servers; ++i) points.push_back(anywhere());
    const ServerSites sites(herd_at(points));
    for (int i = 0; i < 200; ++i) {
      const GeoPoint here = anywhere();
      const auto nearer = [&](std::uint32_t a, std::uint32_t b) {
        return herd::distance_m(points[a], here) < herd::distance_m(points[b], here);
      };
      std::vector<std::uint32_t> order(servers);
      for (std::uint32_t s = 0; s < servers; ++s) order[s] = s;
      std::stable_sort(order.begin(), order.end(), nearer);
      EXPECT_EQ(sites.nearest(here), order[0]);
      EXPECT_EQ(sites.by_distance(here), order);
      if (servers < 2) continue;
      EXPECT_EQ(sites.nearest_but(order[0], here), order[1]);
      EXPECT_EQ(sites.nearest_but(order[1], here), order[0]);
    }
  }
}

}  // namespace
}  // namespace sim
