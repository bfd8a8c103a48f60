#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "sim/base/json/parse_json.h"
#include "sim/worlds/places/nearby_search.h"
#include "sim/worlds/places/places_faults.h"
#include "tests/sim/worlds/places_test_support.h"

namespace sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using Query = std::vector<QueryParameter>;

const QueryParameter kAtUcla{"location", "34.068930,-118.445127"};

struct Parsed {
  std::string status, error_message, next_page_token;
  std::vector<std::string> names, ids, attributions;
  OwnedJson json;
};

std::string text(const json_t* object, const char* name) {
  return std::string(string_of(json_object_get(object, name)));
}

Parsed parse(const SearchAnswer& answer) {
  EXPECT_EQ(answer.http_status, 200);
  Parsed out;
  out.json = parse_json(answer.body);
  EXPECT_NE(out.json, nullptr) << answer.body;
  out.status = text(out.json.get(), "status");
  out.error_message = text(out.json.get(), "error_message");
  out.next_page_token = text(out.json.get(), "next_page_token");
  std::size_t i = 0;
  json_t* each = nullptr;
  json_array_foreach(json_object_get(out.json.get(), "results"), i, each) {
    out.names.push_back(text(each, "name"));
    out.ids.push_back(text(each, "place_id"));
  }
  json_array_foreach(json_object_get(out.json.get(), "html_attributions"), i, each) {
    out.attributions.emplace_back(json_string_value(each));
  }
  return out;
}

Parsed search(const Query& query, const std::string& key = {}, herd::Duration now = {}) {
  return parse(nearby_search(cities(), {.key = key, .now = now}, query));
}

TEST(PlacesSearch, AroundUclaByProminence) {
  const Parsed found = search({kAtUcla, {"radius", "10000"}});
  EXPECT_EQ(found.status, "OK");
  EXPECT_EQ(found.error_message, "");
  EXPECT_EQ(found.next_page_token, "");
  EXPECT_THAT(found.attributions, ElementsAre(HasSubstr("GeoNames")));
  EXPECT_GE(found.names.size(), 10U);
  EXPECT_LE(found.names.size(), 12U);
  EXPECT_THAT(found.names, testing::IsSupersetOf({"Westwood", "Century City", "Beverly Hills"}));
  const json_t* first = json_array_get(json_object_get(found.json.get(), "results"), 0);
  double lat = 0;
  double lng = 0;
  const char* type = nullptr;
  ASSERT_EQ(json_unpack(const_cast<json_t*>(first), "{s:{s:{s:F, s:F}}, s:[s]}", "geometry",
                        "location", "lat", &lat, "lng", &lng, "types", &type),
            0);
  EXPECT_LE(herd::distance_m(kUcla, {lat, lng}), 10'000);
  EXPECT_THAT(type, testing::AnyOf(testing::StrEq("locality"), testing::StrEq("neighborhood")));
  EXPECT_EQ(text(first, "vicinity"), "CA, US");
  EXPECT_EQ(text(first, "reference"), text(first, "place_id"));
}

TEST(PlacesSearch, CoordinatesAreSpeltAsInTheData) {
  const auto answer = nearby_search(cities(), {}, {kAtUcla, {"radius", "2500"}});
  EXPECT_THAT(answer.body, HasSubstr("\"lat\" : 34.05612"));
  EXPECT_THAT(answer.body, HasSubstr("\"lng\" : -118.43063"));
}

TEST(PlacesSearch, ByDistanceTheNearestComesFirst) {
  const Parsed found = search({kAtUcla, {"rankby", "distance"}, {"keyword", "us"}});
  ASSERT_THAT(found.names, SizeIs(20));
  EXPECT_EQ(found.names[0], "Westwood");
  EXPECT_EQ(found.names[1], "Century City");
  EXPECT_EQ(found.names[2], "Beverly Hills");
}

TEST(PlacesSearch, WhatIsWrongIsSaid) {
  struct Row {
    const char* name;
    Query query;
    const char* message;
  };
  const Row rows[] = {
      {"nothing", {}, "location"},
      {"no location", {{"radius", "10"}}, "location"},
      {"one number", {{"location", "34"}, {"radius", "10"}}, "location"},
      {"no numbers", {{"location", "here,there"}, {"radius", "10"}}, "location"},
      {"trailing text", {{"location", "34,-118x"}, {"radius", "10"}}, "location"},
      {"out of range", {{"location", "91,0"}, {"radius", "10"}}, "location"},
      {"not a number", {{"location", "nan,0"}, {"radius", "10"}}, "location"},
      {"no radius", {kAtUcla}, "radius"},
      {"radius 0", {kAtUcla, {"radius", "0"}}, "radius"},
      {"negative radius", {kAtUcla, {"radius", "-5"}}, "radius"},
      {"no number for radius", {kAtUcla, {"radius", "10km"}}, "radius"},
      {"NaN for radius", {kAtUcla, {"radius", "nan"}}, "radius"},
      {"radius with rankby=distance",
       {kAtUcla, {"rankby", "distance"}, {"radius", "10"}, {"type", "locality"}},
       "must not be given with rankby=distance"},
      {"rankby=distance alone", {kAtUcla, {"rankby", "distance"}}, "needs one of"},
      {"unknown rank", {kAtUcla, {"rankby", "fame"}, {"radius", "10"}}, "rankby"},
      {"keyword not UTF-8", {kAtUcla, {"radius", "10"}, {"keyword", "\xff"}}, "UTF-8"},
      {"bad token", {{"pagetoken", "xyz"}}, "pagetoken"},
      {"empty token", {{"pagetoken", ""}}, "pagetoken"},
      {"token of other JSON", {{"pagetoken", "7b7d"}}, "pagetoken"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Parsed found = search(row.query);
    EXPECT_EQ(found.status, "INVALID_REQUEST");
    EXPECT_THAT(found.error_message, HasSubstr(row.message));
    EXPECT_TRUE(json_is_array(json_object_get(found.json.get(), "results")));
    EXPECT_THAT(found.names, IsEmpty());
  }
}

TEST(PlacesSearch, LocationsMayCarryPlusSignsAndSpaces) {
  for (const char* location : {"+34.068930,-118.445127", " 34.068930, -118.445127 "}) {
    EXPECT_EQ(search({{"location", location}, {"radius", "10000"}}).status, "OK") << location;
  }
}

TEST(PlacesSearch, NothingThereIsZeroResults) {
  const Parsed found = search({{"location", "0,-140"}, {"radius", "50000"}});
  EXPECT_EQ(found.status, "ZERO_RESULTS");
  EXPECT_THAT(found.names, IsEmpty());
  for (const char* name : {"opennow", "minprice", "maxprice"}) {
    EXPECT_EQ(search({kAtUcla, {"radius", "10000"}, {name, ""}}).status, "ZERO_RESULTS") << name;
  }
}

TEST(PlacesSearch, TheRadiusIsClampedTo50Km) {
  const auto far = search({kAtUcla, {"radius", "1e9"}, {"keyword", "beach"}});
  const auto near = search({kAtUcla, {"radius", "50000"}, {"keyword", "beach"}});
  EXPECT_EQ(far.ids, near.ids);
  EXPECT_FALSE(near.ids.empty());
}

TEST(PlacesSearch, TypeAndKeywordNarrow) {
  const Query around{kAtUcla, {"radius", "10000"}};
  const auto with = [&](std::vector<QueryParameter> more) {
    more.insert(more.begin(), around.begin(), around.end());
    return search(more);
  };
  const auto all = with({}).names;
  const auto towns = with({{"type", "locality"}}).names;
  const auto quarters = with({{"type", "neighborhood"}}).names;
  EXPECT_FALSE(towns.empty());
  EXPECT_FALSE(quarters.empty());
  EXPECT_EQ(towns.size() + quarters.size(), all.size());
  EXPECT_THAT(with({{"type", "political"}}).names, SizeIs(all.size()));
  EXPECT_EQ(with({{"type", "locality|neighborhood"}}).names, towns);
  EXPECT_THAT(with({{"type", "locality,neighborhood"}}).names, SizeIs(all.size()));
  EXPECT_EQ(with({{"type", "casino"}}).status, "ZERO_RESULTS");
  EXPECT_THAT(with({{"keyword", "WESTWOOD"}}).names, ElementsAre("Westwood"));
  EXPECT_THAT(with({{"keyword", "hills beverly"}}).names, ElementsAre("Beverly Hills"));
  EXPECT_THAT(with({{"name", "hills"}, {"keyword", "beverly"}}).names,
              ElementsAre("Beverly Hills"));
  EXPECT_THAT(with({{"keyword", "locality"}}).names, testing::ElementsAreArray(towns));
  EXPECT_EQ(with({{"keyword", "westwood"}, {"type", "locality"}}).status, "ZERO_RESULTS");
}

TEST(PlacesSearch, PagesHoldTwentyAndSixtyInAll) {
  const Query query{{"location", "34.05,-118.25"}, {"radius", "50000"}};
  const auto everything = cities().within({34.05, -118.25}, 50'000, PlaceOrder::kProminence);
  ASSERT_GT(everything.size(), 60U);
  std::vector<std::string> ids;
  Parsed page = search(query);
  for (int i = 1;; ++i) {
    EXPECT_THAT(page.ids, SizeIs(20));
    ids.insert(ids.end(), page.ids.begin(), page.ids.end());
    if (page.next_page_token.empty()) break;
    ASSERT_LT(i, 3);
    // Everything else is in the token.
    page = search({{"pagetoken", page.next_page_token}, {"radius", "1"}}, "", i * kPageTokenDelay);
  }
  ASSERT_THAT(ids, SizeIs(60));
  for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(ids[i], everything[i].place->place_id);
}

TEST(PlacesSearch, ATokenKeepsTheWholeSearch) {
  const Query query{
      {"location", "34.05,-118.25"}, {"rankby", "distance"}, {"name", "n"}, {"type", "locality"}};
  const Parsed first = search(query);
  ASSERT_NE(first.next_page_token, "");
  const Parsed second = search({{"pagetoken", first.next_page_token}}, "", kPageTokenDelay);
  EXPECT_EQ(second.status, "OK");
  for (const std::string& id : second.ids) EXPECT_THAT(first.ids, Not(testing::Contains(id)));
  for (const std::string& name : second.names) {
    EXPECT_NE(name.find_first_of("nN"), std::string::npos) << name;
  }
}

TEST(PlacesSearch, ATokenIsNotValidAtOnce) {
  using namespace std::chrono_literals;
  const herd::Duration given = 1h;
  const Parsed first = search({{"location", "34.05,-118.25"}, {"radius", "50000"}}, "", given);
  const Query next{{"pagetoken", first.next_page_token}};
  for (const herd::Duration now : {given, given + kPageTokenDelay - 1ns, given - 1ns, 0ns}) {
    const Parsed page = search(next, "", now);
    EXPECT_EQ(page.status, "INVALID_REQUEST");
    EXPECT_THAT(page.error_message, HasSubstr("not valid yet"));
    EXPECT_THAT(page.ids, IsEmpty());
  }
  EXPECT_EQ(search(next, "", given + kPageTokenDelay).status, "OK");
  EXPECT_EQ(search(next, "", given + 24h).status, "OK");
}

TEST(PlacesSearch, TheKeyIsCheckedWhereThereIsOne) {
  Query query{kAtUcla, {"radius", "10000"}};
  Parsed found = search(query, "secret");
  EXPECT_EQ(found.status, "REQUEST_DENIED");
  EXPECT_THAT(found.error_message, HasSubstr("missing"));
  query.push_back({"key", "guess"});
  found = search(query, "secret");
  EXPECT_EQ(found.status, "REQUEST_DENIED");
  EXPECT_THAT(found.error_message, Not(HasSubstr("secret")));
  query.back().value = "secret";
  EXPECT_EQ(search(query, "secret").status, "OK");
  EXPECT_EQ(search(query).status, "OK");
}

TEST(PlacesSearch, OverQuotaLooksLikeGoogles) {
  const Parsed found = parse(over_query_limit());
  EXPECT_EQ(found.status, "OVER_QUERY_LIMIT");
  EXPECT_NE(found.error_message, "");
}

TEST(PlacesFaults, ComeFromTheSeedAtTheirRates) {
  PlacesFaultSource source({.fail = 0.1, .cut = 0.01}, 5);
  PlacesFaultSource twin({.fail = 0.1, .cut = 0.01}, 5);
  int failed = 0;
  int cut = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto draw = source.next();
    EXPECT_EQ(draw.fault, twin.next().fault);
    failed += draw.fault == PlacesFault::kFail ? 1 : 0;
    cut += draw.fault == PlacesFault::kCut ? 1 : 0;
  }
  EXPECT_NEAR(failed, 1000, 150);
  EXPECT_NEAR(cut, 90, 45);
  EXPECT_EQ(source.requests(), 10'000U);
}

TEST(PlacesFaults, OneRateLeavesTheOtherAlone) {
  PlacesFaultSource both({.fail = 0.2, .cut = 0.2}, 3);
  PlacesFaultSource only({.cut = 0.2}, 3);
  for (int i = 0; i < 1000; ++i) {
    const auto fault = both.next().fault;
    const auto other = only.next().fault;
    if (fault != PlacesFault::kFail) {
      EXPECT_EQ(fault, other);
    }
  }
}

TEST(PlacesFaults, TheQuotaCountsFromTheStart) {
  PlacesFaultSource source({.quota = 2}, 1);
  EXPECT_EQ(source.next().fault, PlacesFault::kNone);
  EXPECT_EQ(source.next().fault, PlacesFault::kNone);
  EXPECT_EQ(source.next().fault, PlacesFault::kOverQuota);
  source.set({});
  EXPECT_EQ(source.next().fault, PlacesFault::kNone);
  source.set({.quota = 0});
  EXPECT_EQ(source.next().fault, PlacesFault::kOverQuota);
}

}  // namespace
}  // namespace sim
