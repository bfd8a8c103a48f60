#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <set>
#include <string>
#include <vector>

#include "core/random.h"
#include "sim/worlds/places/place_index.h"
#include "tests/sim/worlds/places_test_support.h"

namespace sim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The angle between two vectors, by their cross and dot products: not the formula that the index
// trusts.
double angle_distance_m(herd::GeoPoint a, herd::GeoPoint b) {
  const auto vector = [](herd::GeoPoint p) {
    const double lat = p.lat * std::numbers::pi / 180;
    const double lon = p.lon * std::numbers::pi / 180;
    return std::array<double, 3>{std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon),
                                 std::sin(lat)};
  };
  const auto u = vector(a);
  const auto v = vector(b);
  const double dot = u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
  const double cross =
      std::hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]);
  return std::atan2(cross, dot) * 6371008.8;
}

std::vector<std::string> names(const std::vector<NearPlace>& found) {
  std::vector<std::string> out;
  out.reserve(found.size());
  for (const NearPlace& near : found) out.push_back(near.place->name);
  return out;
}

// Compares a query with every place looked at one by one. Places within a millimetre of the rim may
// fall on either side of it.
void check_against_all(const PlaceIndex& index, herd::GeoPoint center, double radius_m) {
  SCOPED_TRACE(herd::format_location(center) + " within " + std::to_string(radius_m));
  const auto found = index.within(center, radius_m, PlaceOrder::kDistance);
  std::set<std::string> ids;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double distance = angle_distance_m(center, found[i].place->at);
    EXPECT_NEAR(found[i].distance_m, distance, 0.01 + distance * 1e-7);
    EXPECT_LE(found[i].distance_m, radius_m);
    EXPECT_TRUE(ids.insert(found[i].place->place_id).second);
    if (i > 0) {
      EXPECT_LE(found[i - 1].distance_m, found[i].distance_m);
    }
  }
  std::size_t inside = 0;
  for (const Place& place : index.data().places) {
    const double distance = angle_distance_m(center, place.at);
    if (distance > radius_m - 0.001) continue;
    ++inside;
    EXPECT_TRUE(ids.contains(place.place_id)) << place.name << " at " << distance;
  }
  EXPECT_LE(found.size() - std::min(found.size(), inside), 1U);

  const auto prominent = index.within(center, radius_m, PlaceOrder::kProminence);
  EXPECT_EQ(prominent.size(), found.size());
  for (std::size_t i = 1; i < prominent.size(); ++i) {
    const NearPlace& a = prominent[i - 1];
    const NearPlace& b = prominent[i];
    EXPECT_GE(a.place->population, b.place->population);
    if (a.place->population == b.place->population) {
      EXPECT_LE(a.distance_m, b.distance_m);
    }
  }
}

TEST(PlacesIndex, AroundUclaAsKnown) {
  const auto found = cities().within(kUcla, 10'000, PlaceOrder::kDistance);
  EXPECT_GE(found.size(), 10U);
  EXPECT_LE(found.size(), 12U);
  ASSERT_GE(found.size(), 3U);
  EXPECT_THAT(names({found.begin(), found.begin() + 3}),
              ElementsAre("Westwood", "Century City", "Beverly Hills"));
  for (const NearPlace& near : found) EXPECT_LE(angle_distance_m(kUcla, near.place->at), 10'000);
}

TEST(PlacesIndex, AgreesWithLookingAtEveryPlace) {
  const double radii[] = {500, 10'000, 50'000};
  herd::Random random(7, "places");
  for (int i = 0; i < 60; ++i) {
    const double lat = std::asin(2 * random.uniform() - 1) * 180 / std::numbers::pi;
    check_against_all(cities(), {lat, random.uniform() * 360 - 180}, radii[i % 3]);
  }
  for (int i = 0; i < 40; ++i) {  // where people are
    const auto& places = cities().data().places;
    check_against_all(cities(), places[random.below(places.size())].at, radii[i % 3]);
  }
}

TEST(PlacesIndex, AgreesAtTheAntimeridianAndThePoles) {
  PlaceData data;
  herd::Random random(8, "places");
  for (int i = 0; i < 4000; ++i) {
    Place place;
    place.place_id = std::to_string(i);
    place.name = place.place_id;
    place.population = static_cast<std::int64_t>(random.below(20));
    const double near = random.uniform() * 2 - 1;
    const double far = random.uniform() * 360 - 180;
    switch (i % 4) {
      case 0:
        place.at = {near, near > 0 ? 180 - near / 2 : -180 - near / 2};
        break;
      case 1:
        place.at = {90 - std::abs(near), far};
        break;
      case 2:
        place.at = {-90 + std::abs(near), far};
        break;
      default:
        place.at = {near * 90, i % 8 == 3 ? 180.0 : -180.0};
        break;
    }
    data.places.push_back(place);
  }
  const PlaceIndex index(std::move(data));
  for (const herd::GeoPoint center : {herd::GeoPoint{0, 180},
                                      {0, -180},
                                      {0.2, 179.99},
                                      {-0.2, -179.99},
                                      {90, 0},
                                      {90, 123},
                                      {-90, 0},
                                      {-89.9, -60},
                                      {89.9, 180},
                                      {45, -180}}) {
    for (const double radius : {0.0, 1'000.0, 20'000.0, 100'000.0}) {
      check_against_all(index, center, radius);
    }
  }
  // The two spellings of the antimeridian are one line.
  EXPECT_EQ(index.within({0, 180}, 50'000, PlaceOrder::kDistance).size(),
            index.within({0, -180}, 50'000, PlaceOrder::kDistance).size());
}

TEST(PlacesIndex, AWholeEarthHoldsEverything) {
  EXPECT_THAT(cities().within(kUcla, 21e6, PlaceOrder::kDistance), SizeIs(49'420));
}

TEST(PlacesIndex, APlaceIsWithinZeroMetresOfItself) {
  const Place& place = cities().data().places.front();
  const auto found = cities().within(place.at, 0, PlaceOrder::kDistance);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].place, &place);
}

TEST(PlacesIndex, AnEmptyIndexFindsNothing) {
  const PlaceIndex index(PlaceData{});
  EXPECT_THAT(index.within({0, 0}, 50'000, PlaceOrder::kDistance), IsEmpty());
}

TEST(PlacesIndex, TiesGoByPlaceId) {
  PlaceData data;
  for (const char* id : {"c", "a", "b"}) {
    Place place;
    place.place_id = place.name = id;
    place.at = {10, 20};
    data.places.push_back(place);
  }
  const PlaceIndex index(std::move(data));
  EXPECT_THAT(names(index.within({10, 20}, 1, PlaceOrder::kDistance)), ElementsAre("a", "b", "c"));
  EXPECT_THAT(names(index.within({10, 20}, 1, PlaceOrder::kProminence)),
              ElementsAre("a", "b", "c"));
}

}  // namespace
}  // namespace sim
