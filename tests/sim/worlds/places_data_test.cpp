#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/worlds/places/place_data.h"
#include "tests/sim/worlds/places_test_support.h"

namespace sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kPlacesHeader =
    "geonameid,name,country,admin1,feature_code,population,lat,lon\n";

std::string csv(std::string_view rows) { return std::string(kPlacesHeader) + std::string(rows); }

std::string geojson(std::string_view features) {
  return "{\"type\": \"FeatureCollection\",\n\"features\": [\n" + std::string(features) + "\n]}";
}

PlaceErrors errors_of(const herd::Result<PlaceData, PlaceErrors>& result) {
  return result ? PlaceErrors{} : result.error();
}

TEST(PlacesData, TheWholeFileLoads) {
  const auto data = load_places(kCitiesFile);
  ASSERT_TRUE(data.ok()) << errors_of(data).front();
  EXPECT_THAT(data->places, SizeIs(49'420));
  EXPECT_THAT(data->attributions, ElementsAre(HasSubstr("GeoNames")));
  EXPECT_EQ(data->places.front().place_id, "geonames:10570");
  EXPECT_EQ(data->places.front().population, 90'000);
  EXPECT_EQ(data->places.front().at, (herd::GeoPoint{36.1893, 50.0643}));
}

TEST(PlacesData, CsvTakesColumnsInAnyOrderAndIgnoresMore) {
  const auto data = parse_places_csv(
      "lon,lat,note,name,population,feature_code,admin1,country,geonameid\r\n"
      "-118.5,34.5,hello,Here,12,PPL,CA,US,7\r\n",
      "f");
  ASSERT_TRUE(data.ok()) << errors_of(data).front();
  ASSERT_THAT(data->places, SizeIs(1));
  const Place& place = data->places[0];
  EXPECT_EQ(place.place_id, "geonames:7");
  EXPECT_EQ(place.name, "Here");
  EXPECT_EQ(place.country, "US");
  EXPECT_EQ(place.admin1, "CA");
  EXPECT_EQ(place.feature_code, "PPL");
  EXPECT_EQ(place.population, 12);
  EXPECT_EQ(place.at, (herd::GeoPoint{34.5, -118.5}));
}

TEST(PlacesData, CsvQuotingIsThatOfRfc4180) {
  const auto data =
      parse_places_csv("\xEF\xBB\xBF" + csv("1,\"Town, \"\"Old\"\"\nTown\",US,,,0,1,2\n"
                                            "\n"
                                            "2,\"\"\"\",US,,,0,\"1\",2"),
                       "f");
  ASSERT_TRUE(data.ok()) << errors_of(data).front();
  ASSERT_THAT(data->places, SizeIs(2));
  EXPECT_EQ(data->places[0].name, "Town, \"Old\"\nTown");
  EXPECT_EQ(data->places[1].name, "\"");
}

TEST(PlacesData, EveryBadCsvLineIsNamed) {
  struct Row {
    std::string_view name, text, want;
  };
  const Row rows[] = {
      {"id", "x,N,US,,,0,1,2\n", "f:2: geonameid: \"x\" is wrong (a whole number)"},
      {"name", "1,,US,,,0,1,2\n", "f:2: name: \"\" is wrong (a name in UTF-8)"},
      {"name not UTF-8", "1,\xff,US,,,0,1,2\n",
       "f:2: name: \"\xEF\xBF\xBD\" is wrong (a name in UTF-8)"},
      {"population", "1,N,US,,,-4,1,2\n",
       "f:2: population: \"-4\" is wrong (a number of people, as 12345)"},
      {"lat", "1,N,US,,,0,90.5,2\n",
       "f:2: lat: \"90.5\" is wrong (decimal degrees from -90 to 90)"},
      {"lon", "1,N,US,,,0,1,nan\n",
       "f:2: lon: \"nan\" is wrong (decimal degrees from -180 to 180)"},
      {"few", "1,N,US\n", "f:2: 3 fields (the header has 8)"},
      {"line after a field of two lines", "1,\"A\nB\",US,,,0,1,2\n2,,US,,,0,1,2\n",
       "f:4: name: \"\" is wrong (a name in UTF-8)"},
      {"again", "1,A,US,,,0,1,2\n1,B,US,,,0,1,2\n", "f:3: id: geonames:1 again (first on line 2)"},
      {"again after others", "9,A,US,,,0,1,2\n10,B,US,,,0,1,2\n9,C,US,,,0,1,2\n",
       "f:4: id: geonames:9 again (first on line 2)"},
      {"open quote", "1,\"A,US,,,0,1,2\n", "f:2: a quoted field that is never closed"},
      {"quote within", "1,A\"B,US,,,0,1,2\n",
       "f:2: a quote inside a field that does not begin with one"},
      {"text after quote", "1,\"A\"B,US,,,0,1,2\n", "f:2: text after a closing quote"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_THAT(errors_of(parse_places_csv(csv(row.text), "f")), ElementsAre(row.want));
  }
}

// A quotation mark that is never closed makes a name of many lines; an error is one line all the
// same.
TEST(PlacesData, AnErrorIsOneLineWhateverTheFileHolds) {
  const PlaceErrors errors =
      errors_of(parse_places_csv(csv("2,\"a\nb\x1b[2J\xff\",,,,1,0,0\n"), "f"));
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_THAT(errors[0], HasSubstr("a\\x0ab\\x1b[2J"));
}

TEST(PlacesData, CsvWithoutItsColumnsIsAnError) {
  EXPECT_THAT(errors_of(parse_places_csv("", "f")), ElementsAre(HasSubstr("f:1: empty")));
  EXPECT_THAT(
      errors_of(parse_places_csv("geonameid,name,country,admin1,feature_code,lat,lon\n", "f")),
      ElementsAre(HasSubstr("f:1: no column population")));
}

TEST(PlacesData, ManyErrorsAreCounted) {
  std::string rows;
  for (int i = 0; i < 25; ++i) rows += "x,N,US,,,0,1,2\n";
  const auto errors = errors_of(parse_places_csv(csv(rows), "f"));
  ASSERT_THAT(errors, SizeIs(21));
  EXPECT_EQ(errors.back(), "f: and 5 more");
}

TEST(PlacesData, GeoJsonPointsLoad) {
  const TestFolder folder;
  const auto file = folder.write("p.geojson", R"({"type": "FeatureCollection",
    "attribution": "<b>us</b>",
    "features": [
      {"type": "Feature", "id": 9, "geometry": {"type": "Point", "coordinates": [-118.4, 34.1, 80]},
       "properties": {"name": "Café", "country": "US", "population": 3, "extra": [1]}},
      {"type": "Feature", "id": "node/1", "geometry": {"type": "Point", "coordinates": [1, 2]},
       "properties": {"name": "B", "population": null}},
      {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]},
       "properties": {"name": "C"}}]})");
  const auto data = load_places(file);
  ASSERT_TRUE(data.ok()) << errors_of(data).front();
  ASSERT_THAT(data->places, SizeIs(3));
  EXPECT_THAT(data->attributions, ElementsAre("<b>us</b>"));
  EXPECT_EQ(data->places[0].place_id, "9");
  EXPECT_EQ(data->places[0].name, "Café");
  EXPECT_EQ(data->places[0].population, 3);
  EXPECT_EQ(data->places[0].at, (herd::GeoPoint{34.1, -118.4}));
  EXPECT_EQ(data->places[1].place_id, "node/1");
  EXPECT_EQ(data->places[2].place_id, "feature:3");
}

TEST(PlacesData, EveryBadFeatureIsNamed) {
  const std::string good =
      R"({"geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": {"name": "A"}},)"
      "\n";
  struct Row {
    std::string_view name, feature, want;
  };
  const Row rows[] = {
      {"no feature", "7", "f:4: features.1.geometry: not a Point"},
      {"line", R"({"geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}})",
       "f:4: features.1.geometry: not a Point"},
      {"no numbers", R"({"geometry": {"type": "Point", "coordinates": ["1", "2"]}})",
       "f:4: features.1.geometry.coordinates: not [longitude, latitude]"},
      {"out of range", R"({"geometry": {"type": "Point", "coordinates": [34, -118]}})",
       "f:4: features.1.geometry.coordinates: out of range (longitude from -180 to 180, latitude "
       "from -90 to 90, in this order)"},
      {"no name", R"({"geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": null})",
       "f:4: features.1.properties.name: missing (every place needs a name)"},
      {"name not text",
       R"({"geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": {"name": 1}})",
       "f:4: features.1.properties.name: not text"},
      {"population",
       R"({"geometry": {"type": "Point", "coordinates": [1, 2]},
           "properties": {"name": "A", "population": -1.5}})",
       "f:4: features.1.properties.population: not a number of people, as 12345"},
      {"id again",
       R"({"id": "feature:1", "geometry": {"type": "Point", "coordinates": [1, 2]},
           "properties": {"name": "A"}})",
       "f:4: id: feature:1 again (first on line 3)"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_THAT(errors_of(parse_places_geojson(geojson(good + std::string(row.feature)), "f")),
                ElementsAre(row.want));
  }
}

TEST(PlacesData, APopulationMayBeTextOrHaveDecimals) {
  struct Row {
    std::string_view json;
    std::optional<std::int64_t> want;
  };
  const Row rows[] = {
      {"12345", 12345},
      {"\"12345\"", 12345},
      {"\" 12345 \"", 12345},
      {"12345.0", 12345},
      {"12344.6", 12345},
      {"\"12345.0\"", 12345},
      {"1.2345e4", 12345},
      {"\"\"", 0},
      {"null", 0},
      {"9007199254740993", 9007199254740993},
      {"-1", std::nullopt},
      {"\"-99\"", std::nullopt},
      {"\"many\"", std::nullopt},
      {"\"nan\"", std::nullopt},
      {"1e300", std::nullopt},
      {"true", std::nullopt},
      {"[1]", std::nullopt},
      {"\"12 345\"", std::nullopt},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.json);
    const auto data = parse_places_geojson(
        geojson(R"({"geometry": {"type": "Point", "coordinates": [1, 2]}, "properties":
                    {"name": "A", "population": )" +
                std::string(row.json) + "}}"),
        "f");
    ASSERT_EQ(data.ok(), row.want.has_value());
    if (row.want) {
      EXPECT_EQ(data->places[0].population, *row.want);
    }
  }
  const auto table = parse_places_csv(csv("1,A,US,,,12345.0,1,2\n2,B,US,,,,1,2\n"), "f");
  ASSERT_TRUE(table.ok()) << errors_of(table).front();
  EXPECT_EQ(table->places[0].population, 12345);
  EXPECT_EQ(table->places[1].population, 0);
}

TEST(PlacesData, AByteOrderMarkIsIgnoredAndAnotherEncodingIsNamed) {
  const TestFolder folder;
  const std::string point =
      geojson(R"({"geometry": {"type": "Point", "coordinates": [1, 2]}, "properties":
                  {"name": "A"}})");
  EXPECT_TRUE(load_places(folder.write("a.geojson", "\xEF\xBB\xBF" + point)).ok());
  EXPECT_TRUE(load_places(folder.write("a.csv", "\xEF\xBB\xBF" + csv("1,A,,,,5,1,2\n"))).ok());
  for (const std::string& text : {point, csv("1,A,,,,5,1,2\n")}) {
    std::string utf16 = "\xFF\xFE";
    for (const char c : text) (utf16 += c) += '\0';
    EXPECT_THAT(errors_of(load_places(folder.write("w", utf16))),
                ElementsAre(HasSubstr(":1: is UTF-16 (little-endian) (UTF-8")));
  }
  EXPECT_THAT(errors_of(load_places(folder.write("z", "\x1F\x8B\x08"))),
              ElementsAre(HasSubstr("is compressed (gzip)")));
}

TEST(PlacesData, AColumnThatIsNeededIsNamedOnce) {
  EXPECT_THAT(errors_of(parse_places_csv(
                  "geonameid,name,country,admin1,feature_code,population,lat,lon,lat\n", "f")),
              ElementsAre("f:1: two columns lat (each needed column once)"));
}

TEST(PlacesData, OtherFilesAreErrors) {
  EXPECT_THAT(errors_of(parse_places_geojson("{\"type\":\n x}", "f")),
              ElementsAre(HasSubstr("f:2: not JSON")));
  EXPECT_THAT(errors_of(parse_places_geojson("{\"type\": \"Feature\"}", "f")),
              ElementsAre(HasSubstr("not a GeoJSON FeatureCollection")));
  EXPECT_THAT(errors_of(load_places("/nowhere/at/all.csv")),
              ElementsAre(HasSubstr("/nowhere/at/all.csv: cannot be read")));
  EXPECT_THAT(errors_of(load_places("/")), ElementsAre(HasSubstr("cannot be read")));
}

TEST(PlacesData, AnEmptyCollectionIsAValidFile) {
  const auto data = parse_places_geojson(geojson(""), "f");
  ASSERT_TRUE(data.ok());
  EXPECT_THAT(data->places, IsEmpty());
}

}  // namespace
}  // namespace sim
