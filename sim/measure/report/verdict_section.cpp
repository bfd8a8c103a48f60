#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "sim/base/json/parse_json.h"
#include "sim/base/text/markup.h"
#include "sim/base/text/numbers.h"
#include "sim/measure/report/expectation_words.h"
#include "sim/measure/report/sections.h"
#include "sim/measure/results/figure_words.h"
#include "sim/measure/results/human.h"

namespace sim {
namespace {

std::string expectation_row(const json_t* expectation) {
  const std::string_view metric = string_of(json_object_get(expectation, "metric"));
  const json_t* const figure = json_object_get(expectation, "figure");
  const bool held = json_is_true(json_object_get(expectation, "held"));
  const std::string exact =
      json_is_number(figure) ? real_text(json_number_value(figure)) : std::string();
  return fmt::format(
      "<tr class=\"{}\"><td><span class=\"badge\">{}</span></td><td>{}</td><td><a "
      "href=\"#{}\">{}</a></td><td class=\"n\" data-value=\"{}\">{}</td><td>{}</td></tr>\n",
      held ? "held" : "failed", held ? "✓ held" : "✗ failed",
      html_text(string_of(json_object_get(expectation, "herd"))), anchor_of(metric),
      html_text(metric), exact, html_text(figure_words(metric, figure)),
      html_text(bound_words(expectation)));
}

struct Expectations {
  std::vector<const json_t*> list;  // failing ones first
  std::size_t failed = 0;
};

Expectations expectations_of(const json_t* run) {
  Expectations out;
  const json_t* const list = json_object_get(run, "expectations");
  for (std::size_t i = 0; i < json_array_size(list); ++i) {
    out.list.push_back(json_array_get(list, i));
  }
  const auto held = [](const json_t* each) { return json_is_true(json_object_get(each, "held")); };
  const auto middle = std::stable_partition(out.list.begin(), out.list.end(),
                                            [&](const json_t* each) { return !held(each); });
  out.failed = static_cast<std::size_t>(middle - out.list.begin());
  return out;
}

// The numbers of violations by herd; the summary counts those too that run.json does not list.
std::string violation_lists(RunFolder& folder, double& total) {
  const CsvColumns* const summary = folder.table("summary.csv");
  std::string out;
  for (std::size_t row = 0; summary != nullptr && row < summary->rows(); ++row) {
    const std::string herd(summary->at(row, "herd"));
    const double count = read_real(summary->at(row, "violations")).value_or(0);
    total += count;
    const json_t* const listed =
        json_object_get(json_object_get(folder.run(), "violations"), herd.c_str());
    if (count == 0 && json_array_size(listed) == 0) continue;
    out += fmt::format("<h3>{}: {} broken promises</h3>\n<ul class=\"violations\">\n",
                       html_text(herd), with_separators(static_cast<std::int64_t>(count)));
    for (std::size_t i = 0; i < json_array_size(listed); ++i) {
      out += "<li>" + html_text(string_of(json_array_get(listed, i))) + "</li>\n";
    }
    out += "</ul>\n";
  }
  return out;
}

std::string lag_words(const json_t* run) {
  const json_t* const lag = json_object_get(run, "schedule_lag");
  const json_t* const p99 = json_object_get(lag, "p99_us");
  if (!json_is_number(p99)) return "No client had anything to do.";
  const auto late = [&](const char* key) {
    const double us = json_number_value(json_object_get(lag, key));
    return herd::Duration(std::llround(us * 1000));
  };
  if (late("p99_us") > kLagWorthTelling) {
    return "Warning, late script: " + late_script_words(late("p99_us"), late("max_us"));
  }
  if (late("max_us").count() == 0) {
    return "The clients kept to the script exactly: no action came late.";
  }
  return "The clients kept to the script: 99 of 100 actions came at most " +
         human_duration(late("p99_us")) + " late, the worst " + human_duration(late("max_us")) +
         ".";
}

// Returns what became of the updates of each herd in which some did not reach every server.
std::string delivery_list(RunFolder& folder) {
  const CsvColumns* const summary = folder.table("summary.csv");
  std::string out;
  for (std::size_t row = 0; summary != nullptr && row < summary->rows(); ++row) {
    const auto count = [&](std::string_view column) {
      return read_whole<std::uint64_t>(summary->at(row, column));
    };
    const auto accepted = count("accepted"), covered = count("covered");
    const auto superseded = count("superseded_on_way");
    if (!accepted || !covered || !superseded || *covered >= *accepted) continue;
    out += fmt::format("<li>{}: {}.</li>\n", html_text(summary->at(row, "herd")),
                       html_text(delivery_words(*accepted, *covered, *superseded)));
  }
  return out.empty() ? out : "<h3>What became of the updates</h3>\n<ul>\n" + out + "</ul>\n";
}

std::string command_of(RunFolder& folder) {
  const json_t* const seed = json_object_get(folder.run(), "seed");
  return fmt::format("jq .scenario run.json | herdsim run - --seed {} --clock {} --out DIR",
                     json_is_integer(seed) ? json_integer_value(seed) : 0, folder.text("clock"));
}

std::string headline(const Expectations& expectations, double violations, bool complete) {
  const bool good = expectations.failed == 0 && violations == 0 && complete;
  std::string words;
  const auto add = [&](const std::string& part) { words += (words.empty() ? "" : " ") + part; };
  if (!complete) add("The run was interrupted: the figures cover only the time until then.");
  if (violations > 0) {
    add(fmt::format("{} broken promises of the protocol: do not trust the other figures.",
                    with_separators(static_cast<std::int64_t>(violations))));
  }
  if (expectations.failed > 0) {
    add(fmt::format("{} of {} expectations failed.", expectations.failed,
                    expectations.list.size()));
  } else if (expectations.list.empty()) {
    add("The scenario expects nothing, so nothing could fail.");
  } else {
    add(fmt::format("All {} expectations hold.", expectations.list.size()));
  }
  if (violations == 0) add("The checker found no broken promise.");
  return fmt::format(
      "<p class=\"headline {}\" role=\"status\"><span aria-hidden=\"true\">{}</span> {}</p>\n",
      good ? "good" : "bad", good ? "✓" : "✗", words);
}

std::string notes_list(const json_t* run) {
  const json_t* const notes = json_object_get(run, "notes");
  std::string out;
  for (std::size_t i = 0; i < json_array_size(notes); ++i) {
    out += "<li>" + html_text(string_of(json_array_get(notes, i))) + "</li>\n";
  }
  return out.empty() ? out : "<h3>Notes</h3>\n<ul>\n" + out + "</ul>\n";
}

std::string expectation_table(const Expectations& expectations) {
  if (expectations.list.empty()) return {};
  std::string rows;
  for (const json_t* const each : expectations.list) rows += expectation_row(each);
  return fmt::format(
      "<details class=\"expectations\"{}><summary>Expectations: {} of {} held</summary>\n<div "
      "class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Expectations\"><table><thead>"
      "<tr><th>result</th><th>herd</th><th>metric</th><th class=\"n\">figure</th><th>should be"
      "</th></tr></thead><tbody>\n{}</tbody></table></div></details>\n",
      expectations.failed > 0 || expectations.list.size() <= 8 ? " open" : "",
      expectations.list.size() - expectations.failed, expectations.list.size(), rows);
}

}  // namespace

std::string verdict_section(RunFolder& folder) {
  const Expectations expectations = expectations_of(folder.run());
  double violations = 0;
  const std::string listed = violation_lists(folder, violations);
  const bool complete = json_is_true(json_object_get(folder.run(), "complete"));
  const std::string_view about =
      string_of(json_object_get(json_object_get(folder.run(), "scenario"), "about"));
  return section("verdict", "Verdict", html_text(about),
                 headline(expectations, violations, complete) + listed +
                     expectation_table(expectations) + "<p>" + html_text(lag_words(folder.run())) +
                     "</p>\n" + delivery_list(folder) + notes_list(folder.run()) +
                     "<p>To run it again: <code class=\"command\">" +
                     html_text(command_of(folder)) + "</code></p>\n");
}

}  // namespace sim
