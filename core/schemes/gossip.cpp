#include "core/schemes/gossip.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/line_fields.h"
#include "core/mutation.h"
#include "core/record_entry.h"
#include "core/schemes/draw_neighbors.h"
#include "core/schemes/held_entries.h"
#include "core/schemes/list_lines.h"

namespace herd {
namespace {

class Gossip final : public Propagator {
 public:
  Gossip(const Scheme& scheme, PropagatorHost& host)
      : host_(host),
        fanout_(static_cast<std::size_t>(scheme.value("fanout"))),
        every_(*scheme.duration("every")),
        pull_(scheme.duration("pull")),
        stop_(static_cast<Stop>(scheme.counted("stop").first)),
        limit_(static_cast<std::uint64_t>(scheme.counted("stop").second)),
        held_(host.records()) {
    if (stop_ == Stop::kSwim) limit_ *= digits_of(host.map()->size());
  }

  void start(Moment now) override {
    if (every_ > Duration(0)) round_at_ = now.run + phase_of(every_);
    if (pull_) pull_at_ = now.run + phase_of(*pull_);
  }

  void link_up(NeighborId, Moment) override { compared_ = 0; }

  void taken(const RecordView& record, std::optional<NeighborId> from, Moment now) override {
    compared_ = 0;
    const std::uint32_t place = held_.note(record.client);
    if (every_ > Duration(0)) {
      // Its rounds keep their phase while it has nothing to send.
      if (hot_.empty() && *round_at_ <= now.run) advance(*round_at_, every_, now);
      hot_[place] = {from};
      return;
    }
    for (const NeighborId to : draw(from)) host_.send_news(to, record, now);
  }

  void repaired(const RecordView& record) override {
    compared_ = 0;
    // The server floods it.
    hot_.erase(held_.note(record.client));
  }

  void not_taken(const RecordView& record, NeighborId from, Verdict, Moment now) override {
    if (every_ == Duration(0) || stop_ != Stop::kFeedback) return;
    const auto place = host_.records().place_of(record.client);
    if (!place) return;
    const RecordEntry held[] = {held_.entry(*place)};
    say_entries(host_, from, "HELD", held, now);
  }

  bool line(NeighborId, std::string_view text, Moment) override {
    LineFields fields(text);
    fields.next();
    if (every_ == Duration(0) || stop_ != Stop::kFeedback) return false;
    const auto entries = read_entries(fields);
    if (!entries) return false;
    for (const RecordEntry& entry : *entries) {
      const auto place = held_.find(entry.hash);
      if (!place) continue;
      const auto hot = hot_.find(*place);
      if (hot == hot_.end() || ++hot->second.count < limit_) continue;
      if (!is_broken(Mutation::kHotForEver)) hot_.erase(hot);
    }
    return !entries->empty();
  }

  std::optional<Instant> deadline() const override {
    return earlier(pull_at_, hot_.empty() ? std::nullopt : round_at_);
  }

  void time_reached(Moment now) override {
    if (round_at_ && *round_at_ <= now.run) {
      round(now);
      advance(*round_at_, every_, now);
    }
    if (pull_at_ && *pull_at_ <= now.run) {
      pull(now);
      advance(*pull_at_, *pull_, now);
    }
  }

  // With pull, once the server has compared with each neighbour since it last accepted a record: if
  // this is so everywhere, all servers hold the same.
  bool is_quiet() const override { return hot_.empty() && (!pull_ || compared_ >= up_now()); }

 private:
  enum class Stop { kRounds, kFeedback, kSwim };

  struct Hot {
    std::optional<NeighborId> from;
    std::uint64_t count = 0;  // of rounds, of neighbours that held it, or of times it was sent
  };

  static std::uint64_t digits_of(std::size_t size) { return std::to_string(size).size(); }
  // A server's rounds have a phase of their own, drawn once.
  Duration phase_of(Duration period) {
    return Duration(1 + static_cast<std::int64_t>(host_.random_numbers().below(
                            static_cast<std::uint64_t>(period.count()))));
  }
  // Moves a time on by whole periods until it lies ahead.
  static void advance(Instant& at, Duration period, Moment now) {
    at += period * ((now.run - at) / period + 1);
  }

  std::size_t up_now() const {
    std::size_t up = 0;
    for (std::uint32_t i = 0; i < host_.neighbors(); ++i) up += host_.link_is_up(NeighborId{i});
    return up;
  }

  // Draws as many neighbours as the fanout says, without `except`.
  std::vector<NeighborId> draw(std::optional<NeighborId> except) {
    return draw_neighbors(host_, fanout_, [&](NeighborId each) { return each != except; });
  }

  void round(Moment now) {
    const std::vector<NeighborId> targets = draw(std::nullopt);
    const std::size_t up = up_now();
    for (auto at = hot_.begin(); at != hot_.end();) {
      Hot& hot = at->second;
      const RecordView record = host_.records().at(at->first).view();
      const bool has_other = up > (hot.from && host_.link_is_up(*hot.from) ? 1U : 0U);
      for (const NeighborId to : targets) {
        if (to == hot.from) continue;
        host_.send_news(to, record, now);
        if (stop_ == Stop::kSwim) ++hot.count;
      }
      if (stop_ == Stop::kRounds) ++hot.count;
      const bool is_cold = stop_ != Stop::kFeedback && hot.count >= limit_;
      const bool ends = (is_cold && !is_broken(Mutation::kHotForEver)) || !has_other;
      at = ends ? hot_.erase(at) : std::next(at);
    }
  }

  // Compares with the next neighbour of the order, and draws another order at the end of it.
  void pull(Moment now) {
    if (next_ >= order_.size()) {
      next_ = 0;
      order_.resize(host_.neighbors());
      for (std::uint32_t i = 0; i < order_.size(); ++i) order_[i] = NeighborId{i};
      for (std::size_t i = order_.size(); i > 1; --i) {
        std::swap(order_[i - 1], order_[host_.random_numbers().below(i)]);
      }
    }
    for (; next_ < order_.size(); ++next_) {
      if (!host_.link_is_up(order_[next_])) continue;
      host_.compare(order_[next_++], now);
      ++compared_;
      return;
    }
  }

  PropagatorHost& host_;
  std::size_t fanout_;
  Duration every_;
  std::optional<Duration> pull_;
  Stop stop_;
  std::uint64_t limit_;
  HeldEntries held_;
  std::map<std::uint32_t, Hot> hot_;  // by the record's place
  std::optional<Instant> round_at_, pull_at_;
  std::vector<NeighborId> order_;  // of the comparisons
  std::size_t next_ = 0;
  std::size_t compared_ = 0;  // since a record was last accepted or a link came up
};

}  // namespace

std::unique_ptr<Propagator> make_gossip(const Scheme& scheme, PropagatorHost& host) {
  return std::make_unique<Gossip>(scheme, host);
}

}  // namespace herd
