#include "sim/measure/report/pack_columns.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <unordered_map>

#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/text/numbers.h"

namespace sim {
namespace {

constexpr std::int64_t kScale = 1000;  // of columns with up to three decimals

using Cells = std::vector<std::string_view>;

std::string pack_words(const Cells& cells) {
  std::unordered_map<std::string_view, std::size_t> places;
  std::string words, at;
  for (const std::string_view cell : cells) {
    const auto [place, is_new] = places.try_emplace(cell, places.size());
    if (is_new) words += (words.empty() ? "" : ",") + json_quoted(cell);
    if (!at.empty()) at += ',';
    append_count(at, place->second);
  }
  return R"({"words":[)" + words + R"(],"at":[)" + at + "]}";
}

// Returns a decimal with at most three decimals in thousandths; nullopt for anything else, and for
// what a double could not hold exactly.
std::optional<std::int64_t> thousandths(std::string_view cell) {
  constexpr std::int64_t kMost = 9'000'000'000'000;
  const std::size_t point = std::min(cell.find('.'), cell.size());
  const std::string_view decimals = cell.substr(std::min(point + 1, cell.size()));
  std::string digits(cell.substr(0, point));
  if (decimals.size() > 3 || digits.empty()) return std::nullopt;
  const auto whole = read_whole<std::int64_t>(digits);
  if (!whole || *whole > kMost || *whole < -kMost) return std::nullopt;
  digits.append(decimals).append(3 - decimals.size(), '0');
  return read_whole<std::int64_t>(digits);
}

std::string pack_values(const Cells& cells) {
  std::string out;
  for (const std::string_view cell : cells) {
    if (!out.empty()) out += ',';
    const auto value = read_real(cell);
    value ? append_real(out, *value) : void(out += "null");
  }
  return R"({"values":[)" + out + "]}";
}

std::string pack_numbers(const Cells& cells) {
  std::vector<std::optional<std::int64_t>> values;
  bool whole = true;
  for (const std::string_view cell : cells) {
    values.push_back(cell.empty() ? std::nullopt : thousandths(cell));
    if (!cell.empty() && !values.back()) return pack_values(cells);
    whole &= values.back().value_or(0) % kScale == 0;
  }
  const std::int64_t unit = whole ? kScale : 1;
  std::string out;
  std::int64_t before = 0;
  for (const auto& value : values) {
    if (!out.empty()) out += ',';
    if (!value) {
      out += "null";
      continue;
    }
    append_integer(out, *value / unit - before);
    before = *value / unit;
  }
  return R"({"scale":)" + std::to_string(kScale / unit) + R"(,"steps":[)" + out + "]}";
}

}  // namespace

std::string json_quoted(std::string_view text) { return dump_json(json_text(text).get(), 0); }

std::vector<std::size_t> every_row(const CsvColumns& table) {
  std::vector<std::size_t> rows(table.rows());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

std::string pack_columns(const CsvColumns& table, const std::vector<PackedColumn>& columns,
                         const std::vector<std::size_t>& rows) {
  std::string out = R"({"rows":)" + std::to_string(rows.size()) + R"(,"of":)" +
                    std::to_string(table.rows()) + R"(,"columns":{)";
  bool is_first = true;
  for (const PackedColumn& column : columns) {
    const auto place = table.find(column.name);
    if (!place) continue;
    Cells cells;
    cells.reserve(rows.size());
    for (const std::size_t row : rows) cells.push_back(table.at(row, place));
    out += (is_first ? "" : ",") + json_quoted(column.name) + ":";
    out += column.as == PackAs::kText ? pack_words(cells) : pack_numbers(cells);
    is_first = false;
  }
  return out + "}}";
}

}  // namespace sim
