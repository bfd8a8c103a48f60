#include "sim/script/read/read_messages.h"

#include <string>
#include <utility>

#include "sim/script/read/fields.h"
#include "sim/script/read/kinds.h"

namespace sim {
namespace {

constexpr std::string_view kRight =
    R"("all", 0, or an object: {"rows": 20000} or {"updates": [17, 203]})";
constexpr Choice<bool> kAll[] = {{"all", true}};
constexpr WholeKind kRows{0, 1'000'000'000};
constexpr WholeKind kUpdate{0, 4'000'000'000};

class MessagesReader {
 public:
  explicit MessagesReader(Problems& problems) : problems_(problems) {}

  static const Fields<MessagesSpec, MessagesReader>& fields() {
    static const Fields<MessagesSpec, MessagesReader> kFields = {
        {"rows", kRows, &MessagesReader::set_rows,
         "About how many rows each herd has. Its updates are spread evenly over the script, with "
         "the first one after each event among them.",
         without_default()},
        {"updates", Described{updates_schema, "a list of at least one number of an update"},
         &MessagesReader::read_updates, "The numbers of the updates, as in updates.csv."},
    };
    return kFields;
  }

 private:
  static Schema updates_schema() {
    return R"("type": "array", "minItems": 1)" + kUpdate.schema().as("items");
  }
  void set_rows(const JsonNode&, std::int64_t rows, MessagesSpec& spec) {
    spec.rows = static_cast<std::uint64_t>(rows);
  }
  void read_updates(const JsonNode& node, MessagesSpec& spec) {
    constexpr std::string_view kList = "a list of at least one number of an update";
    const auto size = read_list(node, problems_, kList);
    if (!size) return;
    if (*size == 0) problems_.add(node.path, "is empty", std::string(kList));
    for (std::size_t i = 0; i < *size; ++i) {
      const auto update = kUpdate.read(node.item(i), problems_);
      if (update) spec.updates.push_back(static_cast<std::uint32_t>(*update));
    }
  }

  Problems& problems_;
};

}  // namespace

MessagesSpec read_messages(const JsonNode& node, Problems& problems) {
  MessagesSpec spec;
  if (json_is_string(node.json)) {
    spec.all = read_choice(node, problems, kAll).value_or(false);
    return spec;
  }
  if (json_is_number(node.json)) {
    spec.rows = 0;
    if (json_number_value(node.json) != 0) {
      problems.add(node.path, "is a number and not 0", std::string(kRight));
    }
    return spec;
  }
  ObjectReader object(node, problems, kRight);
  if (!object.is_object()) return spec;
  MessagesReader reader(problems);
  read_fields(object, MessagesReader::fields(), spec, reader);
  object.finish();
  const bool is_empty = json_object_size(node.json) == 0;
  if (is_empty || (object.has("rows") && object.has("updates"))) {
    problems.add(node.path, is_empty ? "is empty" : R"(has "rows" and "updates")",
                 R"(one of "rows" and "updates")");
  }
  return spec;
}

Schema messages_schema() {
  return one_of(
      {choice_of(kAll).schema(), WholeKind{0, 0}.schema(),
       object_schema(MessagesReader::fields(), has_one_of(keys_of(MessagesReader::fields())))});
}

}  // namespace sim
