#include "sim/measure/results/write_results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <jansson.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/measure/results/run_json.h"
#include "sim/measure/results/tables.h"
#include "tests/sim/measure/results_fixture.h"
#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

namespace fs = std::filesystem;
using test::read_file;
using test::small_run;
using test::TempFolder;
using testing::HasSubstr;

// The columns that people's scripts may rely on, in their order. New ones come behind them.
const std::map<std::string, std::string> kHeaders = {
    {"summary.csv",
     "scenario,herd,engine,clock,seed,servers,links,propagation,recovery,clients,updates,accepted,"
     "deliveries,undelivered,messages,messages_per_update,duplicates,duplicates_per_update,echoes,"
     "stale,lost,redundancy,bytes,covered,propagation_p50_us,propagation_p90_us,"
     "propagation_p99_us,propagation_max_us,coverage_p50_us,coverage_p99_us,coverage_max_us,"
     "reply_p50_us,reply_p99_us,reply_max_us,queries,query_errors,query_p50_us,query_p99_us,"
     "handovers,handover_p50_us,link_drops,converged,violations,cpu_s,rss_mib,wall_s,"
     "deliveries_again,repairs,sync_bytes,handovers_stale,staleness_p50_us,staleness_max_us,"
     "server_restarts,connections_lost,wrong_records,updates_per_s,observed,"
     "replies,odd_replies,refusals,closings,silences"},
    {"updates.csv",
     "herd,update,client,origin,sent_us,accepted_us,outcome,servers_reached,messages,duplicates,"
     "echoes,coverage_us,reply_us"},
    {"messages.csv", "herd,update,from,to,sent_us,received_us,hops,kind,echo,repair"},
    {"undelivered.csv", "herd,update,client,origin,server,reason,undelivered"},
    {"timeline.csv",
     "herd,from_us,to_us,accepted,covered,deliveries,messages,duplicates,echoes,stale,lost,repairs,"
     "links_down,servers_down,open_updates,propagation_p50_us,propagation_p99_us,"
     "propagation_max_us,reply_p50_us,reply_p99_us,reply_max_us"},
    {"heat.csv", "herd,from_us,to_us,least_us,upto_us,count"},
    {"histograms.csv", "herd,metric,upto_us,count"},
    {"deliveries.csv", "herd,update,server,from,hops,latency_us"},
    {"links.csv", "herd,from,to,messages,bytes,duplicates,echoes,drops,down_us,repairs,sync_bytes"},
    {"servers.csv",
     "herd,server,port,clients_known,accepted,messages_in,messages_out,duplicates_in,"
     "invalid_lines,queries,connections_peak,clients_held,clients_dropped,"
     "links_overflowed,restarts,holds"},
    {"clients.csv",
     "herd,client,updates,queries,handovers,reply_p50_us,reply_max_us,connections_lost,answers,"
     "replies,odd_replies,refusals,closings,silences"},
    {"queries.csv", "herd,query,client,about,server,radius_km,bound,status,places,latency_us"},
    {"handovers.csv", "herd,client,at_us,from,to,latency_us,connected_us,known,stale_us"},
    {"events.csv", "at_us,herd,event,detail"},
};

std::string body_of(const fs::path& file) {
  const std::string text = read_file(file);
  return text.substr(text.find('\n') + 1);
}

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

TEST(WriteResults, HeadersAreTheContracts) {
  const TempFolder temp;
  EXPECT_FALSE(write_results(Scenario(), RunResults(), temp.path()));
  for (const auto& [file, header] : kHeaders) {
    const std::string text = read_file(temp.path() / file);
    EXPECT_EQ(text.find('\n'), text.size() - 1) << file << " of a run without herds";
    EXPECT_TRUE((text.substr(0, text.size() - 1) + ',').starts_with(header + ',')) << text;
  }
}

TEST(WriteResults, EveryRowOfEveryTable) {
  const TempFolder temp;
  const fs::path& folder = temp.path();
  EXPECT_FALSE(write_results(Scenario(), small_run(), folder));
  EXPECT_EQ(body_of(folder / "updates.csv"),
            "\"a,b\",0,phone-0,Alford,1500.000,1750.000,accepted,2,2,1,1,123.456,90.000\n"
            "\"a,b\",1,phone-1,Ball,2000.000,,superseded,0,0,0,0,,\n"
            "\"a,b\",2,\"phone-\"\"2\"\"\",,2500.000,,unanswered,0,0,0,0,,\n");
  EXPECT_EQ(body_of(folder / "deliveries.csv"), "\"a,b\",0,Ball,Alford,1,123.456\n");
  EXPECT_EQ(body_of(folder / "messages.csv"),
            "\"a,b\",0,Alford,Ball,1750.000,1873.456,1,delivery,0,0\n"
            "\"a,b\",0,Ball,Alford,1875.000,,2,lost,1,1\n");
  EXPECT_EQ(body_of(folder / "undelivered.csv"),
            "\"a,b\",1,phone-1,Alford,Ball,cut_off,1\n\"a,b\",,odd,Ball,Alford,superseded,0\n");
  EXPECT_EQ(body_of(folder / "timeline.csv"),
            "\"a,b\",0.000,50000.000,1,2,3,4,5,6,7,8,9,10,11,12,1.000,2.000,3.000,,,\n");
  EXPECT_EQ(body_of(folder / "heat.csv"), "\"a,b\",0.000,100000.000,0.896,1.023,3\n");
  EXPECT_EQ(body_of(folder / "histograms.csv"),
            "\"a,b\",propagation,0.255,3\n\"a,b\",reply,95.000,1\n");
  EXPECT_EQ(body_of(folder / "links.csv"),
            "\"a,b\",Alford,Ball,1,100,0,0,1,2000.000,1,70\n"
            "\"a,b\",Ball,Alford,1,101,1,1,1,0.000,0,0\n");
  EXPECT_EQ(body_of(folder / "servers.csv"),
            "\"a,b\",Alford,4711,2,1,3,4,5,6,7,8,9,10,11,12,6a09e667f3bcc908\n"
            "\"a,b\",Ball,4712,0,0,0,0,0,0,0,0,0,0,0,0,6a09e667f3bcc908\n");
  EXPECT_EQ(body_of(folder / "clients.csv"),
            "\"a,b\",phone-0,1,1,0,90.000,95.000,3,6a09e667f3bcc908,4,5,6,7,8\n"
            "\"a,b\",phone-1,1,0,2,,,0,6a09e667f3bcc908,0,0,0,0,0\n");
  EXPECT_EQ(body_of(folder / "queries.csv"),
            "\"a,b\",0,phone-0,phone-1,Alford,10,5,OK,3,2500.000\n"
            "\"a,b\",1,phone-0,nobody,Alford,0.50,20,?,,80.000\n"
            "\"a,b\",2,phone-1,phone-0,Ball,1,1,,,\n");
  EXPECT_EQ(body_of(folder / "handovers.csv"),
            "\"a,b\",phone-1,3000.000,Alford,Ball,7.500,2.000,1,0.000\n"
            "\"a,b\",phone-1,4000.000,Ball,Alford,,2.500,0,1.250\n"
            "\"a,b\",phone-1,5000.000,Alford,Ball,,3.000,0,\n"
            "\"a,b\",phone-1,6000.000,Ball,Alford,,,,\n");
  EXPECT_EQ(body_of(folder / "events.csv"),
            "0.000,,start,\n2000000.000,\"a,b\",link_down,\"Alford Ball, cut\"\n");
}

TEST(WriteResults, SummaryHasARowForEachHerdAndWritesEachKindOfCell) {
  const TempFolder temp;
  EXPECT_FALSE(write_results(Scenario(), small_run(), temp.path()));
  const test::CsvRows rows = test::read_csv(read_file(temp.path() / "summary.csv"));
  ASSERT_EQ(rows.size(), 3u);
  std::map<std::string, std::string> row;
  for (std::size_t i = 0; i < rows[0].size(); ++i) row[rows[0][i]] = rows[1][i];
  EXPECT_EQ(row["herd"], "a,b");
  EXPECT_EQ(row["messages"], "10000");
  EXPECT_EQ(row["messages_per_update"], "10");
  EXPECT_EQ(row["redundancy"], "1.5");
  EXPECT_EQ(row["propagation_p99_us"], "1234.000");
  EXPECT_EQ(row["query_p50_us"], "") << "unknown is empty";
  EXPECT_EQ(row["converged"], "1");
  EXPECT_EQ(rows[2][1], "none");
}

TEST(WriteResults, RecordSaysWhichFilesThereAre) {
  const std::set<std::string> always = {
      "summary.csv",   "messages.csv", "links.csv", "servers.csv",    "clients.csv", "queries.csv",
      "handovers.csv", "timeline.csv", "heat.csv",  "histograms.csv", "events.csv",  "run.json"};
  std::set<std::string> with_updates = always;
  with_updates.insert("updates.csv");
  std::set<std::string> all = with_updates;
  all.insert("deliveries.csv");
  all.insert("undelivered.csv");
  const std::pair<RecordLevel, std::set<std::string>> rows[] = {
      {RecordLevel::kSummary, always},
      {RecordLevel::kUpdates, with_updates},
      {RecordLevel::kDeliveries, all}};
  for (const auto& [level, want] : rows) {
    const TempFolder temp;
    Scenario scenario;
    scenario.record = level;
    EXPECT_FALSE(write_results(scenario, small_run(), temp.path()));
    EXPECT_EQ(names_in(temp.path()), want);
  }
}

TEST(WriteResults, RunJsonNamesTheFilesThatAreThere) {
  const TempFolder temp;
  test::write_file(temp.path() / "logs" / "b" / "Ball.log", "");
  test::write_file(temp.path() / "logs" / "a" / "Alford.log", "");
  Scenario scenario;
  scenario.record = RecordLevel::kSummary;
  EXPECT_FALSE(write_results(scenario, small_run(), temp.path()));
  const OwnedJson json = read_run_file(temp.path());
  ASSERT_NE(json, nullptr);
  std::vector<std::string> files;
  std::size_t i = 0;
  json_t* file = nullptr;
  json_array_foreach(json_object_get(json.get(), "files"), i, file) {
    files.emplace_back(json_string_value(file));
  }
  EXPECT_EQ(files, (std::vector<std::string>{
                       "summary.csv", "messages.csv", "links.csv", "servers.csv", "clients.csv",
                       "queries.csv", "handovers.csv", "timeline.csv", "heat.csv", "histograms.csv",
                       "events.csv", "logs/a/Alford.log", "logs/b/Ball.log"}));
}

TEST(WriteResultsFailure, NoFolder) {
  const TempFolder temp;
  const auto error = write_results(Scenario(), small_run(), temp.path() / "missing");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message(), (temp.path() / "missing" / "summary.csv").string() +
                                  ": cannot be created: No such file or directory");
}

TEST(WriteResultsFailure, AFileInsteadOfAFolder) {
  const TempFolder temp;
  test::write_file(temp.path() / "file", "");
  const auto error = write_results(Scenario(), small_run(), temp.path() / "file");
  ASSERT_TRUE(error);
  EXPECT_THAT(error->message(), HasSubstr("Not a directory"));
}

TEST(WriteResultsFailure, WhicheverFileCannotBeMadeIsNamed) {
  std::vector<std::string> names = {"run.json"};
  for (const Table& table : tables()) names.emplace_back(table.file);
  for (const std::string& name : names) {
    const TempFolder temp;
    fs::create_directory(temp.path() / name);
    const auto error = write_results(Scenario(), small_run(), temp.path());
    ASSERT_TRUE(error) << name;
    EXPECT_EQ(error->message(),
              (temp.path() / name).string() + ": cannot be created: Is a directory");
  }
}

}  // namespace
}  // namespace sim
