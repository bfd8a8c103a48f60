// The output of a command: a file, or standard output.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace sim {

// The name by which a command line means standard output.
inline constexpr std::string_view kStandardOutput = "-";

// Keeps the first error and writes nothing after it.
class TextSink {
 public:
  // Creates or empties the file, as open_named_output() does. An empty name and `-` mean standard
  // output.
  explicit TextSink(const std::string& file);

  // Writes the text and clears it. Returns false if there has been an error.
  bool write(std::string& text);

  // Flushes and closes. Returns the first error, such as "walk.csv: cannot be written: No space
  // left on device", or an empty string if all was written. Call last.
  std::string finish();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void fail(const char* what);

  std::string file_;
  std::unique_ptr<std::FILE, Close> owned_;
  std::FILE* stream_ = stdout;
  std::string error_;
};

}  // namespace sim
