#include "sim/measure/checker/checker.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <utility>

#include "core/format.h"
#include "core/herd_map.h"
#include "sim/base/text/quoted.h"
#include "sim/measure/checker/closed_forms.h"

namespace sim {
namespace {

constexpr std::size_t kKept = 100;

// Returns true if all links only take their time, and no server ever waits.
bool has_plain_links(const HerdSpec& spec) {
  const auto is_plain = [](const LinkConditions& way) {
    return way.jitter.amount == Duration(0) && way.bandwidth_bps == 0 && way.loss == 0;
  };
  for (std::uint32_t i = 0; i < spec.links.size(); ++i) {
    const TwoWayConditions& both = spec.conditions_of(i);
    if (!is_plain(both.forward) || !is_plain(both.backward)) return false;
  }
  return spec.steady && spec.service_time == Duration(0);
}

Duration longest_latency(const HerdSpec& spec) {
  Duration longest{0};
  for (std::uint32_t i = 0; i < spec.links.size(); ++i) {
    const TwoWayConditions& both = spec.conditions_of(i);
    longest = std::max({longest, both.forward.latency, both.backward.latency});
  }
  return longest;
}

// Returns a time after which nothing follows from an update any more: what its scheme waits for,
// and some ways through the herd. On a real machine processes wait for the processor too.
Duration calms_down_within(const HerdSpec& spec, ClockKind clock) {
  const herd::Scheme& scheme = spec.propagation;
  Duration waits{0};
  for (const herd::SchemeParameter& each : scheme.info().parameters) {
    if (each.kind != herd::SchemeParameter::Kind::kDuration) continue;
    waits += scheme.duration(each.name).value_or(Duration(0));
  }
  const auto servers = static_cast<std::int64_t>(spec.servers.size());
  const Duration slack = clock == ClockKind::kLive ? Duration(std::chrono::seconds(1))
                                                   : Duration(std::chrono::milliseconds(40));
  return 2 * waits + (10 + 2 * servers) * longest_latency(spec) + slack;
}

class Checker {
 public:
  Checker(const HerdOutcome& outcome, const UpdateLedger& ledger, ClockKind clock)
      : outcome_(outcome),
        ledger_(ledger),
        clock_(clock),
        accepted_(outcome.recorder.accepted()),
        covers_(bounds_of(outcome.spec.propagation, whole_of(outcome.spec)).covers) {}

  Violations run() {
    for (std::uint32_t s = 0; s < outcome_.spec.servers.size(); ++s) {
      last_start_ = std::max(last_start_, outcome_.recorder.last_start(s));
    }
    for (const LinkChange& change : outcome_.recorder.link_changes()) {
      if (change.state == LinkState::kDown) last_drop_ = change.at;
    }
    take_over(outcome_.recorder.violations(), outcome_.recorder.violation_count());
    take_over(outcome_.clients.violations, outcome_.clients.violation_count);
    if (!knows_inside(outcome_.observed)) {
      check_answers();
      // The closed forms hold only for a herd that was told its propagation scheme. Other herds may
      // flood in their own way.
      const auto& engine = outcome_.spec.external;
      const bool told = engine && mentions(*engine, "propagation");
      if (outcome_.observed == Observed::kLinks && outcome_.quiet && told) check_closed_forms();
      return std::move(out_);
    }
    take_over(ledger_.held.foreign().sentences, ledger_.held.foreign().count);
    take_over(ledger_.held.altered().sentences, ledger_.held.altered().count);
    check_origins();
    check_answers();
    if (outcome_.spec.central) {
      check_database();
      return std::move(out_);
    }
    check_balance();
    if (outcome_.quiet) {
      check_agreement();
      check_closed_forms();
      if (outcome_.rests) check_maps();
      if (outcome_.spec.propagation.info().learnt != nullptr) check_learnt();
    }
    return std::move(out_);
  }

 private:
  void take_over(const std::vector<std::string>& sentences, std::uint64_t count) {
    out_.count += count;
    for (const std::string& sentence : sentences) keep(sentence);
  }

  void keep(const std::string& sentence) {
    if (out_.sentences.size() < kKept) out_.sentences.push_back(sentence);
  }

  // `words` makes the sentence, if it will be kept.
  template <class Words>
  void violation(Words words) {
    ++out_.count;
    if (!full()) out_.sentences.push_back(words());
  }
  bool full() const { return out_.sentences.size() >= kKept; }

  std::string name(std::uint32_t accepted) const {
    const AcceptedUpdate& update = accepted_[accepted];
    const std::uint32_t planned = ledger_.planned_as[accepted];
    return (planned == kNoIndex ? std::string("an update") : "update " + std::to_string(planned)) +
           " of " + shown_id(outcome_.recorder.subjects()[update.subject]) + " at " +
           server(update.server);
  }
  const std::string& server(std::uint32_t index) const { return outcome_.spec.servers[index].name; }

  void check_origins() {
    for (std::uint32_t i = 0; i < accepted_.size(); ++i) {
      if (ledger_.planned_as[i] != kNoIndex) continue;
      violation([&] {
        std::string words = name(i) + " was sent by no client, with the time ";
        herd::append_time(words, accepted_[i].time_ns);
        return words;
      });
    }
  }

  // Checks that the database holds the newest update of each client that it ever committed.
  void check_database() {
    for (std::uint32_t subject = 0; subject < ledger_.history.size(); ++subject) {
      const auto& history = ledger_.history[subject];
      if (history.empty() || ledger_.held.of(subject).front() + 1 == history.size()) continue;
      violation(
          [&] { return "the database lacks " + name(history.back()) + ", which it committed"; });
    }
  }

  // A server that died or was paused before it could answer has broken no promise, and neither has
  // one that still waits for Places, or that the machine gave no time to read its clients' lines.
  void check_answers() {
    if (!outcome_.clients_left_waiting) return;
    for (const Unanswered& lines : outcome_.clients.unanswered) {
      const ServerOutcome& asked = outcome_.servers[lines.server];
      if (!asked.up || asked.paused || asked.has_waiting_answers) continue;
      ++out_.count;
      if (!lines.sentence.empty()) keep(lines.sentence);
    }
  }

  void check_balance() {
    FloodCounts all;
    std::uint64_t again = 0, stale = 0, lost = 0;
    for (const AcceptedUpdate& update : accepted_) {
      all.messages += update.messages;
      all.deliveries += update.reached - 1;
      all.duplicates += update.duplicates;
      stale += update.stale;
      lost += update.lost;
    }
    for (const ServerCounts& server : outcome_.recorder.servers()) again += server.deliveries_again;
    if (all.messages != all.deliveries + again + all.duplicates + stale + lost) {
      violation([&] {
        return std::to_string(all.messages) + " messages between the servers are not " +
               std::to_string(all.deliveries) + " deliveries, " + std::to_string(again) +
               " deliveries again, " + std::to_string(all.duplicates) + " duplicates, " +
               std::to_string(stale) + " stale and " + std::to_string(lost) +
               " lost, although every message is one of these";
      });
    }
  }

  // Returns whether a server may lack an update that a server connected to it holds.
  bool is_excused(std::uint32_t lacking, const AcceptedUpdate& missing) const {
    if (!covers_) return true;
    if (outcome_.spec.recovery == herd::Recovery::kSync) return false;
    const auto start = outcome_.recorder.last_start(lacking);
    if (missing.met_fault || (start && missing.accepted < *start)) return true;
    // It was perhaps only announced so far, on a link that was lost then.
    const bool announces = outcome_.spec.propagation.info().announces;
    if (announces && last_drop_ && missing.accepted <= *last_drop_) return true;
    // A newer update, which no server holds any more, stopped it on its way.
    return missing.stale > 0 && last_start_ && missing.accepted < *last_start_;
  }

  // A server that died accepts an update again if the client repeats it. A server that holds the
  // first one relays the repeat only if the repeat is newer because of a clock's skew. Otherwise
  // the repeat reaches only the servers that the first one reached.
  bool repeats_what_is_excused(std::uint32_t lacking, std::uint32_t subject,
                               std::uint32_t place) const {
    const auto& history = ledger_.history[subject];
    const AcceptedUpdate& repeated = accepted_[history[place]];
    while (place-- > 0) {
      const AcceptedUpdate& first = accepted_[history[place]];
      if (first.time_ns != repeated.time_ns || first.location_hash != repeated.location_hash ||
          first.server != repeated.server) {
        return false;
      }
      if (is_excused(lacking, first)) return true;
    }
    return false;
  }

  // On its way, by overtaking or in an outbox, a newer update may take an update's place. If a
  // fault then keeps the newer one from the server, the server gets neither.
  bool gave_way_to_what_is_excused(std::uint32_t lacking, std::uint32_t subject,
                                   std::uint32_t place) const {
    const auto& history = ledger_.history[subject];
    if (accepted_[history[place]].stale == 0 && !outcome_.spec.has_outbox()) return false;
    return std::any_of(history.begin() + place + 1, history.end(),
                       [&](std::uint32_t newer) { return is_excused(lacking, accepted_[newer]); });
  }

  // For one part of the herd: the number of a client's updates, from the oldest on, up to the
  // newest that any server of the part holds. If other servers lack one of them, there must be an
  // excuse. 0, which is kNoIndex + 1, means none.
  struct Newest {
    std::uint32_t updates = 0;
    std::uint32_t holder = 0;  // a server that holds it
  };

  void check_agreement() {
    const Components parts = find_components(outcome_.spec, outcome_.links_up);
    std::vector<Newest> newest(parts.list.size());
    for (std::uint32_t subject = 0; subject < ledger_.history.size(); ++subject) {
      const std::span<const std::uint32_t> places = ledger_.held.of(subject);
      if (std::adjacent_find(places.begin(), places.end(), std::not_equal_to<>()) == places.end()) {
        continue;  // all servers hold the same
      }
      std::fill(newest.begin(), newest.end(), Newest{});
      for (std::uint32_t s = 0; s < places.size(); ++s) {
        Newest& best = newest[parts.of_server[s]];
        if (places[s] + 1 > best.updates) best = {places[s] + 1, s};
      }
      for (std::uint32_t s = 0; s < places.size(); ++s) {
        const Newest& best = newest[parts.of_server[s]];
        if (!outcome_.servers[s].up || places[s] + 1 == best.updates) continue;
        if (repeats_what_is_excused(s, subject, best.updates - 1)) continue;
        if (gave_way_to_what_is_excused(s, subject, best.updates - 1)) continue;
        lacks(s, ledger_.history[subject][best.updates - 1], best.holder);
      }
    }
  }

  void lacks(std::uint32_t lacking, std::uint32_t missing, std::uint32_t holder) {
    if (is_excused(lacking, accepted_[missing])) return;
    violation([&] {
      return "server " + server(lacking) + " lacks " + name(missing) + ", which " + server(holder) +
             " holds, a server that it is connected to" +
             (outcome_.spec.recovery == herd::Recovery::kNone ? ", and which met no fault" : "");
    });
  }

  void check_closed_forms() {
    std::uint32_t topology = kNoIndex;  // the topology that `parts` belongs to
    Components parts;
    for (std::uint32_t i = 0; i < accepted_.size(); ++i) {
      const AcceptedUpdate& update = accepted_[i];
      if (update.met_change || update.lost > 0 || update.stale > 0) continue;
      // Updates are in the order of their topologies.
      if (std::exchange(topology, update.topology) != update.topology) {
        parts = find_components(outcome_.spec, outcome_.recorder.topologies()[topology]);
      }
      const Component& part = parts.list[parts.of_server[update.server]];
      herd::UpdateBounds bounds = bounds_of(outcome_.spec.propagation, part);
      // In an outbox a newer update takes an older one's place. So it is sent less often, and may
      // also go out where the scheme sent only the older one: once in each direction of a link.
      if (outcome_.spec.has_outbox() && bounds.most_messages != herd::UpdateBounds::kAny) {
        bounds.most_messages += 2 * part.links;
      }
      const auto expected = outcome_.spec.has_outbox() ? std::nullopt : closed_form(bounds, part);
      const FloodCounts counted{update.messages, update.reached - 1, update.duplicates,
                                update.echoes};
      if (expected && counted != *expected) {
        violation([&] {
          return name(i) + " took " + words(counted) + " where the closed form is " +
                 words(*expected);
        });
      } else if (counted.messages > bounds.most_messages) {
        violation([&] {
          return name(i) + " took " + words(counted) + " where the scheme takes at most " +
                 std::to_string(bounds.most_messages) + " messages";
        });
      }
    }
  }

  // Servers that are connected know the same of the herd's links.
  void check_maps() {
    const Recorder& recorder = outcome_.recorder;
    const Components parts = find_components(outcome_.spec, outcome_.links_up);
    std::vector<std::uint32_t> first(parts.list.size(), kNoIndex);  // that is up, of each part
    for (std::uint32_t s = 0; s < outcome_.spec.servers.size(); ++s) {
      const auto map = recorder.maps().of(s);
      if (!map || *map == herd::kSettlingMap) continue;
      std::uint32_t& other = first[parts.of_server[s]];
      if (other == kNoIndex) {
        other = s;
      } else if (recorder.maps().of(other) != map) {
        violation([&] {
          return "server " + server(s) + " routes by another map than " + server(other) +
                 ", a server that it is connected to";
        });
      }
    }
  }

  // After some updates that nothing disturbed, one after the other, the next one in their tree
  // takes what the scheme has learnt. Only on links that take the same time for each line:
  // otherwise one may overtake.
  void check_learnt() {
    constexpr int kLessons = 4;
    if (outcome_.spec.has_outbox() || !has_plain_links(outcome_.spec)) return;
    struct Tree {
      std::uint32_t last = kNoIndex;
      int lessons = 0;  // updates before the last one that nothing disturbed
    };
    const herd::Scheme& scheme = outcome_.spec.propagation;
    const bool shares = scheme.info().shares(scheme);
    const Duration calm = calms_down_within(outcome_.spec, clock_);
    std::vector<Tree> trees(shares ? 1 : outcome_.spec.servers.size());
    for (std::uint32_t i = 0; i < accepted_.size(); ++i) {
      const AcceptedUpdate& update = accepted_[i];
      Tree& tree = trees[shares ? 0 : update.server];
      const bool follows = tree.last != kNoIndex && follows_calmly(tree.last, i, calm);
      tree = {i, follows ? tree.lessons + 1 : 0};
      const bool has_next = i + 1 < accepted_.size();
      if (has_next && accepted_[i + 1].accepted - update.last_delivery < calm) tree.last = kNoIndex;
      if (tree.last != kNoIndex && tree.lessons >= kLessons) check_learnt(i);
    }
  }
  void check_learnt(std::uint32_t i) {
    const AcceptedUpdate& update = accepted_[i];
    const herd::Scheme& scheme = outcome_.spec.propagation;
    const Components parts =
        find_components(outcome_.spec, outcome_.recorder.topologies()[update.topology]);
    const herd::UpdateCost cost =
        scheme.info().learnt(scheme, parts.list[parts.of_server[update.server]]);
    if (update.messages <= cost.messages) return;
    violation([&] {
      return name(i) + " took " + std::to_string(update.messages) +
             " messages, long after others of its tree, where " + std::to_string(cost.messages) +
             " are needed";
    });
  }
  // Returns true if nothing disturbed two updates, and the first was over long before the second.
  bool follows_calmly(std::uint32_t first, std::uint32_t second, Duration calm) const {
    const AcceptedUpdate& a = accepted_[first];
    const AcceptedUpdate& b = accepted_[second];
    return !is_disturbed(a) && !is_disturbed(b) && a.topology == b.topology &&
           b.accepted - a.last_delivery >= calm;
  }
  static bool is_disturbed(const AcceptedUpdate& update) {
    return update.met_fault || update.met_change || update.lost > 0 || update.stale > 0;
  }

  static std::string words(const FloodCounts& counts) {
    return std::to_string(counts.messages) + " messages, " + std::to_string(counts.deliveries) +
           " deliveries, " + std::to_string(counts.duplicates) + " duplicates and " +
           std::to_string(counts.echoes) + " echoes";
  }

  const HerdOutcome& outcome_;
  const UpdateLedger& ledger_;
  const ClockKind clock_;
  const AcceptedLog& accepted_;
  const bool covers_;                        // the scheme gets an update to every server
  std::optional<herd::Instant> last_start_;  // of any server; nullopt: no server died
  std::optional<herd::Instant> last_drop_;   // of any link; nullopt: no link was lost
  Violations out_;
};

}  // namespace

Violations check(const HerdOutcome& outcome, const UpdateLedger& ledger, ClockKind clock) {
  return Checker(outcome, ledger, clock).run();
}

}  // namespace sim
