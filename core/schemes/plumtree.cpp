#include "core/schemes/plumtree.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/line_fields.h"
#include "core/mutation.h"
#include "core/record_entry.h"
#include "core/schemes/announced_entries.h"
#include "core/schemes/given_records.h"
#include "core/schemes/held_entries.h"
#include "core/schemes/list_lines.h"

namespace herd {
namespace {

constexpr std::string_view kSharedRoot = "*";

class Plumtree final : public Propagator {
 public:
  Plumtree(const Scheme& scheme, PropagatorHost& host)
      : host_(host),
        is_shared_(scheme.value("trees") == 1),
        announce_(*scheme.duration("announce")),
        graft_timeout_(scheme.duration("graft_timeout").value_or(derived_timeout())),
        graft_retry_(
            scheme.duration("graft_retry").value_or(2 * longest() + std::chrono::milliseconds(10))),
        held_(host.records()),
        missing_(graft_retry_),
        given_(host.neighbors()),
        announcements_(host.neighbors()) {}

  void link_up(NeighborId neighbor, Moment) override { forget_link(neighbor); }

  void link_down(NeighborId neighbor, Moment now) override {
    forget_link(neighbor);
    announcements_[neighbor.value].clear();
    std::erase_if(switches_, [&](const auto& each) { return each.second.to == neighbor; });
    missing_.forget(neighbor);
    for (auto& [name, root] : roots_) {
      if (root.parent != neighbor) continue;
      root.parent.reset();
      missing_.ask_at(root.number, now.run);
    }
  }

  void taken(const RecordView& record, std::optional<NeighborId> from, Moment now) override {
    const std::uint32_t place = note(record);
    Root& root = root_of(record);
    if (from) {
      announcements_[from->value].erase(place);
      given_.give(*from, place);
      came_as_news(root, *from, hash_of_client(record.client), now);
    }
    for (std::uint32_t i = 0; i < announcements_.size(); ++i) {
      const NeighborId to{i};
      if (from == to || !host_.link_is_up(to)) continue;
      if (root.ways[i].pruned) {
        announcements_[i][place] = &root;
        if (!announce_at_) announce_at_ = now.run + announce_;
      } else {
        announcements_[i].erase(place);
        given_.give(to, place);
        host_.send_news(to, record, now);
      }
    }
  }

  void repaired(const RecordView& record) override { note(record); }

  void not_taken(const RecordView& record, NeighborId from, Verdict verdict, Moment now) override {
    // An older record may have been overtaken in the tree itself: it says nothing about the link.
    if (verdict != Verdict::kDuplicate) return;
    if (const auto place = host_.records().place_of(record.client)) {
      announcements_[from.value].erase(*place);
      given_.give(from, *place);
    }
    Root& root = root_of(record);
    if (!is_shared_ && root.parent == from) {
      delivered(root, hash_of_client(record.client));
    } else {
      prune(root, from, now);
    }
  }

  bool line(NeighborId from, std::string_view text, Moment now) override {
    LineFields fields(text);
    fields.next();
    const std::string_view command = fields.next();
    const std::string_view name = fields.next();
    if (is_shared_ ? name != kSharedRoot : !host_.map()->find(name)) return false;
    Root& root = root_named(name);
    if (command == "HAVE") return hear_have(root, from, fields, now);
    if (command == "GRAFT") return hear_graft(root, from, fields, now);
    if (command != "PRUNE" || !fields.next().empty()) return false;
    if (!is_broken(Mutation::kPruneIgnored)) set_pruned(root, from, true, now);
    return true;
  }

  std::optional<Instant> deadline() const override {
    return earlier(announce_at_, earlier(switch_at_, missing_.deadline()));
  }

  void time_reached(Moment now) override {
    if (announce_at_ && *announce_at_ <= now.run) announce(now);
    if (switch_at_ && *switch_at_ <= now.run) switch_parents(now);
    ask(now);
  }

  bool is_quiet() const override { return !announce_at_ && missing_.empty() && switches_.empty(); }

 private:
  // One neighbour's place in a tree.
  struct Way {
    bool pruned = false;  // the neighbour wants announcements only
    // PRUNE is not said again before this time, because what is on its way crosses it.
    Instant no_prune_before = Instant::min();
  };

  // A tree, as this server sees it.
  struct Root {
    std::string name;
    std::uint32_t number = 0;          // in the order in which they were met
    bool is_own = false;               // this server is the origin
    std::optional<NeighborId> parent;  // by origin only
    std::vector<Way> ways;             // by neighbour
  };

  // A neighbour that sent news before the parent did. It becomes the parent if that does not
  // follow.
  struct Switch {
    Root* root = nullptr;
    NeighborId to;
    Instant due;
  };

  Duration longest() const { return host_.map()->longest_latency(); }

  Duration derived_timeout() const {
    constexpr Duration kSlack = std::chrono::milliseconds(10);
    if (is_shared_) return 2 * host_.map()->hop_diameter() * longest() + kSlack;
    return 4 * longest() + 2 * announce_ + kSlack;
  }

  Root& root_named(std::string_view name) {
    const auto found = roots_.find(name);
    if (found != roots_.end()) return found->second;
    Root& root = roots_[std::string(name)];
    root.name = name;
    root.number = static_cast<std::uint32_t>(by_number_.size());
    by_number_.push_back(&root);
    root.is_own = name == host_.name();
    root.ways.resize(announcements_.size());
    return root;
  }
  Root& root_of(const RecordView& record) {
    return root_named(is_shared_ ? kSharedRoot : record.server);
  }

  void forget_link(NeighborId neighbor) {
    given_.forget(neighbor);
    for (auto& [name, root] : roots_) root.ways[neighbor.value] = {};
  }

  // A record was accepted: what was missing of its client is not any more, unless that is newer.
  std::uint32_t note(const RecordView& record) {
    const std::uint32_t place = held_.note(record.client);
    given_.renew(place);
    missing_.accepted(hash_of_client(record.client), held_);
    return place;
  }

  void came_as_news(Root& root, NeighborId from, std::uint64_t hash, Moment now) {
    if (is_shared_) {
      set_pruned(root, from, false, now);
    } else if (root.is_own) {
      prune(root, from, now);
    } else if (root.parent == from) {
      delivered(root, hash);
    } else if (!root.parent) {
      set_parent(root, from, now);
    } else {
      prune(root, from, now);
      const auto [at, is_new] = switches_.try_emplace(hash, Switch{&root, from, {}});
      if (!is_new && at->second.root == &root) return;
      at->second = {&root, from, now.run + graft_timeout_};
      switch_at_ = earlier(switch_at_, at->second.due);
    }
  }

  void delivered(const Root& root, std::uint64_t hash) {
    const auto found = switches_.find(hash);
    if (found != switches_.end() && found->second.root == &root) switches_.erase(found);
  }

  void set_pruned(Root& root, NeighborId neighbor, bool is_pruned, Moment now) {
    if (std::exchange(root.ways[neighbor.value].pruned, is_pruned) == is_pruned) return;
    host_.tree_changed(neighbor, root.name, is_pruned ? TreeEdge::kAnnounces : TreeEdge::kSends,
                       now);
  }
  void set_parent(Root& root, NeighborId parent, Moment now) {
    root.parent = parent;
    host_.tree_changed(parent, root.name, TreeEdge::kParent, now);
  }

  void prune(Root& root, NeighborId from, Moment now) {
    Way& way = root.ways[from.value];
    if (is_shared_) set_pruned(root, from, true, now);
    if (now.run < way.no_prune_before) return;
    way.no_prune_before = now.run + graft_retry_;
    host_.say_control(from, "TREE PRUNE " + root.name, now);
  }

  // Makes the neighbour send what comes of this root, and now what it holds of these clients.
  void graft(Root& root, NeighborId to, const std::vector<std::uint64_t>& hashes, Moment now) {
    Way& way = root.ways[to.value];
    way.no_prune_before = Instant::min();
    if (is_shared_) {
      set_pruned(root, to, false, now);
    } else if (!root.is_own && !is_broken(Mutation::kParentForgotten)) {
      set_parent(root, to, now);
    }
    say_hashes(host_, to, "TREE GRAFT " + root.name, hashes, now);
  }

  bool hear_have(Root& root, NeighborId from, LineFields& fields, Moment now) {
    const auto entries = read_entries(fields);
    if (!entries || entries->empty()) return false;
    const bool has_parent = is_shared_ || root.is_own || root.parent;
    const Instant first_asked = has_parent ? now.run + graft_timeout_ : now.run;
    for (const RecordEntry& entry : *entries) {
      if (!held_.has(entry)) missing_.announced(entry, from, root.number, first_asked);
    }
    ask(now);
    return true;
  }

  bool hear_graft(Root& root, NeighborId from, LineFields& fields, Moment now) {
    const auto hashes = read_hashes(fields);
    if (!hashes) return false;
    set_pruned(root, from, false, now);
    root.ways[from.value] = {};
    for (const std::uint64_t hash : *hashes) {
      const auto place = held_.find(hash);
      if (!place || is_broken(Mutation::kGraftIgnored)) continue;
      announcements_[from.value].erase(*place);
      if (!given_.give(from, *place)) continue;
      host_.send_news(from, host_.records().at(*place).view(), now);
    }
    return true;
  }

  void announce(Moment now) {
    announce_at_.reset();
    for (std::uint32_t i = 0; i < announcements_.size(); ++i) {
      std::map<std::string_view, std::vector<RecordEntry>> of_root;
      for (const auto& [place, root] : announcements_[i]) {
        of_root[root->name].push_back(held_.entry(place));
      }
      announcements_[i].clear();
      for (const auto& [name, entries] : of_root) {
        say_entries(host_, NeighborId{i}, "TREE HAVE " + std::string(name), entries, now);
      }
    }
  }

  void switch_parents(Moment now) {
    switch_at_.reset();
    for (auto at = switches_.begin(); at != switches_.end();) {
      if (at->second.due <= now.run) {
        graft(*at->second.root, at->second.to, {}, now);
        at = switches_.erase(at);
      } else {
        switch_at_ = earlier(switch_at_, at->second.due);
        ++at;
      }
    }
  }

  void ask(Moment now) {
    for (const AnnouncedEntries::Request& each : missing_.take_due(now.run)) {
      graft(*by_number_[each.tree], each.to, each.clients, now);
    }
  }

  PropagatorHost& host_;
  bool is_shared_;
  Duration announce_, graft_timeout_, graft_retry_;
  HeldEntries held_;
  AnnouncedEntries missing_;
  GivenRecords given_;
  std::map<std::string, Root, std::less<>> roots_;
  std::vector<Root*> by_number_;
  std::map<std::uint64_t, Switch> switches_;  // by the client's hash
  // By neighbour: what it will be told of, by the record's place.
  std::vector<std::map<std::uint32_t, Root*>> announcements_;
  std::optional<Instant> announce_at_;
  std::optional<Instant> switch_at_;  // not after any switch is due
};

}  // namespace

std::unique_ptr<Propagator> make_plumtree(const Scheme& scheme, PropagatorHost& host) {
  return std::make_unique<Plumtree>(scheme, host);
}

}  // namespace herd
