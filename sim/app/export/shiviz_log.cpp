#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/app/export/export_formats.h"
#include "sim/app/export/flood_steps.h"
#include "sim/app/show/flood_text.h"
#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/text/numbers.h"
#include "sim/base/text/utf8.h"

namespace sim {
namespace {

// How often each host has acted, as far as a host knows; by the host's name.
using VectorClock = std::map<std::string, std::uint64_t>;

struct ShivizHost {
  std::string name;  // without blanks: ShiViz ends it there
  VectorClock clock;
};

void learn(VectorClock& clock, const VectorClock& other) {
  for (const auto& [name, count] : other) clock[name] = std::max(clock[name], count);
}

class ShivizLog {
 public:
  // Makes a host for the server, unless there are enough. Returns null then.
  ShivizHost* host(const std::string& server) {
    const auto found = hosts_.find(server);
    if (found != hosts_.end()) return &found->second;
    if (hosts_.size() == kMostShivizHosts) {
      left_out_.insert(server);
      return nullptr;
    }
    return &hosts_.emplace(server, ShivizHost{unused_name(server), {}}).first->second;
  }

  void add(ShivizHost& host, const std::string& event) {
    ++host.clock[host.name];
    const OwnedJson clock(json_object());
    for (const auto& [name, count] : host.clock) put(clock.get(), name, json_count(count));
    text_ += fmt::format("{}\n{} {}\n", event, host.name, dump_json(clock.get(), 0));
  }

  std::size_t left_out() const { return left_out_.size(); }
  std::string take() { return std::move(text_); }

 private:
  std::string unused_name(const std::string& server) {
    std::string name = with_blanks(server, '_');
    if (name.empty()) name = "_";
    while (!names_.insert(name).second) name += '_';
    return name;
  }

  std::map<std::string, ShivizHost> hosts_;  // by server
  std::set<std::string> names_, left_out_;
  std::string text_;
};

std::string micros_text(herd::Duration value) {
  std::string out;
  append_micros(out, value);
  return out + " us";
}

}  // namespace

Export shiviz_log(const ExportedFlood& flood) {
  ShivizLog log;
  if (!flood.update.origin.empty()) {
    log.add(*log.host(flood.update.origin), with_blanks(update_words(flood.update), ' '));
  }
  std::map<const ShownMessage*, VectorClock> sent;
  for (const FloodStep& step : flood_steps(flood.messages)) {
    const ShownMessage& message = *step.message;
    ShivizHost* const from = log.host(message.from);
    ShivizHost* const to = log.host(message.to);
    if (from == nullptr || to == nullptr) continue;
    if (step.is_receipt) {
      learn(to->clock, sent[&message]);
      log.add(*to, fmt::format("{} {} from {}", micros_text(message.at()), kind_words(message),
                               from->name));
    } else {
      log.add(*from, fmt::format("{} send to {}{}", micros_text(message.sent), to->name,
                                 message.received ? "" : ", which is lost"));
      sent[&message] = from->clock;
    }
  }
  Export out{log.take(), {}};
  if (log.left_out() > 0) {
    out.notes.push_back(fmt::format(
        "ShiViz shows at most {} hosts: {} more servers of this flood are left out, with their "
        "messages",
        kMostShivizHosts, log.left_out()));
  }
  return out;
}

}  // namespace sim
