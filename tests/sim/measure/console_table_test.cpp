#include "sim/measure/results/console_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "sim/base/text/utf8.h"
#include "tests/sim/measure/results_fixture.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using test::set_cell;
using test::summarised_herd;
using testing::HasSubstr;
using testing::Not;

Scenario paper() {
  Scenario scenario;
  scenario.name = "paper";
  scenario.seed = 7;
  scenario.duration = 10s;
  return scenario;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::multiset<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), std::istream_iterator<std::string>()};
}

TEST(ConsoleTable, TwoHerdsSideBySide) {
  RunResults run;
  run.herds = {summarised_herd("echo", 10), summarised_herd("split-horizon", 6)};
  set_cell(run.herds[1], "converged", std::int64_t{0});
  set_cell(run.herds[1], "propagation_max_us", Cell());
  run.expectations = {{"echo", "messages_per_update", 10, {}, {}, 10, true}};
  EXPECT_EQ(console_table(paper(), run, "results/paper"),
            R"(paper  seed 7, 10 s

                             echo  split-horizon
propagation            flood-echo          flood
servers                         5              5
links                           5              5
updates                     1,000          1,000
accepted                    1,000          1,000
messages per update         10.00           6.00
duplicates per update        6.00           2.00
redundancy                   1.50           0.50
echoes                      4,000              0
stale                           0              0
lost                            0              0
undelivered                     0              0
covered                     1,000          1,000
propagation p50            182 µs         182 µs
propagation p99           1.23 ms        1.23 ms
propagation max           45.7 ms              –
coverage p50               250 µs         250 µs
coverage max              46.0 ms        46.0 ms
reply p50                 90.0 µs        90.0 µs
reply p99                  400 µs         400 µs
reply max                  1.50 s         1.50 s
handovers                       0              0
link drops                      0              0
converged                     yes             no
violations                      0              0
CPU time                   0.25 s         0.25 s
memory                   12.3 MiB       12.3 MiB

expectations  1 of 1 held
files         results/paper
)");
}

TEST(ConsoleTable, ManyHerdsAreRowsThatStayAligned) {
  RunResults run;
  for (int i = 0; i < 12; ++i) run.herds.push_back(summarised_herd("herd-" + std::to_string(i), 6));
  run.herds[3].herd = "日本-Zoë";
  const std::string text = console_table(paper(), run, "results/paper");
  std::size_t headings = 0;
  std::size_t width = 0;
  for (const std::string& line : lines_of(text)) {
    EXPECT_LE(display_width(line), 100u) << line;
    if (line.starts_with("herd ")) {
      ++headings;
      width = display_width(line);
    } else if (line.starts_with("herd-") || line.starts_with("日本")) {
      EXPECT_EQ(display_width(line), width) << line;
    }
  }
  EXPECT_EQ(headings, 3u) << text;
  for (const char* head : {"msgs/upd", "prop p99", "cover max", "reply max", "violations"}) {
    EXPECT_THAT(text, HasSubstr(head));
  }
}

TEST(ConsoleTable, FiveHerdsAreColumnsAndSixAreRows) {
  RunResults run;
  for (int i = 0; i < 5; ++i) run.herds.push_back(summarised_herd("h" + std::to_string(i), 6));
  EXPECT_THAT(console_table(paper(), run, "x"), HasSubstr("\nmessages per update "));
  run.herds.push_back(summarised_herd("h5", 6));
  EXPECT_THAT(console_table(paper(), run, "x"), HasSubstr("\nherd "));
}

TEST(ConsoleTable, LongNamesTurnItToo) {
  RunResults run;
  run.herds = {summarised_herd(std::string(90, 'a'), 6), summarised_herd("b", 6)};
  const std::string text = console_table(paper(), run, "x");
  EXPECT_THAT(text, HasSubstr("\nherd "));
  EXPECT_THAT(text, HasSubstr("…"));
  for (const std::string& line : lines_of(text)) EXPECT_LE(display_width(line), 100u) << line;
}

TEST(ConsoleTable, QueriesShowOnlyWhereThereWereAny) {
  RunResults run;
  run.herds = {summarised_herd("a", 6)};
  EXPECT_THAT(console_table(paper(), run, "x"), Not(HasSubstr("queries")));
  set_cell(run.herds[0], "queries", std::int64_t{3});
  EXPECT_THAT(console_table(paper(), run, "x"), HasSubstr("queries"));
}

// Figures that only runs with faults and moving clients have are left out of all others.
TEST(ConsoleTable, RareMeasuresShowOnlyWhereTheyAreNotZero) {
  const std::pair<const char*, const char*> counts[] = {{"deliveries_again", "deliveries again"},
                                                        {"repairs", "repairs"},
                                                        {"sync_bytes", "sync bytes"},
                                                        {"handovers_stale", "handovers stale"},
                                                        {"server_restarts", "server restarts"},
                                                        {"connections_lost", "connections lost"},
                                                        {"odd_replies", "odd replies"},
                                                        {"refusals", "refusals"},
                                                        {"closings", "closings"},
                                                        {"silences", "silences"},
                                                        {"wrong_records", "wrong records"}};
  for (const auto& [column, label] : counts) {
    RunResults run;
    run.herds = {summarised_herd("a", 6), summarised_herd("b", 6)};
    EXPECT_THAT(console_table(paper(), run, "x"), Not(HasSubstr(label)));
    set_cell(run.herds[1], column, std::int64_t{12345});
    EXPECT_THAT(console_table(paper(), run, "x"), HasSubstr("\n" + std::string(label) + " "));
    EXPECT_THAT(console_table(paper(), run, "x"), HasSubstr(" 12,345\n")) << label;
  }
  RunResults run;
  run.herds = {summarised_herd("a", 6)};
  set_cell(run.herds[0], "staleness_p50_us", test::micros(0));
  set_cell(run.herds[0], "staleness_max_us", test::micros(0));
  EXPECT_THAT(console_table(paper(), run, "x"), Not(HasSubstr("staleness")));
  set_cell(run.herds[0], "staleness_max_us", test::micros(7));
  EXPECT_THAT(console_table(paper(), run, "x"), HasSubstr("\nstaleness max "));
  EXPECT_THAT(console_table(paper(), run, "x"), Not(HasSubstr("staleness p50")));
}

TEST(ConsoleTable, WarnsOfAScriptThatWasPlayedLate) {
  RunResults run;
  for (int i = 0; i < 99; ++i) run.schedule_lag.add(900us);
  run.schedule_lag.add(500ms);
  EXPECT_THAT(console_table(paper(), run, "x"), Not(HasSubstr("late"))) << "by less than 1 ms";
  for (int i = 0; i < 2; ++i) run.schedule_lag.add(46ms);
  const std::string text = console_table(paper(), run, "x");
  EXPECT_THAT(text, HasSubstr("\nWARNING       late script: the clients fell behind the script: 1 "
                              "action in 100 was at least 46.1 ms\n"
                              "              late, the worst 500 ms. Do not trust the times of "));
  for (const std::string& line : lines_of(text)) EXPECT_LE(display_width(line), 100u) << line;
}

TEST(ConsoleTable, TellsWhatBecameOfUpdatesThatDidNotReachEveryServer) {
  RunResults run;
  run.herds = {summarised_herd("a", 6), summarised_herd("b", 6)};
  for (HerdResults& herd : run.herds) {
    set_cell(herd, "accepted", std::int64_t{100});
    set_cell(herd, "covered", std::int64_t{100});
    set_cell(herd, "superseded_on_way", std::int64_t{0});
  }
  EXPECT_THAT(console_table(paper(), run, "x"), Not(HasSubstr("fully delivered")));
  set_cell(run.herds[1], "covered", std::int64_t{66});
  set_cell(run.herds[1], "superseded_on_way", std::int64_t{34});
  const std::string text = console_table(paper(), run, "x");
  EXPECT_THAT(text,
              HasSubstr("\nupdates       b: fully delivered 66 %, superseded on the way 34 %, "
                        "never 0 %\n"));
  EXPECT_THAT(text, Not(HasSubstr(" a: fully")));
}

TEST(ConsoleTable, TimesThatVirtualTimeDoesNotHaveAreNotZero) {
  RunResults run;
  run.herds = {summarised_herd("a", 6)};
  set_cell(run.herds[0], "coverage_p50_us", test::micros(0));
  set_cell(run.herds[0], "staleness_p50_us", test::micros(0));
  set_cell(run.herds[0], "staleness_max_us", test::micros(5));
  Scenario scenario = paper();
  EXPECT_THAT(console_table(scenario, run, "x"), testing::ContainsRegex("coverage p50 +0 µs"));
  EXPECT_THAT(console_table(scenario, run, "x"), Not(HasSubstr("hint")));
  scenario.clock = ClockKind::kVirtual;
  const std::string text = console_table(scenario, run, "x");
  EXPECT_THAT(text, testing::ContainsRegex("coverage p50 +–"));
  EXPECT_THAT(text, HasSubstr("\nhint          – stands for a time of 0"));
  set_cell(run.herds[0], "coverage_p50_us", test::micros(3));
  EXPECT_THAT(console_table(scenario, run, "x"), Not(HasSubstr("hint")));
}

TEST(ConsoleTable, NamesEachFailedExpectationWithItsFigure) {
  RunResults run;
  run.herds = {summarised_herd("a", 6)};
  run.expectations = {{"a", "updates", 1000, {}, {}, 1000, true},
                      {"a", "messages_per_update", 4, {}, {}, 6, false},
                      {"b", "propagation_p99_us", {}, 1, 2.5, 1234.567, false},
                      {"b", "redundancy", {}, {}, 0, {}, false}};
  EXPECT_THAT(
      console_table(paper(), run, "x"),
      HasSubstr("expectations  1 of 4 held\n"
                "  FAILED a: messages_per_update is 6, should be 4\n"
                "  FAILED b: propagation_p99_us is 1234.567, should be at least 1 and at most 2.5\n"
                "  FAILED b: redundancy is unknown, should be at most 0\n"));
}

TEST(ConsoleTable, ShowsTheFirstViolationsAndCountsTheRest) {
  RunResults run;
  run.herds = {summarised_herd("a", 6), summarised_herd("b", 6)};
  run.herds[0].violations = {"one\x1b[2J", std::string(300, 'x')};
  set_cell(run.herds[1], "violations", std::int64_t{1500});
  run.herds[1].violations.assign(100, "again");
  const std::string text = console_table(paper(), run, "x");
  EXPECT_THAT(text, HasSubstr("violations    1,502\n  a: one\\x1b[2J\n  a: xxx"));
  EXPECT_THAT(text, HasSubstr("x…\n  b: again\n  b: again\n  b: again\n  … and 1,497 more"));
  for (const std::string& line : lines_of(text)) EXPECT_LE(display_width(line), 100u) << line;
}

TEST(ConsoleTable, WrapsNotesAndViolationsBetweenWords) {
  RunResults run;
  run.herds = {summarised_herd("a", 6)};
  std::string numbers = "missing:";
  for (int n = 1000; n < 1100; ++n) numbers += ' ' + std::to_string(n) + ".25";
  run.notes = {numbers, "short"};
  run.herds[0].violations = {numbers};
  const std::string text = console_table(paper(), run, "x");
  for (int n = 1000; n < 1100; ++n) {
    EXPECT_EQ(words_of(text).count(std::to_string(n) + ".25"), 2U) << n;
  }
  EXPECT_THAT(text, HasSubstr("\nnote          missing: 1000.25 "));
  EXPECT_THAT(text, HasSubstr("\n              10"));
  EXPECT_THAT(text, HasSubstr("\nnote          short\n"));
  for (const std::string& line : lines_of(text)) EXPECT_LE(display_width(line), 100u) << line;
}

TEST(ConsoleTable, HerdsAreRowsOnAScreenThatIsTooNarrowForThem) {
  RunResults run;
  run.herds = {summarised_herd("a-herd-with-a-name", 10), summarised_herd("another-herd-here", 6)};
  EXPECT_THAT(console_table(paper(), run, "x"), HasSubstr("\nmessages per update "));
  for (const std::size_t columns : {kNarrowestTable, std::size_t{50}}) {
    const std::string text = console_table(paper(), run, "x", Screen{columns});
    EXPECT_THAT(text, HasSubstr("\nherd "));
    for (const std::string& line : lines_of(text)) EXPECT_LE(display_width(line), columns) << line;
  }
}

TEST(ConsoleTable, WhatFailedIsRedIfTheScreenHasColours) {
  RunResults run;
  run.complete = false;
  run.herds = {summarised_herd("a", 6)};
  run.herds[0].violations = {"one"};
  run.expectations = {{"a", "messages_per_update", 10, {}, {}, 6, false}};
  const std::string coloured = console_table(paper(), run, "x", Screen{100, true});
  for (const auto* const words : {"FAILED", "INCOMPLETE", "violations    1"}) {
    EXPECT_THAT(coloured, HasSubstr("\x1b[31m" + std::string(words) + "\x1b[0m"));
    EXPECT_THAT(console_table(paper(), run, "x"), HasSubstr(words));
  }
  EXPECT_THAT(console_table(paper(), run, "x"), Not(HasSubstr("\x1b")));
}

TEST(ConsoleTable, SaysWhereThereAreNoFiles) {
  EXPECT_THAT(console_table(paper(), RunResults(), std::nullopt),
              HasSubstr("\nfiles         none: they could not be written\n"));
}

TEST(ConsoleTable, SaysThatARunIsIncomplete) {
  RunResults run;
  run.complete = false;
  EXPECT_THAT(console_table(paper(), run, "x"), HasSubstr("\nINCOMPLETE: the run was interrupted"));
}

TEST(ConsoleTable, NoHerdsAndNoFiguresAreNoTrouble) {
  RunResults run;
  EXPECT_EQ(console_table(paper(), run, "x"), "paper  seed 7, 10 s\n\nfiles         x\n");
  run.herds.resize(7);
  EXPECT_THAT(console_table(paper(), run, "x"), HasSubstr("files"));
}

}  // namespace
}  // namespace sim
