#include "sim/script/mobility/group_tracks.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "sim/script/traces/parse_trace.h"
#include "sim/script/traces/trace_data.h"
#include "tests/sim/script/test_places.h"

namespace sim {
namespace {

using namespace std::chrono_literals;

ClientGroup group_of(std::string id, std::uint32_t count, Mobility mobility) {
  ClientGroup group;
  group.id = std::move(id);
  group.count = count;
  group.mobility = std::move(mobility);
  return group;
}

RandomWaypointMobility random_waypoint() {
  RandomWaypointMobility out;
  out.area = kCity;
  out.speed_mps = {1, 2};
  return out;
}

GaussMarkovMobility gauss_markov() {
  GaussMarkovMobility out;
  out.area = kCity;
  out.speed_mps = 1;
  return out;
}

LevyWalkMobility levy_walk() {
  LevyWalkMobility out;
  out.area = kCity;
  out.speed_mps = 1;
  out.flight_m = {10, 500};
  return out;
}

std::vector<TrackPoint> knots(const ClientGroup& group, std::uint32_t n, std::uint64_t seed = 1) {
  return GroupTracks(group, seed, 10min).of(n)->knots(10min);
}

TEST(GroupTracks, EachMemberOfARandomModelGoesItsOwnWay) {
  for (const Mobility& mobility :
       {Mobility(random_waypoint()), Mobility(gauss_markov()), Mobility(levy_walk())}) {
    SCOPED_TRACE(mobility.index());
    const ClientGroup group = group_of("p-{n}", 3, mobility);
    EXPECT_NE(knots(group, 0), knots(group, 1));
    EXPECT_NE(knots(group, 1), knots(group, 2));
    EXPECT_NE(knots(group, 1, 1), knots(group, 1, 2));
  }
}

// A member's track depends on its id and the seed, but not on its group or on earlier calls.
TEST(GroupTracks, DependOnTheIdAlone) {
  for (const Mobility& mobility :
       {Mobility(random_waypoint()), Mobility(gauss_markov()), Mobility(levy_walk())}) {
    SCOPED_TRACE(mobility.index());
    const ClientGroup few = group_of("p-{n}", 2, mobility), many = group_of("p-{n}", 50, mobility);
    EXPECT_EQ(knots(few, 1), knots(many, 1));
    EXPECT_EQ(knots(group_of("p-1", 1, mobility), 0), knots(many, 1));
    GroupTracks tracks(many, 1, 10min);
    for (const std::uint32_t n : {0U, 49U, 1U, 1U, 7U}) {
      EXPECT_EQ(tracks.of(n)->knots(10min), knots(many, n)) << n;
    }
  }
}

TEST(GroupTracks, StartWhereTheGroupIsToldTo) {
  for (const Mobility& mobility :
       {Mobility(random_waypoint()), Mobility(gauss_markov()), Mobility(levy_walk())}) {
    ClientGroup group = group_of("p-{n}", 2, mobility);
    group.start = {34.05, -118.45};
    EXPECT_NE(knots(group, 0)[0].point, group.start);
    EXPECT_NE(knots(group, 0)[0].point, knots(group, 1)[0].point);
    group.start_given = true;
    EXPECT_EQ(knots(group, 0)[0].point, group.start);
    EXPECT_EQ(knots(group, 1)[0].point, group.start);
  }
}

TEST(GroupTracks, StillAndWaypointsShareOneWay) {
  ClientGroup group = group_of("p-{n}", 2, StillMobility{});
  group.start = {1, 2};
  EXPECT_EQ(GroupTracks(group, 1, 1min).of(1)->at(30s), group.start);
  group.mobility = WaypointMobility{{{3, 4}}, 10, false};
  GroupTracks tracks(group, 1, 1min);
  EXPECT_EQ(tracks.of(0), tracks.of(1));
  EXPECT_NEAR(herd::distance_m(group.start, tracks.of(1)->at(30s)), 300, 1e-6);
}

TEST(GroupTracks, TakeATraceByIdOrByPlace) {
  auto trace = parse_trace(
      "time_s,client,lat,lon\n"
      "0,a,1,1\n0,p-2,2,2\n0,b,3,3\n10,b,3,4\n");
  ASSERT_TRUE(trace.ok());
  const TraceMobility mobility{std::make_shared<const TraceData>(std::move(*trace))};
  const ClientGroup group = group_of("p-{n}", 3, mobility);
  GroupTracks tracks(group, 1, 1min);
  EXPECT_EQ(tracks.of(0)->at(5s), (GeoPoint{1, 1}));  // the first client of the file
  EXPECT_EQ(tracks.of(1)->at(5s), (GeoPoint{2, 2}));  // the second client
  EXPECT_EQ(tracks.of(2)->at(5s), (GeoPoint{2, 2}));  // the client with its id
  const ClientGroup one = group_of("b", 1, mobility);
  GroupTracks b(one, 1, 1min);
  EXPECT_NEAR(b.of(0)->at(5s).lon, 3.5, 1e-9);
  EXPECT_EQ(b.of(0)->at(50s), (GeoPoint{3, 4}));
}

}  // namespace
}  // namespace sim
