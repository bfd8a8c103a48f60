#include "sim/script/read/replaced_engine.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

#include "core/schemes/catalogue.h"
#include "sim/base/json/parse_json.h"
#include "sim/script/read/native_keys.h"
#include "sim/script/read/read_engine.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {
namespace {

// Why a key is left out, and what to do in its place.
struct LeftOut {
  std::string_view why, instead;
};
constexpr LeftOut kOfAnotherProgram = {"is left out, because another program now hosts this herd",
                                       "tell the program in its own way, if it has such a thing"};
constexpr LeftOut kElsewhere = {"is left out, because this herd is now served elsewhere",
                                "tell the herdsim serve that hosts it"};

class ReplacedEngine {
 public:
  ReplacedEngine(const JsonNode& herd, const EngineSpec& engine, const std::vector<Source>& sources,
                 Problems& problems)
      : herd_(herd), engine_(engine), sources_(sources), problems_(problems) {}

  void leave_out() {
    for (const std::string_view key : kNativeKeys) leave_out(key);
    if (!mentions(engine_, "propagation") || has_own_lines()) leave_out("propagation");
    if (!mentions(engine_, "places_url")) leave_out("places");
    if (!std::holds_alternative<WatchLinks>(engine_.watch)) {
      for (const std::string_view key : kLinkKeys) leave_out(key);
    }
    const JsonNode servers{json_object_get(herd_.json, "servers"), herd_.member_path("servers")};
    for (std::size_t i = 0; i < json_array_size(servers.json); ++i) {
      leave_out(servers.item(i), "skew");
    }
  }

 private:
  void leave_out(std::string_view key) { leave_out(herd_, key); }

  void leave_out(const JsonNode& of, std::string_view key) {
    const std::string name(key), path = of.member_path(name);
    if (json_object_get(of.json, name.c_str()) == nullptr) return;
    const bool is_given = std::any_of(sources_.begin(), sources_.end(), [&](const Source& source) {
      return is_within(source.path, path);
    });
    if (is_given) return;
    json_object_del(of.json, name.c_str());
    const LeftOut& words = engine_.is_served_elsewhere() ? kElsewhere : kOfAnotherProgram;
    problems_.warn(path, std::string(words.why), std::string(words.instead));
  }

  // Whether the herd's scheme sends lines that only our servers know.
  bool has_own_lines() const {
    const json_t* const value = json_object_get(herd_.json, "propagation");
    const json_t* const name = json_is_object(value) ? json_object_get(value, "scheme") : value;
    const herd::SchemeInfo* const info = herd::find_scheme(string_of(name));
    return info != nullptr && info->relay == herd::SchemeInfo::Relay::kOwn;
  }

  const JsonNode herd_;
  const EngineSpec& engine_;
  const std::vector<Source>& sources_;
  Problems& problems_;
};

}  // namespace

void leave_out_native_keys(json_t* root, const std::vector<Source>& sources,
                           const std::string& folder, Problems& problems) {
  const JsonNode herds{json_object_get(root, "herds"), "herds"};
  for (std::size_t i = 0; i < json_array_size(herds.json); ++i) {
    const JsonNode herd = herds.item(i);
    const JsonNode engine{json_object_get(herd.json, "engine"), herd.member_path("engine")};
    const bool is_given = std::any_of(sources.begin(), sources.end(), [&](const Source& source) {
      return source.path == engine.path;
    });
    if (!is_given || !json_is_object(engine.json)) continue;
    Problems unheard;  // the reader of the scenario finds them again
    HerdSpec scratch;
    const std::optional<EngineSpec> spec = read_engine(engine, folder, false, scratch, unheard);
    if (spec) ReplacedEngine(herd, *spec, sources, problems).leave_out();
  }
}

}  // namespace sim
