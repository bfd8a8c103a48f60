// How the scripts of the targets `herd` and `server` choose what a herd's servers do: the scheme by
// its name, and then lines of their own, before the first step.
//
//   p NAME VALUE            a parameter of the scheme
//   b MODE WAIT MAX WINDOW  servers collect records: kPace (0) or kDelay (1), milliseconds, the
//                           records of one line, and bytes (0: no window)
//
// Parameters whose combination the scheme refuses get their initial values.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/outbox.h"
#include "core/schemes/catalogue.h"
#include "tests/fuzz/fuzz.h"

namespace herd::fuzz {

// Returns the scheme of this name; `otherwise` if there is none.
inline Scheme scheme_of(std::string_view name, Scheme otherwise) {
  const SchemeInfo* const info = find_scheme(name);
  return info == nullptr ? otherwise : Scheme(*info);
}

// Durations are short, so that a play can wait for them, but rounds are not so short that it takes
// long to compute them.
inline std::int64_t parameter_value(const SchemeParameter& parameter, Words& words) {
  using Kind = SchemeParameter::Kind;
  constexpr std::uint32_t kMostMs = 400, kLeastRoundMs = 100, kMostCount = 10;
  const auto in_range = [&](std::int64_t value) {
    return std::clamp(value, parameter.min, parameter.max);
  };
  switch (parameter.kind) {
    case Kind::kDuration: {
      const std::uint32_t ms = words.below(kMostMs);
      if (ms == 0) return in_range(0) == 0 ? 0 : parameter.initial;
      return in_range(Duration(std::chrono::milliseconds(std::max(ms, kLeastRoundMs))).count());
    }
    case Kind::kChoice:
      return words.below(static_cast<std::uint32_t>(parameter.choices.size()));
    case Kind::kCounted: {
      const auto choice = words.below(static_cast<std::uint32_t>(parameter.choices.size()));
      return SchemeParameter::counted(choice, in_range(words.below(kMostCount)));
    }
    case Kind::kShare:
    case Kind::kFlag:
      return words.below(static_cast<std::uint32_t>(parameter.max) + 1);
    case Kind::kWhole:
      break;
  }
  return in_range(words.below(kMostCount));
}

inline OutboxSpec read_outbox(Words& words) {
  OutboxSpec spec;
  spec.mode = words.below(2) == 0 ? OutboxSpec::Mode::kPace : OutboxSpec::Mode::kDelay;
  spec.wait = std::chrono::milliseconds(words.below(300));
  spec.max = 1 + words.below(20);
  if (const std::uint32_t window = words.below(10'000); window > 0) spec.window = window;
  return spec;
}

// Removes the lines of this kind from the script, and sets what they say.
inline void read_scheme(std::string_view& script, Scheme& scheme, std::optional<OutboxSpec>& outbox,
                        Recovery recovery) {
  const SchemeInfo& info = scheme.info();
  while (script.starts_with("p ") || script.starts_with("b ")) {
    Words words(take_line_of(script));
    if (words.next() == "b") {
      outbox = read_outbox(words);
      continue;
    }
    const auto parameter = std::ranges::find(info.parameters, words.next(), &SchemeParameter::name);
    if (parameter == info.parameters.end()) continue;
    scheme.set(parameter->name, parameter_value(*parameter, words));
  }
  if (info.conflict != nullptr && !info.conflict(scheme, recovery).empty()) scheme = Scheme(info);
}

}  // namespace herd::fuzz
