// The propagation schemes as values: which scheme a herd uses, with which parameters. A scheme
// decides to which neighbours a server sends a newly accepted record. core/schemes/ contains the
// schemes, and catalogue.h the list of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/ids.h"
#include "core/recovery.h"
#include "core/time.h"

namespace herd {

class Propagator;
class PropagatorHost;
class Scheme;

// A parameter of a scheme, as scenario files name it. Its value is kept as a whole number.
struct SchemeParameter {
  enum class Kind {
    kDuration,  // nanoseconds
    kWhole,     // a count
    kChoice,    // an index into `choices`
    kCounted,   // one of `choices` with a count, as {"rounds": 2}: see counted()
    kShare,     // in millionths; a scenario gives a number from 0 to 1
    kFlag,      // 1: true
  };
  std::string_view name;
  Kind kind = Kind::kWhole;
  std::int64_t min = 0, max = 0;  // inclusive; of kCounted, of the count
  // The value if the scenario does not give one; kDerived: the scheme derives it from the herd;
  // kNever, of a duration: a scenario may also write "never".
  std::int64_t initial = 0;
  std::span<const std::string_view> choices;      // of kChoice and kCounted
  std::string_view meaning;                       // a sentence; says what is derived if that is so
  std::span<const std::string_view> counts = {};  // of kCounted: what each choice counts

  static constexpr std::int64_t kDerived = -1, kNever = -2;
  // The value of a kCounted parameter.
  static constexpr std::int64_t counted(std::int64_t choice, std::int64_t count) {
    return choice << 32 | count;
  }
};

// The cost of an update that meets no fault and that no newer one overtakes.
struct UpdateCost {
  std::uint64_t messages = 0, duplicates = 0, echoes = 0;
  friend bool operator==(const UpdateCost&, const UpdateCost&) = default;
};

// Limits that hold for every such update in a connected part of a herd.
struct UpdateBounds {
  static constexpr std::uint64_t kAny = UINT64_MAX;
  std::uint64_t most_messages = 0;  // kAny: no bound is known
  bool covers = true;               // every server gets the update, or a newer one of its client
  std::optional<UpdateCost> exact = std::nullopt;

  static UpdateBounds of(const UpdateCost& cost) { return {cost.messages, true, cost}; }
};

// A connected part of a herd.
struct HerdPart {
  std::uint64_t servers = 0;
  std::uint64_t links = 0;           // that are up
  std::uint64_t most_neighbors = 0;  // that any of its servers has, with links that are down
};

// A scheme's row in the catalogue.
struct SchemeInfo {
  enum class Relay : std::uint8_t {
    kEcho,          // to every neighbour, also the sender
    kSplitHorizon,  // to every neighbour except the sender
    kOwn,           // a Propagator decides
  };
  std::string_view name;     // in scenario files and CSV
  std::string_view meaning;  // a sentence
  Relay relay = Relay::kOwn;
  // It routes by a map of the herd's links. While the map is not that of the links, no bound holds.
  bool uses_map = false;
  // It may announce a record in place of sending it. An announcement is lost with its link.
  bool announces = false;
  std::span<const std::string_view> words;  // the first words of its own lines on links
  std::span<const SchemeParameter> parameters;
  // Makes one server's part of the scheme. Null unless relay is kOwn.
  std::unique_ptr<Propagator> (*make)(const Scheme& scheme, PropagatorHost& host) = nullptr;
  UpdateBounds (*bounds)(const Scheme& scheme, const HerdPart& part) = nullptr;
  // Returns the cost of an update if the one before it in the same tree (of the same origin, or the
  // herd's only one) met no fault, and has been over for long. Null if nothing is learnt.
  UpdateCost (*learnt)(const Scheme& scheme, const HerdPart& part) = nullptr;
  // Whether all origins share what is learnt. Null: never.
  bool (*shares)(const Scheme& scheme) = nullptr;
  // Returns what is wrong with the parameters together, and, after a colon, what would be right;
  // empty if nothing is wrong. Null if any are right.
  std::string_view (*conflict)(const Scheme& scheme, Recovery recovery) = nullptr;
};

// A scheme with its parameters. Copies are cheap: a Scheme refers to its row, which must outlive
// it.
class Scheme {
 public:
  static constexpr std::size_t kMostParameters = 12;

  static const Scheme kFloodEcho;  // the paper's scheme
  static const Scheme kFlood;      // split horizon

  // The scheme with the initial values of its parameters.
  explicit constexpr Scheme(const SchemeInfo& info) : info_(&info) {
    for (std::size_t i = 0; i < info.parameters.size(); ++i) {
      values_[i] = info.parameters[i].initial;
    }
  }

  const SchemeInfo& info() const { return *info_; }
  // Returns the parameter's value. Precondition: the scheme has a parameter of this name.
  std::int64_t value(std::string_view parameter) const;
  // Returns the parameter as a duration; nullopt if the scheme derives it, or if it is "never".
  std::optional<Duration> duration(std::string_view parameter) const;
  // Returns the choice and the count of a kCounted parameter.
  std::pair<std::int64_t, std::int64_t> counted(std::string_view parameter) const {
    return {value(parameter) >> 32, value(parameter) & 0xffff'ffff};
  }
  // Returns true if a kFlag parameter is set.
  bool flag(std::string_view parameter) const { return value(parameter) == 1; }
  // Preconditions: the scheme has the parameter, and the value is within its range.
  void set(std::string_view parameter, std::int64_t value);

  friend bool operator==(const Scheme&, const Scheme&) = default;

 private:
  const SchemeInfo* info_;
  std::array<std::int64_t, kMostParameters> values_{};
};

// The two floods have no state, so the server does what they say itself: relays_to().
inline constexpr SchemeInfo kFloodEchoInfo{
    .name = "flood-echo",
    .meaning = "A server sends a new record to every neighbour, as in the paper.",
    .relay = SchemeInfo::Relay::kEcho,
    .words = {},
    .parameters = {},
    .make = nullptr,
    // Each server sends on each of its links once; N - 1 messages are useful, and each of these is
    // answered by an echo.
    .bounds =
        [](const Scheme&, const HerdPart& part) {
          const std::uint64_t useful = part.servers - 1;
          return UpdateBounds::of({2 * part.links, 2 * part.links - useful, useful});
        },
};

// Returns the cost of an update if each server sends it on each of its links but the one that it
// came from.
constexpr UpdateCost flood_cost(const HerdPart& part) {
  const std::uint64_t messages = 2 * part.links - (part.servers - 1);
  return {messages, messages - (part.servers - 1), 0};
}

inline constexpr SchemeInfo kFloodInfo{
    .name = "flood",
    .meaning = "A server sends a new record to every neighbour except the one that it came from.",
    .relay = SchemeInfo::Relay::kSplitHorizon,
    .words = {},
    .parameters = {},
    .make = nullptr,
    .bounds = [](const Scheme&,
                 const HerdPart& part) { return UpdateBounds::of(flood_cost(part)); },
};

inline constexpr Scheme Scheme::kFloodEcho{kFloodEchoInfo};
inline constexpr Scheme Scheme::kFlood{kFloodInfo};

// Returns the scheme's name in scenario files and CSV, such as "flood-echo".
inline std::string_view to_string(const Scheme& scheme) { return scheme.info().name; }

// Returns true if a new record from `from` (nullopt: from a client) is sent to `to`. Precondition:
// the scheme is one of the two floods.
constexpr bool relays_to(SchemeInfo::Relay flood, std::optional<NeighborId> from, NeighborId to) {
  return flood == SchemeInfo::Relay::kEcho || from != to;
}

}  // namespace herd
