#include "sim/app/show/result_table.h"

#include <fmt/format.h>

#include "sim/base/text/numbers.h"
#include "sim/base/text/quoted.h"
#include "sim/base/text/read_file.h"

namespace sim {
namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 30;

}  // namespace

std::optional<std::uint64_t> ResultRow::count(std::size_t column) {
  const std::string& cell = text(column);
  if (cell.empty()) return std::nullopt;
  const auto number = read_whole<std::uint64_t>(cell);
  is_wrong_ |= !number;
  return number;
}

std::optional<herd::Duration> ResultRow::micros(std::size_t column) {
  const std::string& cell = text(column);
  if (cell.empty()) return std::nullopt;
  const auto time = read_micros(cell);
  is_wrong_ |= !time;
  return time;
}

std::optional<std::string> read_result_table(const std::filesystem::path& file,
                                             std::span<const std::string_view> columns,
                                             const std::function<void(ResultRow&)>& take) {
  const std::string name = without_controls(file.string());
  const auto text = read_regular_file(file.string(), kMostBytes);
  if (!text) return fmt::format("{} {}", name, text.error().what);
  CsvTable table(*text, columns);
  if (!table.missing().empty()) {
    return fmt::format("{} has no column {}", name, table.missing().front());
  }
  while (table.next()) {
    ResultRow row(table);
    if (table.size() == table.width()) take(row);
    if (table.size() != table.width() || row.is_wrong()) {
      return fmt::format("{}, line {}, is not a row of such a file", name, table.line());
    }
  }
  if (table.error().empty()) return std::nullopt;
  return fmt::format("{}, line {}: {}", name, table.line(), table.error());
}

}  // namespace sim
