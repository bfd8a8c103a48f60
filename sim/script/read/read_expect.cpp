#include "sim/script/read/read_expect.h"

#include <algorithm>

#include "sim/script/read/fields.h"
#include "sim/script/read/kinds.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

std::vector<std::string_view> numeric_columns() {
  std::vector<std::string_view> numeric;
  for (const SummaryColumn& column : kSummaryColumns) {
    if (column.numeric()) numeric.push_back(column.name);
  }
  return numeric;
}

struct MetricKind {
  static std::optional<std::string> read(const JsonNode& node, Problems& problems) {
    auto metric = read_text(node, problems, allowed());
    const auto numeric = numeric_columns();
    if (!metric || std::find(numeric.begin(), numeric.end(), *metric) != numeric.end()) {
      return metric;
    }
    const auto suggestion = suggest(*metric, numeric);
    problems.add(node.path, quoted(*metric) + " is not a metric",
                 suggestion ? did_you_mean(*suggestion) : allowed());
    return std::nullopt;
  }
  static std::string allowed() { return "a numeric column of summary.csv"; }
  static Schema schema() { return R"("enum": )" + to_json_list(numeric_columns()); }
};

class ExpectReader {
 public:
  ExpectReader(const Names& names, Problems& problems) : names_(names), problems_(problems) {}

  Expectation read(const JsonNode& node) {
    Expectation expectation;
    ObjectReader object(node, problems_,
                        R"(an object with "herd", "metric", and "equals", "min" or "max")");
    if (!object.is_object()) return expectation;
    read_fields(object, fields(), expectation, *this);
    read_fields(object, bound_fields(), expectation);
    object.finish();
    if (!object.has_any_of(keys_of(bound_fields()))) {
      problems_.add(node.path, "expects nothing", listed(keys_of(bound_fields())));
    }
    if (expectation.min && expectation.max && *expectation.min > *expectation.max) {
      problems_.add(node.member_path("min"), R"(is above "max")", R"(at most "max")");
    }
    return expectation;
  }

  static Schema schema() {
    return object_schema(properties_of(fields(), bound_fields()),
                         has_any_of(keys_of(bound_fields())));
  }

 private:
  static const Fields<Expectation, ExpectReader>& fields() {
    static const Fields<Expectation, ExpectReader> kFields = {
        {"herd",
         TextKind{R"(a herd's name, or "*" for each)",
                  R"("type": "string", "pattern": "^(\\*|[A-Za-z0-9._-]{1,64})$")"},
         &ExpectReader::set_herd, "A herd's name, or * for each.", required()},
        {"metric", MetricKind{}, &Expectation::metric, "A numeric column of summary.csv.",
         required()},
    };
    return kFields;
  }
  static const Fields<Expectation>& bound_fields() {
    static const Fields<Expectation> kFields = {
        {"equals", NumberKind{}, &Expectation::equals, "What the figure is."},
        {"min", NumberKind{}, &Expectation::min, "The least that the figure may be."},
        {"max", NumberKind{}, &Expectation::max, "The most that the figure may be."},
    };
    return kFields;
  }

  void set_herd(const JsonNode& node, const std::string& herd, Expectation& expectation) {
    expectation.herd = herd;
    if (herd != "*") names_.find_herd(node, herd, problems_);
  }

  const Names& names_;
  Problems& problems_;
};

}  // namespace

std::vector<Expectation> read_expect(const JsonNode& node, const Names& names, Problems& problems) {
  std::vector<Expectation> expectations;
  const auto size = read_list(node, problems, "a list of expectations");
  ExpectReader reader(names, problems);
  for (std::size_t i = 0; i < size.value_or(0); ++i) {
    expectations.push_back(reader.read(node.item(i)));
  }
  return expectations;
}

Schema expect_schema() { return R"("type": "array")" + ExpectReader::schema().as("items"); }

}  // namespace sim
