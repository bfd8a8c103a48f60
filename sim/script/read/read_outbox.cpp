#include "sim/script/read/read_outbox.h"

#include <cstdint>

#include "sim/script/read/fields.h"
#include "sim/script/read/kinds.h"

namespace sim {
namespace {

constexpr std::int64_t kLeastWindow = 1, kMostWindow = std::int64_t{1} << 30;
constexpr std::string_view kWindowRight = R"(a size from 1B to 1GiB, as "16KiB")";

struct OutboxRead {
  std::optional<std::size_t> window;
};

class OutboxReader {
 public:
  explicit OutboxReader(Problems& problems) : problems_(problems) {}

  static const Fields<OutboxRead, OutboxReader>& fields() {
    static const Fields<OutboxRead, OutboxReader> kFields = {
        {"window", SizeKind{kLeastWindow, kMostWindow, kWindowRight}, &OutboxReader::set_window,
         "A line goes out only while fewer bytes than that wait on the link.", required()},
        {"conflate", FlagKind{}, &OutboxReader::check_conflate,
         "A newer record takes the place of the older one of its client. A queue in a server "
         "always does so.",
         with_default("true")},
    };
    return kFields;
  }

 private:
  void set_window(const JsonNode&, std::int64_t bytes, OutboxRead& out) {
    out.window = static_cast<std::size_t>(bytes);
  }
  void check_conflate(const JsonNode& node, bool conflates, OutboxRead&) {
    if (conflates) return;
    problems_.add(node.path, "is false, but a server's queue keeps one record of a client",
                  "true; without an \"outbox\", the link's own queue keeps them all");
  }

  Problems& problems_;
};

}  // namespace

std::optional<std::size_t> read_outbox(const JsonNode& node, Problems& problems) {
  OutboxRead out;
  ObjectReader object(node, problems, R"(an object, as {"window": "16KiB"})");
  if (!object.is_object()) return std::nullopt;
  OutboxReader reader(problems);
  read_fields(object, OutboxReader::fields(), out, reader);
  object.finish();
  return out.window;
}

Schema outbox_schema() { return object_schema(OutboxReader::fields()); }

}  // namespace sim
