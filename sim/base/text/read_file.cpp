#include "sim/base/text/read_file.h"

#include <array>
#include <cstdio>
#include <memory>

namespace sim {
namespace {

struct FileClose {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

std::optional<std::string> read_file(const std::string& file) {
  const std::unique_ptr<std::FILE, FileClose> stream(std::fopen(file.c_str(), "rb"));
  if (stream == nullptr) return std::nullopt;
  std::string text;
  std::array<char, 65536> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), stream.get())) {
    text.append(buffer.data(), got);
  }
  if (std::ferror(stream.get()) != 0) return std::nullopt;
  return text;
}

}  // namespace sim
