#include "core/schemes/gossipsub.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/line_fields.h"
#include "core/mutation.h"
#include "core/record_entry.h"
#include "core/schemes/announced_entries.h"
#include "core/schemes/draw_neighbors.h"
#include "core/schemes/held_entries.h"
#include "core/schemes/list_lines.h"

namespace herd {
namespace {

constexpr std::uint64_t kMillion = 1'000'000;
constexpr std::uint32_t kMesh = 0;  // a mesh is the only tree

class Gossipsub final : public Propagator {
 public:
  Gossipsub(const Scheme& scheme, PropagatorHost& host)
      : host_(host),
        degree_(count(scheme, "degree")),
        low_(count(scheme, "low")),
        high_(count(scheme, "high")),
        lazy_(count(scheme, "lazy")),
        heartbeat_(*scheme.duration("heartbeat")),
        history_(heartbeat_ * scheme.value("history")),
        gossip_(heartbeat_ * scheme.value("gossip")),
        announce_(static_cast<std::uint64_t>(scheme.value("announce"))),
        says_dont_(scheme.flag("idontwant")),
        backoff_(*scheme.duration("backoff")),
        flood_publish_(scheme.flag("flood_publish")),
        held_(host.records()),
        wanted_(heartbeat_ / 2),
        links_(host.neighbors()) {}

  void start(Moment now) override {
    beat_at_ = now.run + Duration(1 + static_cast<std::int64_t>(host_.random_numbers().below(
                                          static_cast<std::uint64_t>(heartbeat_.count()))));
  }

  void link_up(NeighborId neighbor, Moment now) override {
    keep_phase(now);
    links_[neighbor.value] = {};
    ++up_;
    if (links_.size() <= low_) graft(neighbor, now);
  }

  void link_down(NeighborId neighbor, Moment now) override {
    keep_phase(now);
    leave(neighbor, now);
    links_[neighbor.value] = {};
    --up_;
    wanted_.forget(neighbor);
  }

  void taken(const RecordView& record, std::optional<NeighborId> from, Moment now) override {
    keep_phase(now);
    const std::uint32_t place = note(record, now);
    const RecordEntry own[] = {held_.entry(place)};
    if (lazy_ > 0) recent_.insert(place);
    std::vector<NeighborId> targets;
    for (std::uint32_t i = 0; i < links_.size(); ++i) {
      const NeighborId to{i};
      if (from == to || !host_.link_is_up(to)) continue;
      if (i + 1 == links_.size() && is_broken(Mutation::kMeshLeftOut)) continue;
      if (!has_beaten_ || links_[i].in_mesh || (!from && flood_publish_)) targets.push_back(to);
    }
    if (says_dont_ && from) {
      for (const NeighborId to : targets) say_entries(host_, to, "MESH DONT", own, now);
    }
    for (const NeighborId to : targets) {
      if (is_held_by(to, own[0])) continue;
      if (draws_announcement()) {
        say_entries(host_, to, "MESH TELL", own, now);
      } else {
        host_.send_news(to, record, now);
      }
    }
  }

  void repaired(const RecordView& record) override {
    held_.note(record.client);
    wanted_.accepted(hash_of_client(record.client), held_);
  }

  bool line(NeighborId from, std::string_view text, Moment now) override {
    keep_phase(now);
    LineFields fields(text);
    fields.next();
    const std::string_view command = fields.next();
    if (command == "GRAFT" || command == "PRUNE") {
      if (!fields.next().empty()) return false;
      if (command == "GRAFT") {
        hear_graft(from, now);
      } else {
        hear_prune(from, now);
      }
      return true;
    }
    if (command == "WANT") return hear_want(from, fields, now);
    const bool tells = command == "HAVE" || (command == "TELL" && announce_ > 0);
    if (!tells && (command != "DONT" || !says_dont_)) return false;
    const auto entries = read_entries(fields);
    if (!entries || entries->empty()) return false;
    if (tells) {
      hear_told(from, *entries, now);
    } else {
      hear_dont(from, *entries, now);
    }
    return true;
  }

  std::optional<Instant> deadline() const override {
    std::optional<Instant> next;
    if (!has_beaten_ || needs_beat()) next = beat_at_;
    return earlier(next, wanted_.deadline());
  }

  void time_reached(Moment now) override {
    if (beat_at_ <= now.run && (!has_beaten_ || needs_beat())) {
      beat(now);
      next_beat(now);
    }
    ask(now);
  }

  // A graft sends no record, so a mesh that looks for neighbours for ever is quiet all the same.
  bool is_quiet() const override {
    return wanted_.empty() && (recent_.empty() || mesh_size_ == up_);
  }

 private:
  struct Link {
    bool in_mesh = false;
    Instant no_graft_before = Instant::min();
    std::map<std::uint64_t, RecordEntry> held;  // that the neighbour said DONT of, by hash
  };

  static std::size_t count(const Scheme& scheme, std::string_view parameter) {
    return static_cast<std::size_t>(scheme.value(parameter));
  }

  bool needs_beat() const {
    return !recent_.empty() || mesh_size_ > high_ || (mesh_size_ < low_ && mesh_size_ < up_);
  }
  // Heartbeats that would do nothing are left out. Called before anything changes that.
  void keep_phase(Moment now) {
    if (has_beaten_ && !needs_beat() && beat_at_ <= now.run) next_beat(now);
  }
  void next_beat(Moment now) { beat_at_ += heartbeat_ * ((now.run - beat_at_) / heartbeat_ + 1); }

  std::uint32_t note(const RecordView& record, Moment now) {
    const std::uint32_t place = held_.note(record.client);
    taken_at_[place] = now.run;
    wanted_.accepted(hash_of_client(record.client), held_);
    return place;
  }

  bool draws_announcement() {
    if (announce_ == 0) return false;
    return announce_ == kMillion || host_.random_numbers().below(kMillion) < announce_;
  }

  // Returns true if the neighbour has said that it holds the record or a newer one.
  bool is_held_by(NeighborId neighbor, const RecordEntry& entry) {
    auto& held = links_[neighbor.value].held;
    const auto found = held.find(entry.hash);
    if (found == held.end()) return false;
    const RecordEntry theirs = found->second;
    if (entry.time_ns >= theirs.time_ns) held.erase(found);
    return theirs.time_ns > entry.time_ns ||
           (theirs.time_ns == entry.time_ns && theirs.fingerprint == entry.fingerprint);
  }

  void join(NeighborId neighbor, Moment now) { set_in_mesh(neighbor, true, now); }
  void leave(NeighborId neighbor, Moment now) { set_in_mesh(neighbor, false, now); }
  void set_in_mesh(NeighborId neighbor, bool in_mesh, Moment now) {
    if (std::exchange(links_[neighbor.value].in_mesh, in_mesh) == in_mesh) return;
    in_mesh ? ++mesh_size_ : --mesh_size_;
    host_.tree_changed(neighbor, "*", in_mesh ? TreeEdge::kSends : TreeEdge::kAnnounces, now);
  }
  void graft(NeighborId neighbor, Moment now) {
    join(neighbor, now);
    host_.say_control(neighbor, "MESH GRAFT", now);
  }
  void prune(NeighborId neighbor, Moment now) {
    leave(neighbor, now);
    links_[neighbor.value].no_graft_before = now.run + backoff_;
    host_.say_control(neighbor, "MESH PRUNE", now);
  }

  void hear_graft(NeighborId from, Moment now) {
    const Link& link = links_[from.value];
    if (link.in_mesh) return;
    if (now.run < link.no_graft_before || mesh_size_ >= high_) return prune(from, now);
    join(from, now);
  }
  void hear_prune(NeighborId from, Moment now) {
    leave(from, now);
    links_[from.value].no_graft_before = now.run + backoff_;
  }

  bool hear_want(NeighborId from, LineFields& fields, Moment now) {
    const auto hashes = read_hashes(fields);
    if (!hashes || hashes->empty()) return false;
    for (const std::uint64_t hash : *hashes) {
      const auto place = held_.find(hash);
      if (!place) continue;
      const auto taken = taken_at_.find(*place);
      if (taken == taken_at_.end() || now.run - taken->second > history_) continue;
      host_.send_news(from, host_.records().at(*place).view(), now);
    }
    return true;
  }

  void hear_told(NeighborId from, const std::vector<RecordEntry>& entries, Moment now) {
    for (const RecordEntry& entry : entries) {
      if (!held_.has(entry)) wanted_.announced(entry, from, kMesh, now.run);
    }
    ask(now);
  }

  void hear_dont(NeighborId from, const std::vector<RecordEntry>& entries, Moment now) {
    for (const RecordEntry& entry : entries) {
      const auto place = held_.find(entry.hash);
      if (!place || !held_.has(entry)) {
        links_[from.value].held[entry.hash] = entry;
        continue;
      }
      // A newer record of the client still goes to the neighbour.
      const RecordEntry own = held_.entry(*place);
      if (own.time_ns == entry.time_ns && own.fingerprint == entry.fingerprint) {
        host_.held_by(from, host_.records().at(*place).view(), now);
      }
    }
  }

  void ask(Moment now) {
    for (const AnnouncedEntries::Request& each : wanted_.take_due(now.run)) {
      say_hashes(host_, each.to, "MESH WANT", each.clients, now);
    }
  }

  void beat(Moment now) {
    has_beaten_ = true;
    if (mesh_size_ < low_) {
      for (const NeighborId each : draw_neighbors(host_, degree_ - mesh_size_, [&](NeighborId n) {
             return !links_[n.value].in_mesh && links_[n.value].no_graft_before <= now.run;
           })) {
        graft(each, now);
      }
    } else if (mesh_size_ > high_) {
      for (const NeighborId each : draw_neighbors(host_, mesh_size_ - degree_, [&](NeighborId n) {
             return links_[n.value].in_mesh;
           })) {
        prune(each, now);
      }
    }
    tell_of_recent(now);
  }

  void tell_of_recent(Moment now) {
    std::erase_if(recent_,
                  [&](std::uint32_t place) { return now.run - taken_at_.at(place) > gossip_; });
    if (recent_.empty()) return;
    std::vector<RecordEntry> entries;
    for (const std::uint32_t place : recent_) entries.push_back(held_.entry(place));
    for (const NeighborId to :
         draw_neighbors(host_, lazy_, [&](NeighborId n) { return !links_[n.value].in_mesh; })) {
      say_entries(host_, to, "MESH HAVE", entries, now);
    }
  }

  PropagatorHost& host_;
  std::size_t degree_, low_, high_, lazy_;
  Duration heartbeat_, history_, gossip_;
  std::uint64_t announce_;  // in millionths
  bool says_dont_;
  Duration backoff_;
  bool flood_publish_;
  HeldEntries held_;
  AnnouncedEntries wanted_;
  std::vector<Link> links_;  // by neighbour
  std::size_t mesh_size_ = 0, up_ = 0;
  Instant beat_at_;
  bool has_beaten_ = false;
  std::map<std::uint32_t, Instant> taken_at_;  // as news, by place
  std::set<std::uint32_t> recent_;             // places that heartbeats tell of
};

}  // namespace

std::unique_ptr<Propagator> make_gossipsub(const Scheme& scheme, PropagatorHost& host) {
  return std::make_unique<Gossipsub>(scheme, host);
}

}  // namespace herd
