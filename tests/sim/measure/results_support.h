// Helpers for the tests of the results writers: a temporary folder, and files as text.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sim::test {

// A new folder, removed at the end with everything in it.
class TempFolder {
 public:
  TempFolder() {
    std::string name = std::filesystem::temp_directory_path() / "herdsim-test-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) ADD_FAILURE() << "no temporary folder";
    path_ = std::filesystem::canonical(name);
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.is_open()) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void write_file(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out << text;
  EXPECT_TRUE(out.good()) << path;
}

// Returns every file below a folder, hidden ones too, with its text. An empty folder is "NAME/".
inline std::map<std::string, std::string> snapshot(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().lexically_relative(folder).string();
    if (entry.is_regular_file()) {
      files[name] = read_file(entry.path());
    } else if (entry.is_directory() && std::filesystem::is_empty(entry.path())) {
      files[name + '/'] = "";
    }
  }
  return files;
}

using CsvRows = std::vector<std::vector<std::string>>;

// Parses RFC 4180 by its grammar, independently of the writer.
inline CsvRows read_csv(const std::string& text) {
  CsvRows rows;
  std::vector<std::string> row;
  std::size_t i = 0;
  while (i < text.size()) {
    std::string field;
    if (text[i] == '"') {
      for (++i;; ++i) {
        if (i >= text.size()) {
          ADD_FAILURE() << "an open quote";
          return rows;
        }
        if (text[i] == '"') {
          if (i + 1 < text.size() && text[i + 1] == '"') {
            ++i;
          } else {
            break;
          }
        }
        field += text[i];
      }
      ++i;
    } else {
      while (i < text.size() && text[i] != ',' && text[i] != '\n') {
        EXPECT_NE(text[i], '"') << "a quote in an unquoted field";
        field += text[i++];
      }
    }
    row.push_back(field);
    if (i >= text.size()) {
      ADD_FAILURE() << "no end of line at the end";
      return rows;
    }
    if (text[i] == '\n') {
      rows.push_back(row);
      row.clear();
      ++i;
    } else {
      EXPECT_EQ(text[i], ',') << "text behind a closing quote";
      ++i;
      if (i < text.size() && text[i] == '\n') {  // an empty last field
        row.emplace_back();
        rows.push_back(row);
        row.clear();
        ++i;
      }
    }
  }
  EXPECT_TRUE(row.empty());
  return rows;
}

}  // namespace sim::test
