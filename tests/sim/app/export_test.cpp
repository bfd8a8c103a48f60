// Exports of a run that is too large for them. tests/e2e/export_test.py has the formats.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "sim/app/export/export_formats.h"
#include "sim/app/export/flood_steps.h"
#include "sim/base/json/parse_json.h"

namespace sim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTracedUpdates = 40, kExported = 5;  // of an update

// A results folder with one herd, in which each update crosses each link of a line once.
class ExportLimits : public testing::Test {
 protected:
  ExportLimits() : folder_(fs::path(testing::TempDir()) / "herdsim-export-limits") {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    std::ofstream(folder_ / "run.json")
        << R"({"name": "made", "files": ["updates.csv", "messages.csv", "events.csv"]})";
    std::ofstream(folder_ / "summary.csv") << "herd,servers\nh,6\n";
    std::ofstream updates(folder_ / "updates.csv"), messages(folder_ / "messages.csv");
    updates << "herd,update,client,origin,outcome,sent_us,accepted_us,servers_reached,messages,"
               "duplicates,echoes,coverage_us,reply_us\n";
    messages << "herd,update,from,to,sent_us,received_us,hops,kind,echo,repair\n";
    for (std::size_t i = 0; i < kTracedUpdates; ++i) {
      updates << "h," << i << ",c,S0,accepted," << i << ".000," << i
              << ".000,6,5,0,0,5.000,1.000\n";
      for (std::size_t k = 0; k < kExported; ++k) {
        messages << "h," << i << ",S" << k << ",S" << k + 1 << ',' << i + k << ".000," << i + k + 1
                 << ".000," << k + 1 << ",delivery,0,0\n";
      }
    }
  }
  ~ExportLimits() override { fs::remove_all(folder_); }

  Export perfetto(std::size_t most, const std::vector<RunEvent>& events = {}) {
    const auto run = ShownRun::read(folder_);
    if (!run) return {run.error().what, {}};
    auto out = perfetto_json(*run, {&run->herds().front()}, events, std::nullopt, most);
    return out ? *out : Export{out.error().what, {}};
  }

  fs::path folder_;
};

std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++count;
  return count;
}

std::size_t events_in(const Export& trace) {
  const OwnedJson document = parse_json(trace.text);
  EXPECT_NE(document, nullptr) << trace.text;
  return json_array_size(json_object_get(document.get(), "traceEvents"));
}

TEST_F(ExportLimits, ATraceThatFitsHasEveryMessage) {
  const Export trace = perfetto(kMostTraceEvents);
  EXPECT_EQ(count_of(trace.text, R"("ph":"b")"), kTracedUpdates * kExported);
  EXPECT_TRUE(trace.notes.empty());
}

TEST_F(ExportLimits, OfTooManyMessagesWholeUpdatesAreKeptEvenlyOverTheRun) {
  const Export trace = perfetto(900);
  EXPECT_LE(events_in(trace), 900U);
  EXPECT_EQ(count_of(trace.text, R"("ph":"b")"), kTracedUpdates * kExported / 2);
  EXPECT_EQ(count_of(trace.text, R"("args":{"update":38,)"), kExported);
  EXPECT_EQ(count_of(trace.text, R"("args":{"update":39,)"), 0U);
  ASSERT_EQ(trace.notes.size(), 1U);
  EXPECT_TRUE(trace.notes.front().starts_with("100 messages are left out")) << trace.notes.front();
}

TEST_F(ExportLimits, AFloodThatIsTooLargeAloneIsCut) {
  const Export trace = perfetto(20);
  EXPECT_LE(events_in(trace), 20U);
  EXPECT_GT(count_of(trace.text, R"("ph":"b")"), 0U);
  ASSERT_EQ(trace.notes.size(), 1U);
}

TEST_F(ExportLimits, EventsLeaveRoomForMessages) {
  const std::vector<RunEvent> events(1000, RunEvent{herd::Duration(1), "h", "map_changed", "S1"});
  const Export trace = perfetto(400, events);
  EXPECT_LE(events_in(trace), 400U);
  EXPECT_GT(count_of(trace.text, R"("ph":"b")"), 10U);
  EXPECT_EQ(trace.notes.size(), 2U);
}

TEST(FloodSteps, AtOneMomentCausesComeFirst) {
  ShownMessage first, second;
  first.from = "A", first.to = "B", first.received = herd::Duration(0), first.hops = 1;
  second.from = "B", second.to = "C", second.received = herd::Duration(0), second.hops = 2;
  const std::vector<ShownMessage> messages = {second, first};
  std::string order;
  for (const FloodStep& step : flood_steps(messages)) order += step.server();
  EXPECT_EQ(order, "ABBC");
}

}  // namespace
}  // namespace sim
