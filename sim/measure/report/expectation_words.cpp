#include "sim/measure/report/expectation_words.h"

#include "sim/base/json/parse_json.h"
#include "sim/base/text/numbers.h"
#include "sim/measure/results/show_cell.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {

std::string figure_words(std::string_view metric, const json_t* figure) {
  if (!json_is_number(figure)) return "unknown";
  std::string text = real_text(json_number_value(figure));
  const auto at = find_column(metric);
  if (!at) return text;
  const ColumnKind kind = kSummaryColumns[*at].kind;
  return show_cell(parse_cell(text, kind), kind);
}

std::string bound_words(const json_t* expectation) {
  const std::string_view metric = string_of(json_object_get(expectation, "metric"));
  std::string out;
  const auto add = [&](const char* key, std::string_view words) {
    const json_t* const bound = json_object_get(expectation, key);
    if (bound == nullptr) return;
    out.append(out.empty() ? "" : " and ").append(words).append(figure_words(metric, bound));
  };
  add("equals", "exactly ");
  add("min", "at least ");
  add("max", "at most ");
  return out;
}

}  // namespace sim
