// Runs in results folders, for the tests of OutputFolder.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "sim/measure/results/output_folder.h"
#include "tests/sim/measure/results_support.h"

namespace sim::test {

using Files = std::map<std::string, std::string>;

// Returns the output folder, or null after a test failure.
inline std::unique_ptr<OutputFolder> open_output(const std::filesystem::path& folder) {
  auto output = OutputFolder::create(folder);
  if (!output) {
    ADD_FAILURE() << output.error().message();
    return nullptr;
  }
  return std::move(output).value();
}

// Returns the message of a creation that must fail.
inline std::string refusal(const std::filesystem::path& folder) {
  const auto output = OutputFolder::create(folder);
  return output ? "nothing is wrong" : output.error().message();
}

// Returns a run.json that lists a run's files.
inline std::string run_json(const std::string& what, bool complete = true) {
  return R"({"what": ")" + what + R"(", "complete": )" + (complete ? "true" : "false") +
         R"(, "files": ["summary.csv", "logs/herd/Alford.log"]})";
}

// Writes a run with the text `what` in each of its files.
inline void write_run(const std::filesystem::path& folder, const std::string& what,
                      bool complete = true) {
  write_file(folder / "summary.csv", what);
  write_file(folder / "logs" / "herd" / "Alford.log", what);
  write_file(folder / "run.json", run_json(what, complete));
}

// Returns the files of write_run().
inline Files run_files(const std::string& what, bool complete = true) {
  return {{"summary.csv", what},
          {"logs/herd/Alford.log", what},
          {"run.json", run_json(what, complete)}};
}

// Checks that a run can be written to the folder and put in place.
inline void expect_published(const std::filesystem::path& folder) {
  const auto output = open_output(folder);
  ASSERT_TRUE(output);
  write_run(output->partial(), "new");
  const auto place = output->publish();
  ASSERT_TRUE(place) << place.error().message();
  EXPECT_EQ(*place, output->folder());
}

// Returns whether it was put in place.
inline bool publish(OutputFolder& output) { return output.publish().ok(); }

// Runs `body` in a child process with the working folder `folder`. Returns its result, 0 for
// success.
inline int in_child(const std::filesystem::path& folder, const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(::chdir(folder.c_str()) == 0 ? body() : 99);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace sim::test
