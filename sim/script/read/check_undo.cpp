#include "sim/script/read/check_undo.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <variant>

#include "sim/base/text/quoted.h"

namespace sim {
namespace {

// The herds in which the events so far have done something to one target. It may count too many
// herds, and then does not warn.
struct Done {
  bool in_all = false;
  std::set<std::uint32_t> herds;
};

class UndoChecker {
 public:
  UndoChecker(const JsonNode& node, Problems& problems) : node_(node), problems_(problems) {}

  void play(const Event& event) {
    place_ = event.place;
    herd_ = event.herd;
    std::visit([this](const auto& action) { act(action); }, event.action);
  }

 private:
  static std::string link(const std::string& a, const std::string& b) {
    return "link " + std::min(a, b) + ' ' + std::max(a, b);
  }

  void act(const LinkDownEvent& e) {
    if (e.links == 0) {
      mark(link(e.first, e.second));
    } else {
      any_link_ = true;
    }
    mark("links");
  }
  void act(const LinkUpEvent& e) {
    if (e.first.empty()) {
      return undo("links", "no event before it takes down a link", "after a link_down");
    }
    if (any_link_) return;  // it may be one of those that were drawn
    undo(link(e.first, e.second),
         "no event before it takes down the link of " + sim::quoted(e.first) + " and " +
             quoted(e.second),
         "after a link_down of this link; partition and flapping end by themselves or by heal");
  }
  void act(const PartitionEvent&) { mark("partition"); }
  void act(const HealEvent&) {
    undo("partition", "there is no partition before it", "after a partition");
  }
  void act(const ServerDownEvent& e) { mark("server " + e.server); }
  void act(const ServerUpEvent& e) {
    undo("server " + e.server, "no event before it takes down server " + sim::quoted(e.server),
         "after a server_down of this server");
  }
  void act(const PauseEvent& e) { mark("pause " + e.server); }
  void act(const ResumeEvent& e) {
    undo("pause " + e.server, "no event before it pauses server " + sim::quoted(e.server),
         "after a pause of this server");
  }
  template <class E>
  void act(const E& /*event*/) {
    static_assert(E::kName.kind() != EventKind::kBegins && E::kName.kind() != EventKind::kEnds,
                  "a fault that begins or ends needs a function of its own here");
  }

  void mark(const std::string& target) {
    Done& done = done_[target];
    herd_ ? static_cast<void>(done.herds.insert(*herd_)) : static_cast<void>(done.in_all = true);
  }

  void undo(const std::string& target, const std::string& wrong, const std::string& right) {
    Done& done = done_[target];
    const bool something =
        done.in_all || (herd_ ? done.herds.contains(*herd_) : !done.herds.empty());
    if (!something) problems_.warn(node_.item_path(place_), "undoes nothing: " + wrong, right);
    if (!herd_) {
      done = {};
    } else {
      done.herds.erase(*herd_);
    }
  }

  const JsonNode& node_;
  Problems& problems_;
  std::size_t place_ = 0;  // of the event in the list
  std::optional<std::uint32_t> herd_;
  std::unordered_map<std::string, Done> done_;
  bool any_link_ = false;  // some event takes down links that are drawn
};

}  // namespace

void check_undo(const JsonNode& node, const std::vector<Event>& events, Problems& problems) {
  UndoChecker checker(node, problems);
  for (const Event& event : events) checker.play(event);
}

}  // namespace sim
