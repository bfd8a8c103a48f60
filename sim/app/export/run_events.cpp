#include "sim/app/export/run_events.h"

#include <array>
#include <string_view>
#include <utility>

#include "sim/app/show/result_table.h"

namespace sim {

herd::Result<std::vector<RunEvent>, ShowError> read_run_events(
    const std::filesystem::path& folder) {
  constexpr std::array<std::string_view, 4> kColumns = {"at_us", "herd", "event", "detail"};
  std::vector<RunEvent> out;
  auto error = read_result_table(folder / "events.csv", kColumns, [&](ResultRow& row) {
    out.push_back(
        {row.micros(0).value_or(herd::Duration(0)), row.text(1), row.text(2), row.text(3)});
  });
  if (error) return ShowError{std::move(*error)};
  return out;
}

}  // namespace sim
