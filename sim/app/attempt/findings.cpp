#include "sim/app/attempt/findings.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/text/quoted.h"

namespace sim {
namespace {

// The version of the JSON: it grows if a program that reads the JSON would have to change.
constexpr std::size_t kFormat = 1;

std::string failure_text(const BrokenRule& failure) {
  std::string out = fmt::format("\nWRONG  {} ({})\n", failure.sentence, failure.world);
  const auto add_row = [&](const char* name, const std::string& text) {
    if (!text.empty()) out += fmt::format("       {:<10}{}\n", name, text);
  };
  add_row("sent", failure.sent);
  add_row("expected", failure.expected);
  add_row("came", failure.came);
  if (failure.times > 1) {
    out += fmt::format("       and {} more of this kind\n", failure.times - 1);
  }
  return out;
}

OwnedJson failure_json(const BrokenRule& failure) {
  OwnedJson out(json_object());
  put(out.get(), "rule", failure.rule);
  put(out.get(), "world", failure.world);
  put(out.get(), "sentence", failure.sentence);
  if (!failure.sent.empty()) put(out.get(), "sent", failure.sent);
  if (!failure.expected.empty()) put(out.get(), "expected", failure.expected);
  if (!failure.came.empty()) put(out.get(), "came", failure.came);
  put(out.get(), "times", json_count(failure.times));
  return out;
}

}  // namespace

void Findings::fail(BrokenRule failure) {
  const auto same = std::find_if(failures_.begin(), failures_.end(), [&](const BrokenRule& each) {
    return each.rule == failure.rule && each.world == failure.world;
  });
  if (same != failures_.end()) {
    ++same->times;
  } else {
    failures_.push_back(std::move(failure));
  }
}

void Findings::note(std::string sentence) {
  if (std::find(notes_.begin(), notes_.end(), sentence) == notes_.end()) {
    notes_.push_back(std::move(sentence));
  }
}

bool Findings::has(std::string_view rule) const {
  return std::any_of(failures_.begin(), failures_.end(),
                     [&](const BrokenRule& each) { return each.rule == rule; });
}

std::string shown_bytes(std::string_view bytes) {
  constexpr std::size_t kMost = 160;
  if (bytes.size() <= kMost) return quoted_bytes(bytes);
  return fmt::format("{} and {} more bytes", quoted_bytes(bytes.substr(0, kMost)),
                     bytes.size() - kMost);
}

std::string findings_text(const Findings& findings, const json_t* engine) {
  std::string out =
      "A scenario drives this herd with\n\n\"engine\": " + dump_json(engine, 2) + "\n";
  for (const BrokenRule& each : findings.failures()) out += failure_text(each);
  if (!findings.not_played().empty()) out += "\nnot played\n";
  for (const auto& [what, why] : findings.not_played()) {
    out += fmt::format("  {}: {}\n", what, why);
  }
  if (!findings.notes().empty()) out += "\nnotes\n";
  for (const std::string& each : findings.notes()) out += "  " + each + "\n";
  const std::size_t wrong = findings.failures().size();
  out += fmt::format("\n{} checks held, ", findings.held());
  out += wrong == 0   ? "nothing is wrong\n"
         : wrong == 1 ? "1 rule is broken\n"
                      : fmt::format("{} rules are broken\n", wrong);
  return out;
}

std::string findings_json(const Findings& findings, const json_t* engine) {
  OwnedJson out(json_object());
  put(out.get(), "format", json_count(kFormat));
  put(out.get(), "ok", json_flag(findings.failures().empty()));
  put(out.get(), "engine", copy_of(engine));
  put(out.get(), "held", json_count(findings.held()));
  OwnedJson failures(json_array()), not_played(json_array());
  for (const BrokenRule& each : findings.failures()) add(failures.get(), failure_json(each));
  for (const auto& [what, why] : findings.not_played()) {
    OwnedJson item(json_object());
    put(item.get(), "what", what);
    put(item.get(), "why", why);
    add(not_played.get(), std::move(item));
  }
  put(out.get(), "failures", std::move(failures));
  put(out.get(), "not_played", std::move(not_played));
  put(out.get(), "notes", json_texts(findings.notes()));
  return dump_json(out.get(), 2) + "\n";
}

}  // namespace sim
