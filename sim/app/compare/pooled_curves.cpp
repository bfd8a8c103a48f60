#include "sim/app/compare/pooled_curves.h"

#include <utility>

#include "sim/base/text/numbers.h"
#include "sim/base/text/read_file.h"
#include "sim/measure/report/csv_columns.h"

namespace sim {
namespace {

constexpr std::size_t kMostHistogramBytes = 64U << 20U;

void pool(const std::filesystem::path& file, const std::string& herd,
          std::map<std::string, PooledCurve>& curves) {
  auto text = read_regular_file(file.string(), kMostHistogramBytes);
  if (!text) return;
  const CsvColumns table(std::move(*text));
  const auto of = table.find("herd"), metric = table.find("metric");
  const auto upto = table.find("upto_us"), count = table.find("count");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.at(row, of) != herd) continue;
    const auto bound = read_real(table.at(row, upto)), values = read_real(table.at(row, count));
    if (bound && values) curves[std::string(table.at(row, metric))][*bound] += *values;
  }
}

}  // namespace

std::map<std::string, PooledCurve> pooled_curves(const ComparedSide& side, const std::string& point,
                                                 const std::string& herd) {
  std::map<std::string, PooledCurve> curves;
  for (const ComparedRow& row : side.rows) {
    if (row.point == point && row.herd == herd) pool(row.folder / "histograms.csv", herd, curves);
  }
  return curves;
}

}  // namespace sim
