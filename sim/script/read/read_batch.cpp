#include "sim/script/read/read_batch.h"

#include <optional>
#include <string>
#include <utility>

#include "sim/base/text/quoted.h"
#include "sim/script/read/fields.h"
#include "sim/script/read/kinds.h"

namespace sim {
namespace {

constexpr std::string_view kBatchRight =
    R"(an object, as {"wait": "100ms"} or {"wait": {"S1": "400ms", "*": "0s"}, "mode": "delay"})";
constexpr std::string_view kAllOthers = "*";
constexpr std::int64_t kMostInBatch = 1'000;
constexpr Choice<herd::OutboxSpec::Mode> kModes[] = {{"pace", herd::OutboxSpec::Mode::kPace},
                                                     {"delay", herd::OutboxSpec::Mode::kDelay}};

class BatchReader {
 public:
  BatchReader(const HerdRead& herd, Problems& problems)
      : herd_(herd), names_(herd), problems_(problems) {}

  static const Fields<BatchSpec, BatchReader>& fields() {
    static const Fields<BatchSpec, BatchReader> kFields = {
        {"wait", Described{wait_schema}, &BatchReader::read_wait,
         "How long a server waits: all of them, or by name, with * for all others.", required()},
        {"mode", choice_of(kModes), &BatchSpec::mode,
         "What waits. pace: after a line on a link the next one does, so that a first record goes "
         "out at once. delay: each record does.",
         with_default(R"("pace")")},
        {"max", WholeKind{1, kMostInBatch}, &BatchSpec::max, "The most records in one line.",
         with_default("100")},
    };
    return kFields;
  }

 private:
  static Schema wait_schema() {
    const Schema wait = kNonNegativeDuration.schema();
    return one_of({wait, R"("type": "object")" + wait.as("additionalProperties")});
  }

  void read_wait(const JsonNode& node, BatchSpec& batch) {
    if (!json_is_object(node.json)) {
      if (const auto wait = kNonNegativeDuration.read(node, problems_)) batch.wait = *wait;
      return;
    }
    const char* key = nullptr;
    json_t* value = nullptr;
    json_object_foreach(node.json, key, value) {
      const JsonNode item{value, node.member_path(key)};
      const auto wait = kNonNegativeDuration.read(item, problems_);
      if (!wait) continue;
      if (key == kAllOthers) {
        batch.wait = *wait;
      } else if (const auto server = names_.server(key)) {
        batch.wait_of.emplace(*server, *wait);
      } else if (herd_.servers_known) {
        problems_.add(item.path, "there is no server " + quoted(key),
                      what_else(std::string(key), names_.servers(), problems_));
      }
    }
  }

  const HerdRead& herd_;
  const HerdNames names_;
  Problems& problems_;
};

}  // namespace

BatchSpec read_batch(const JsonNode& node, const HerdRead& herd, Problems& problems) {
  BatchSpec batch;
  ObjectReader object(node, problems, kBatchRight);
  if (!object.is_object()) return batch;
  BatchReader reader(herd, problems);
  read_fields(object, BatchReader::fields(), batch, reader);
  object.finish();
  return batch;
}

Schema batch_schema() { return object_schema(BatchReader::fields()); }

}  // namespace sim
