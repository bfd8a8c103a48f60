#include "sim/worlds/places/place_data.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <unordered_map>
#include <utility>

#include "sim/base/json/parse_json.h"
#include "sim/base/text/csv_table.h"
#include "sim/base/text/numbers.h"
#include "sim/base/text/read_file.h"
#include "sim/base/text/text_encoding.h"
#include "sim/base/text/trimmed.h"
#include "sim/base/text/utf8.h"
#include "sim/script/spec/limits.h"
#include "sim/worlds/places/json_scan.h"

namespace sim {
namespace {

constexpr std::string_view kGeoNamesCredit =
    "Places: <a href=\"https://www.geonames.org/\">GeoNames</a>, "
    "<a href=\"https://creativecommons.org/licenses/by/4.0/\">CC BY 4.0</a>";
constexpr std::string_view kPeopleRight = "a number of people, as 12345";

// Collects errors up to a limit: a file of another kind is wrong on every line.
class ErrorList {
 public:
  explicit ErrorList(std::string_view file) : file_(file) {}

  void add(std::size_t line, std::string_view what) {
    if (errors_.size() < kMax) {
      errors_.push_back(fmt::format("{}:{}: {}", file_, line, printable(what)));
    }
    ++count_;
  }
  bool empty() const { return count_ == 0; }
  PlaceErrors take() && {
    if (count_ > kMax) errors_.push_back(fmt::format("{}: and {} more", file_, count_ - kMax));
    return std::move(errors_);
  }

 private:
  static constexpr std::size_t kMax = 20;
  std::string_view file_;
  PlaceErrors errors_;
  std::size_t count_ = 0;
};

// Place ids seen, and the lines they stand on. Holds views: the places must not move.
class UniqueIds {
 public:
  explicit UniqueIds(std::size_t expected) { lines_.reserve(expected); }
  void check(std::string_view id, std::size_t line, ErrorList& errors) {
    const auto [first, is_new] = lines_.emplace(id, line);
    if (!is_new) {
      errors.add(line, fmt::format("id: {} again (first on line {})", id, first->second));
    }
  }

 private:
  std::unordered_map<std::string_view, std::size_t> lines_;
};

// Returns a number of people, rounded; nullopt if it is negative or not finite.
std::optional<std::int64_t> people_from(double number) {
  constexpr double kMost = 1e15;  // doubles hold every whole number up to this one
  if (!(number >= 0 && number <= kMost)) return std::nullopt;
  return std::llround(number);
}

// The same for a text, which may have decimals; an unknown number, which is empty, counts as 0.
std::optional<std::int64_t> people_from(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return 0;
  if (const auto whole = read_whole<std::int64_t>(text)) {
    return *whole < 0 ? std::nullopt : whole;
  }
  const auto number = read_real(text);
  return number ? people_from(*number) : std::nullopt;
}

// False for NaN too.
bool in_range(double value, double limit) { return value >= -limit && value <= limit; }

enum Column { kId, kName, kCountry, kAdmin1, kFeatureCode, kPopulation, kLat, kLon, kColumns };
constexpr std::array<std::string_view, kColumns> kColumnNames = {
    "geonameid", "name", "country", "admin1", "feature_code", "population", "lat", "lon"};

// Returns a record as a place; nullopt, with errors, if it is none. The table gives its strings up.
std::optional<Place> read_record(CsvTable& table, ErrorList& errors) {
  const auto field = [&](Column column) -> std::string& { return table.field(column); };
  bool good = true;
  const auto wrong = [&](Column column, std::string_view right) {
    good = false;
    errors.add(table.line(),
               fmt::format("{}: \"{}\" is wrong ({})", kColumnNames[column], field(column), right));
  };
  const auto id = read_whole<std::int64_t>(field(kId));
  if (!id || *id < 0) wrong(kId, "a whole number");
  if (field(kName).empty() || !valid_utf8(field(kName))) wrong(kName, "a name in UTF-8");
  for (const Column column : {kCountry, kAdmin1, kFeatureCode}) {
    if (!valid_utf8(field(column))) wrong(column, "text in UTF-8");
  }
  const auto population = people_from(std::string_view(field(kPopulation)));
  if (!population) wrong(kPopulation, kPeopleRight);
  const auto lat = read_real(field(kLat));
  if (!lat || !in_range(*lat, 90)) wrong(kLat, "decimal degrees from -90 to 90");
  const auto lon = read_real(field(kLon));
  if (!lon || !in_range(*lon, 180)) wrong(kLon, "decimal degrees from -180 to 180");
  if (!good) return std::nullopt;
  return Place{.place_id = "geonames:" + std::to_string(*id),
               .name = std::move(field(kName)),
               .country = std::move(field(kCountry)),
               .admin1 = std::move(field(kAdmin1)),
               .feature_code = std::move(field(kFeatureCode)),
               .population = *population,
               .at = {*lat, *lon}};
}

// Compares the numbers of two ids that read_record() made.
bool is_lower(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

void check_ids(const std::vector<Place>& places, const std::vector<std::size_t>& lines,
               ErrorList& errors) {
  UniqueIds ids(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) ids.check(places[i].place_id, lines[i], errors);
}

// An optional text property; nullopt where it is there and not text.
std::optional<std::string> text_property(const json_t* properties, const char* name) {
  const json_t* value = json_object_get(properties, name);
  if (value == nullptr || json_is_null(value)) return std::string();
  if (!json_is_string(value)) return std::nullopt;
  return std::string(string_of(value));
}

std::string feature_id(const json_t* feature, std::size_t index) {
  const json_t* id = json_object_get(feature, "id");
  if (json_is_string(id) && json_string_length(id) > 0) return json_string_value(id);
  if (json_is_integer(id)) return std::to_string(json_integer_value(id));
  return "feature:" + std::to_string(index + 1);
}

// Returns the population that a feature's property holds. Other programs write it as a number,
// with or without decimals, or as text. Nullopt if it is none of these.
std::optional<std::int64_t> population_property(const json_t* value) {
  if (value == nullptr || json_is_null(value)) return 0;
  if (json_is_string(value)) return people_from(string_of(value));
  if (json_is_real(value)) return people_from(json_real_value(value));
  if (!json_is_integer(value) || json_integer_value(value) < 0) return std::nullopt;
  return json_integer_value(value);
}

// Reads one feature; returns what is wrong with it, empty where nothing is.
std::string read_feature(const json_t* feature, std::size_t index, Place& place) {
  const json_t* geometry = json_object_get(feature, "geometry");
  const json_t* type = json_object_get(geometry, "type");
  if (string_of(type) != "Point") {
    return "geometry: not a Point";
  }
  const json_t* coordinates = json_object_get(geometry, "coordinates");
  const json_t* lon = json_array_get(coordinates, 0);
  const json_t* lat = json_array_get(coordinates, 1);
  if (!json_is_number(lon) || !json_is_number(lat)) {
    return "geometry.coordinates: not [longitude, latitude]";
  }
  place.at = {json_number_value(lat), json_number_value(lon)};
  if (!in_range(place.at.lat, 90) || !in_range(place.at.lon, 180)) {
    return "geometry.coordinates: out of range (longitude from -180 to 180, latitude from -90 to "
           "90, in this order)";
  }
  const json_t* properties = json_object_get(feature, "properties");
  const std::pair<const char*, std::string*> texts[] = {{"name", &place.name},
                                                        {"country", &place.country},
                                                        {"admin1", &place.admin1},
                                                        {"feature_code", &place.feature_code}};
  for (const auto& [name, target] : texts) {
    auto text = text_property(properties, name);
    if (!text) return fmt::format("properties.{}: not text", name);
    *target = std::move(*text);
  }
  if (place.name.empty()) return "properties.name: missing (every place needs a name)";
  const auto population = population_property(json_object_get(properties, "population"));
  if (!population) return fmt::format("properties.population: not {}", kPeopleRight);
  place.population = *population;
  place.place_id = feature_id(feature, index);
  return {};
}

// The lines on which a FeatureCollection's features begin.
std::vector<std::size_t> feature_lines(std::string_view text) {
  std::vector<std::size_t> lines;
  for (const JsonMember& member : json_members(text)) {
    if (member.name != "features") continue;
    std::size_t line = 1;
    std::size_t counted = 0;
    for (const TextRange& feature : json_elements(text, member.value.begin)) {
      line += count_lines(text.substr(counted, feature.begin - counted));
      counted = feature.begin;
      lines.push_back(line);
    }
  }
  return lines;
}

}  // namespace

herd::Result<PlaceData, PlaceErrors> parse_places_csv(std::string_view text,
                                                      std::string_view file) {
  ErrorList errors(file);
  CsvTable table(text, kColumnNames);
  PlaceData data;
  std::vector<std::size_t> lines;
  bool ascending = true;
  const std::string names = fmt::format("{}", fmt::join(kColumnNames, ", "));
  if (table.is_empty()) errors.add(1, "empty (a header must name " + names + ")");
  for (const std::string_view column : table.missing()) {
    errors.add(table.line(), fmt::format("no column {} (the header must name {})", column, names));
  }
  for (const std::string_view column : table.repeated()) {
    errors.add(table.line(), fmt::format("two columns {} (each needed column once)", column));
  }
  constexpr std::size_t kLeastRecord = 13;  // bytes, as "1,A,,,,,2,3\r\n"
  data.places.reserve(std::min(count_lines(text), text.size() / kLeastRecord));
  while (table.next()) {
    if (table.size() != table.width()) {
      errors.add(table.line(),
                 fmt::format("{} fields (the header has {})", table.size(), table.width()));
    } else if (auto place = read_record(table, errors)) {
      ascending &= data.places.empty() || is_lower(data.places.back().place_id, place->place_id);
      data.places.push_back(std::move(*place));
      lines.push_back(table.line());
    }
  }
  if (!table.error().empty()) errors.add(table.line(), table.error());
  if (!ascending) check_ids(data.places, lines, errors);  // else each comes once
  if (!errors.empty()) return std::move(errors).take();
  data.attributions.emplace_back(kGeoNamesCredit);
  return data;
}

herd::Result<PlaceData, PlaceErrors> parse_places_geojson(std::string_view text,
                                                          std::string_view file) {
  ErrorList errors(file);
  json_error_t json_error;
  const OwnedJson json = parse_json(text, JSON_REJECT_DUPLICATES, &json_error);
  if (!json) {
    errors.add(static_cast<std::size_t>(std::max(1, json_error.line)),
               fmt::format("not JSON: {}", json_error.text));
    return std::move(errors).take();
  }
  const json_t* type = json_object_get(json.get(), "type");
  const json_t* features = json_object_get(json.get(), "features");
  if (string_of(type) != "FeatureCollection" || !json_is_array(features)) {
    errors.add(1,
               "not a GeoJSON FeatureCollection (\"type\": \"FeatureCollection\" and an array "
               "\"features\")");
    return std::move(errors).take();
  }
  const std::vector<std::size_t> lines = feature_lines(text);
  PlaceData data;
  data.places.resize(json_array_size(features));
  UniqueIds ids(data.places.size());
  for (std::size_t i = 0; i < data.places.size(); ++i) {
    Place& place = data.places[i];
    const std::string wrong = read_feature(json_array_get(features, i), i, place);
    if (wrong.empty()) {
      ids.check(place.place_id, lines[i], errors);
    } else {
      errors.add(lines[i], fmt::format("features.{}.{}", i, wrong));
    }
  }
  if (!errors.empty()) return std::move(errors).take();
  const json_t* credit = json_object_get(json.get(), "attribution");
  if (json_is_string(credit)) data.attributions.emplace_back(json_string_value(credit));
  return data;
}

namespace {

herd::Result<PlaceData, PlaceErrors> parse_places(
    const herd::Result<std::string, FileFault>& content, const std::string& file) {
  if (!content) {
    return PlaceErrors{
        fmt::format("{}: {} (a CSV or GeoJSON file of places)", file, content.error().what)};
  }
  if (const auto encoding = foreign_encoding(*content)) {
    return PlaceErrors{fmt::format("{}:1: {} ({})", file, encoding->wrong, encoding->right)};
  }
  const std::string_view text = without_byte_order_mark(*content);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string_view::npos && text[first] == '{';
  return is_json ? parse_places_geojson(text, file) : parse_places_csv(text, file);
}

}  // namespace

herd::Result<PlaceData, PlaceErrors> load_places(const std::string& file) {
  return parse_places(read_regular_file(file, kMaxDataBytes), file);
}

herd::Result<PlaceData, PlaceErrors> load_named_places(const std::string& file) {
  return parse_places(read_named_input(file, kMaxDataBytes), file);
}

}  // namespace sim
