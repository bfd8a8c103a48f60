#include "sim/script/read/read_propagation.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/schemes/catalogue.h"
#include "sim/script/read/fields.h"
#include "sim/script/read/kinds.h"

namespace sim {
namespace {

ChoiceKind<const herd::SchemeInfo*> scheme_names() {
  ChoiceKind<const herd::SchemeInfo*> kind;
  for (const herd::SchemeInfo* const each : herd::schemes()) {
    kind.choices.push_back({each->name, each});
  }
  return kind;
}

ChoiceKind<herd::Recovery> recovery_names() {
  ChoiceKind<herd::Recovery> kind;
  for (const herd::Recovery each : {herd::Recovery::kNone, herd::Recovery::kSync}) {
    kind.choices.push_back({herd::to_string(each), each});
  }
  return kind;
}

const Fields<RecoverySpec>& recovery_fields() {
  static const Fields<RecoverySpec> kFields = {
      {"scheme", recovery_names(), &RecoverySpec::recovery, "The recovery's name.", required()},
      {"every", kDurationFrom1ms, &RecoverySpec::every,
       "How long after a comparison two neighbours compare again. Default: they compare when their "
       "link comes up."},
  };
  return kFields;
}

// A duration, or "never".
struct DurationOrNeverKind {
  DurationKind duration;

  std::optional<herd::Duration> read(const JsonNode& node, Problems& problems) const {
    if (json_is_string(node.json) && std::string_view(json_string_value(node.json)) == "never") {
      return herd::Duration(herd::SchemeParameter::kNever);
    }
    return duration.read(node, problems);
  }
  Schema schema() const { return one_of({duration.schema(), R"("const": "never")"}); }
  std::string shown(herd::Duration value) const {
    return value.count() == herd::SchemeParameter::kNever ? to_json("never")
                                                          : duration.shown(value);
  }
};

// One of a few names with a count, as {"rounds": 2}.
struct CountedKind {
  const herd::SchemeParameter& parameter;

  WholeKind count() const { return {parameter.min, parameter.max}; }
  std::string allowed() const {
    std::string out;
    for (const std::string_view each : parameter.choices) {
      out += (out.empty() ? "{\"" : " or {\"") + std::string(each) + "\": COUNT}";
    }
    return out;
  }
  std::optional<std::int64_t> read(const JsonNode& node, Problems& problems) const {
    ObjectReader object(node, problems, allowed());
    if (!object.is_object()) return std::nullopt;
    std::optional<std::int64_t> out;
    for (std::size_t i = 0; i < parameter.choices.size(); ++i) {
      const auto member = object.optional(parameter.choices[i]);
      if (!member) continue;
      if (out) {
        problems.add(node.path, "has more than one member", "one: " + allowed());
        return std::nullopt;
      }
      const auto read = count().read(*member, problems);
      if (!read) return std::nullopt;
      out = herd::SchemeParameter::counted(static_cast<std::int64_t>(i), *read);
    }
    object.finish();
    if (!out && json_object_size(node.json) == 0) {
      problems.add(node.path, "is empty", allowed());
    }
    return out;
  }
  Schema schema() const {
    std::vector<Schema> forms;
    for (std::size_t i = 0; i < parameter.choices.size(); ++i) {
      const Schema described =
          Schema(R"("description": )" + to_json(parameter.counts[i])) + count().schema();
      forms.push_back(
          object_schema({Property{std::string(parameter.choices[i]), described, true}}));
    }
    return one_of(forms);
  }
  std::string shown(std::int64_t value) const {
    return "{" + to_json(parameter.choices[static_cast<std::size_t>(value >> 32)]) + ": " +
           std::to_string(value & 0xffff'ffff) + "}";
  }
};

struct MillionthsKind {
  static std::optional<std::int64_t> read(const JsonNode& node, Problems& problems) {
    const auto share = kShare.read(node, problems);
    if (!share) return std::nullopt;
    return std::llround(*share * 1e6);
  }
  static Schema schema() { return kShare.schema(); }
  static std::string shown(std::int64_t value) {
    return kShare.shown(static_cast<double>(value) / 1e6);
  }
};

struct OneOrZeroKind {
  static std::optional<std::int64_t> read(const JsonNode& node, Problems& problems) {
    const auto flag = FlagKind{}.read(node, problems);
    if (!flag) return std::nullopt;
    return *flag ? 1 : 0;
  }
  static Schema schema() { return FlagKind{}.schema(); }
  static std::string shown(std::int64_t value) { return FlagKind{}.shown(value == 1); }
};

// Calls `action` with the kind that reads the parameter.
template <class Action>
auto with_kind(const herd::SchemeParameter& parameter, Action action) {
  switch (parameter.kind) {
    case herd::SchemeParameter::Kind::kDuration: {
      const DurationKind kind{herd::Duration(parameter.min), herd::Duration(parameter.max),
                              R"(a duration, as "250ms" or "2s")"};
      if (parameter.initial != herd::SchemeParameter::kNever) return action(kind);
      return action(DurationOrNeverKind{kind});
    }
    case herd::SchemeParameter::Kind::kCounted:
      return action(CountedKind{parameter});
    case herd::SchemeParameter::Kind::kShare:
      return action(MillionthsKind{});
    case herd::SchemeParameter::Kind::kFlag:
      return action(OneOrZeroKind{});
    case herd::SchemeParameter::Kind::kChoice: {
      ChoiceKind<std::int64_t> kind;
      for (std::size_t i = 0; i < parameter.choices.size(); ++i) {
        kind.choices.push_back({parameter.choices[i], static_cast<std::int64_t>(i)});
      }
      return action(kind);
    }
    case herd::SchemeParameter::Kind::kWhole:
      break;
  }
  return action(WholeKind{parameter.min, parameter.max});
}

std::int64_t as_value(herd::Duration duration) { return duration.count(); }
std::int64_t as_value(std::int64_t value) { return value; }

Property property_of(const herd::SchemeParameter& parameter) {
  return with_kind(parameter, [&](const auto& kind) {
    Schema schema = Schema(R"("description": )" + to_json(parameter.meaning)) + kind.schema();
    if (parameter.initial != herd::SchemeParameter::kDerived) {
      using Value = typename decltype(kind.read(std::declval<const JsonNode&>(),
                                                std::declval<Problems&>()))::value_type;
      schema += R"("default": )" + kind.shown(Value(parameter.initial));
    }
    return Property{std::string(parameter.name), schema, false};
  });
}

}  // namespace

std::optional<herd::Scheme> PropagationKind::read(const JsonNode& node, Problems& problems) {
  const auto names = scheme_names();
  if (json_is_string(node.json)) {
    const auto info = names.read(node, problems);
    return info ? std::optional<herd::Scheme>(**info) : std::nullopt;
  }
  ObjectReader object(node, problems, allowed());
  if (!object.is_object()) return std::nullopt;
  const auto name = object.required("scheme", names.allowed());
  const auto info = name ? names.read(*name, problems) : std::nullopt;
  if (!info) return std::nullopt;
  herd::Scheme scheme(**info);
  for (const herd::SchemeParameter& each : (*info)->parameters) {
    const auto value = object.optional(each.name);
    if (!value) continue;
    with_kind(each, [&](const auto& kind) {
      if (const auto read = kind.read(*value, problems)) scheme.set(each.name, as_value(*read));
    });
  }
  object.finish();
  return scheme;
}

std::string PropagationKind::allowed() {
  return R"(a scheme's name, or {"scheme": NAME} with its parameters)";
}

Schema PropagationKind::schema() {
  std::vector<Schema> forms{scheme_names().schema()};
  for (const herd::SchemeInfo* const each : herd::schemes()) {
    Properties properties{tag("scheme", each->name, each->meaning)};
    for (const herd::SchemeParameter& parameter : each->parameters) {
      properties.push_back(property_of(parameter));
    }
    forms.push_back(object_schema(properties));
  }
  return one_of(forms);
}

std::string PropagationKind::shown(const herd::Scheme& scheme) {
  return to_json(scheme.info().name);
}

std::optional<RecoverySpec> RecoveryKind::read(const JsonNode& node, Problems& problems) {
  if (json_is_string(node.json)) {
    const auto recovery = recovery_names().read(node, problems);
    if (!recovery) return std::nullopt;
    return RecoverySpec{*recovery, std::nullopt};
  }
  ObjectReader object(node, problems, allowed());
  if (!object.is_object()) return std::nullopt;
  RecoverySpec spec;
  read_fields(object, recovery_fields(), spec);
  object.finish();
  if (spec.every && spec.recovery == herd::Recovery::kNone) {
    problems.add(node.member_path("every"), "is of a recovery that compares",
                 R"("scheme": "sync", or leave it out)");
  }
  return spec;
}

std::string RecoveryKind::allowed() {
  return R"("none", "sync", or {"scheme": "sync", "every": DURATION})";
}

Schema RecoveryKind::schema() {
  return one_of({recovery_names().schema(), object_schema(recovery_fields())});
}

}  // namespace sim
