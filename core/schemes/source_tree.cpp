#include "core/schemes/source_tree.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "core/line_fields.h"
#include "core/mutation.h"
#include "core/schemes/propagator.h"

namespace herd {
namespace {

// A link that has not come up this long after the start counts as down, and so do such links as
// soon as a MAP comes.
constexpr Duration kFirstLinks = std::chrono::seconds(5);
// Changes that never stop take effect after this number of waits.
constexpr int kMostWaits = 10;

class SourceTree : public Propagator {
 public:
  SourceTree(const Scheme& scheme, PropagatorHost& host)
      : host_(host),
        map_(*host.map()),
        cost_(scheme.value("cost") == 0 ? PathCost::kHops : PathCost::kLatency),
        settle_(scheme.duration("settle").value_or(derived_settle())),
        wait_(2 * host.map()->longest_latency() + std::chrono::milliseconds(1)),
        self_(*map_.find(host.name())),
        trees_(host.trees().trees(cost_, {})),
        links_(host.neighbors()) {
    for (std::uint32_t i = 0; i < links_.size(); ++i) {
      links_[i].server = *map_.find(host.neighbor_name(NeighborId{i}));
    }
  }

  void start(Moment now) override { late_links_at_ = now.run + kFirstLinks; }

  void link_up(NeighborId neighbor, Moment now) override {
    links_[neighbor.value].was_up = true;
    // The neighbour hears nothing that is not true any more.
    const std::uint32_t server = links_[neighbor.value].server;
    const bool was_down = own().erase(server);
    if (was_down) ++own().seq;
    for (const auto& [each, view] : views_.all()) say(neighbor, each, view, now);
    if (!was_down) return;
    pass_on(self_, own(), neighbor, now);
    if (!says_is_down(server, self_)) map_has_changed(now);
  }

  void link_down(NeighborId neighbor, Moment now) override {
    const std::uint32_t server = links_[neighbor.value].server;
    if (!own().insert(server)) return;
    say_own(now);
    if (!says_is_down(server, self_)) map_has_changed(now);
  }

  void taken(const RecordView& record, std::optional<NeighborId> from, Moment now) override {
    catch_up(now);
    const auto origin = note_origin(record);
    // A record that does not come from the parent was repaired somewhere, and may have to go up the
    // tree too.
    const bool in_tree =
        origin &&
        (from ? trees_->parents(*origin)[self_] == links_[from->value].server : *origin == self_);
    const bool routed = in_tree && !(switch_at_ && floods_meanwhile());
    for (std::uint32_t i = 0; i < links_.size(); ++i) {
      const NeighborId to{i};
      if (from == to || !host_.link_is_up(to)) continue;
      if (routed && trees_->parents(*origin)[links_[i].server] != self_) continue;
      host_.send_news(to, record, now);
    }
  }

  void repaired(const RecordView& record) override { note_origin(record); }

  bool line(NeighborId from, std::string_view text, Moment now) override {
    LineFields fields(text);
    fields.next();
    const auto server = map_.find(fields.next());
    const std::string_view digits = fields.next();
    std::uint64_t seq = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seq);
    if (!server || digits.empty() || error != std::errc() || end != digits.data() + digits.size() ||
        seq == 0 || seq > kLastSeq) {
      return false;
    }
    std::vector<std::uint32_t> down;
    for (std::string_view name = fields.next(); !name.empty(); name = fields.next()) {
      const auto other = map_.find(name);
      if (!other || !map_.link(*server, *other)) return false;
      down.push_back(*other);
    }
    // Somebody has said something: the herd has run before this server started.
    if (late_links_at_) count_late_links(now);
    if (*server == self_) {
      hear_of_self(seq, down, now);
    } else {
      hear(from, *server, seq, down, now);
    }
    return true;
  }

  std::optional<Instant> deadline() const override { return earlier(switch_at_, late_links_at_); }

  void time_reached(Moment now) override {
    catch_up(now);
    if (late_links_at_ && *late_links_at_ <= now.run) count_late_links(now);
  }

  // A switch may find neighbours to compare with, and links that count as down may cause one.
  bool is_quiet() const override {
    return !host_.recovers() || (!switch_at_ && !waits_for_links());
  }

 private:
  // The greatest number of a MAP: far from the end, so that a server can always count on.
  static constexpr std::uint64_t kLastSeq = 1'000'000'000'000'000'000;

  // A server's links, as far as they are known.
  struct View {
    std::uint64_t seq = 0;
    std::vector<std::uint32_t> down;  // sorted

    bool insert(std::uint32_t server) {
      const auto at = std::lower_bound(down.begin(), down.end(), server);
      if (at != down.end() && *at == server) return false;
      down.insert(at, server);
      return true;
    }
    bool erase(std::uint32_t server) {
      const auto at = std::lower_bound(down.begin(), down.end(), server);
      if (at == down.end() || *at != server) return false;
      down.erase(at);
      return true;
    }
  };

  // The views of all servers that have said something, in the order of their places.
  class Views {
   public:
    const std::vector<std::pair<std::uint32_t, View>>& all() const { return views_; }
    // Adds the server if it has said nothing so far. The result is valid until the next call.
    View& of(std::uint32_t server) {
      const auto at = std::lower_bound(places_.begin(), places_.end(), server);
      const auto index = at - places_.begin();
      if (at == places_.end() || *at != server) {
        places_.insert(at, server);
        views_.insert(views_.begin() + index, {server, View{}});
      }
      return views_[static_cast<std::size_t>(index)].second;
    }

    // Returns null if the server has said nothing.
    const View* find(std::uint32_t server) const {
      const auto at = std::lower_bound(places_.begin(), places_.end(), server);
      if (at == places_.end() || *at != server) return nullptr;
      return &views_[static_cast<std::size_t>(at - places_.begin())].second;
    }

   private:
    std::vector<std::uint32_t> places_;  // apart from the views, so that a search is short
    std::vector<std::pair<std::uint32_t, View>> views_;
  };

  struct Link {
    std::uint32_t server = 0;  // the neighbour's place in the map
    bool was_up = false;
  };

  Duration derived_settle() const {
    // No shortest path has more links than there are servers but one.
    return 2 * host_.map()->longest_latency() * static_cast<std::int64_t>(host_.map()->size());
  }

  bool waits_for_links() const {
    return late_links_at_ &&
           std::any_of(links_.begin(), links_.end(), [](const Link& link) { return !link.was_up; });
  }

  // From now on, links that have not come up count as down.
  void count_late_links(Moment now) {
    late_links_at_.reset();
    bool changed = false;
    for (const Link& link : links_) {
      if (!link.was_up) changed |= own().insert(link.server);
    }
    if (!changed) return;
    say_own(now);
    map_has_changed(now);
  }

  // Returns true if a server has said that its link to the other one is down.
  bool says_is_down(std::uint32_t server, std::uint32_t other) const {
    const View* const view = views_.find(server);
    return view != nullptr && std::binary_search(view->down.begin(), view->down.end(), other);
  }

  View& own() { return views_.of(self_); }

  std::optional<std::uint32_t> note_origin(const RecordView& record) {
    const auto origin = map_.find(record.server);
    if (!origin) return std::nullopt;
    const auto at = std::lower_bound(origins_.begin(), origins_.end(), *origin);
    if (at == origins_.end() || *at != *origin) origins_.insert(at, *origin);
    return origin;
  }

  void hear_of_self(std::uint64_t seq, const std::vector<std::uint32_t>& down, Moment now) {
    // This server's own words come back to it. Anything else was said before it restarted.
    const std::vector<std::uint32_t>& mine = own().down;
    const bool known = std::all_of(down.begin(), down.end(), [&](std::uint32_t server) {
      return std::binary_search(mine.begin(), mine.end(), server);
    });
    if (seq < own().seq || (seq == own().seq && known)) return;
    own().seq = seq;
    say_own(now);
  }

  void hear(NeighborId from, std::uint32_t server, std::uint64_t seq,
            const std::vector<std::uint32_t>& down, Moment now) {
    View& view = views_.of(server);
    if (seq < view.seq) return say(from, server, view, now);
    const std::vector<std::uint32_t> before = view.down;
    bool news = seq > view.seq;
    if (news) view = {seq, {}};
    for (const std::uint32_t other : down) news |= view.insert(other);
    if (!news) return;
    if (!is_broken(Mutation::kMapNotPassedOn)) pass_on(server, view, from, now);
    // A link is down if either of its ends says so: the word of the second changes nothing.
    std::vector<std::uint32_t> changed;
    std::set_symmetric_difference(before.begin(), before.end(), view.down.begin(), view.down.end(),
                                  std::back_inserter(changed));
    if (std::any_of(changed.begin(), changed.end(),
                    [&](std::uint32_t other) { return !says_is_down(other, server); })) {
      map_has_changed(now);
    }
  }

  void say_own(Moment now) {
    ++own().seq;
    pass_on(self_, own(), std::nullopt, now);
  }

  void pass_on(std::uint32_t server, const View& view, std::optional<NeighborId> from, Moment now) {
    for (std::uint32_t i = 0; i < links_.size(); ++i) {
      const NeighborId to{i};
      if (from != to && host_.link_is_up(to)) say(to, server, view, now);
    }
  }

  void say(NeighborId to, std::uint32_t server, const View& view, Moment now) {
    if (view.seq == 0) return;
    const std::string head =
        "MAP " + std::string(map_.name(server)) + " " + std::to_string(view.seq);
    std::string line = head;
    for (const std::uint32_t down : view.down) {
      const std::string_view name = map_.name(down);
      if (line.size() + 1 + name.size() > kMaxLinkLine) {
        host_.say_control(to, line, now);
        line = head;
      }
      line.append(" ").append(name);
    }
    host_.say_control(to, line, now);
  }

  // The known state of the links has changed. The first change after a time without any takes
  // effect at once. Only the last of many in a row counts: the trees of each state between would
  // be made in vain.
  void map_has_changed(Moment now) {
    const Duration wait = floods_meanwhile() ? settle_ : wait_;
    if (!switch_at_ && !floods_meanwhile() && now.run >= calm_at_) {
      use_new_map(now);
    } else {
      if (!switch_at_) {
        first_change_ = now.run;
        host_.map_changed(kSettlingMap, now);
      }
      switch_at_ = now.run + wait;
      if (!floods_meanwhile())
        switch_at_ = std::min(*switch_at_, first_change_ + kMostWaits * wait);
    }
    calm_at_ = now.run + wait;
  }
  // Without recovery a server floods until all servers know of the change.
  bool floods_meanwhile() const { return !host_.recovers() && settle_ > Duration(0); }

  void catch_up(Moment now) {
    if (switch_at_ && *switch_at_ <= now.run) use_new_map(now);
  }

  // Routes by what is known now, and compares with each neighbour that this server sends to from
  // now on.
  void use_new_map(Moment now) {
    const bool was_settling = std::exchange(switch_at_, std::nullopt).has_value();
    std::vector<std::uint32_t> out;
    for (const auto& [server, view] : views_.all()) {
      for (const std::uint32_t other : view.down) out.push_back(*map_.link(server, other));
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    const std::shared_ptr<Trees> before = std::exchange(trees_, host_.trees().trees(cost_, out));
    if (trees_ != before || was_settling) host_.map_changed(trees_->number(), now);
    if (!host_.recovers() || before == trees_) return;
    // A part of the herd that an origin does not reach any more has no tree to share its records
    // by.
    const bool is_cut_off =
        std::any_of(origins_.begin(), origins_.end(), [&](std::uint32_t origin) {
          return before->reaches(origin, self_) && !trees_->reaches(origin, self_);
        });
    for (std::uint32_t i = 0; i < links_.size(); ++i) {
      const bool is_new_child =
          std::any_of(origins_.begin(), origins_.end(), [&](std::uint32_t origin) {
            return trees_->parents(origin)[links_[i].server] == self_ &&
                   before->parents(origin)[links_[i].server] != self_;
          });
      if ((is_new_child || is_cut_off) && host_.link_is_up(NeighborId{i})) {
        host_.compare(NeighborId{i}, now);
      }
    }
  }

  PropagatorHost& host_;
  const HerdMap& map_;
  PathCost cost_;
  Duration settle_;
  Duration wait_;  // for further changes
  std::uint32_t self_;
  std::shared_ptr<Trees> trees_;
  std::vector<Link> links_;  // by neighbour
  Views views_;
  std::vector<std::uint32_t> origins_;  // of the records held, sorted
  std::optional<Instant> late_links_at_;
  std::optional<Instant> switch_at_;  // when it uses what it knows of the links now
  Instant first_change_;              // since the last switch
  Instant calm_at_ = Instant::min();  // when the next change takes effect at once
};

}  // namespace

std::unique_ptr<Propagator> make_source_tree(const Scheme& scheme, PropagatorHost& host) {
  return std::make_unique<SourceTree>(scheme, host);
}

}  // namespace herd
