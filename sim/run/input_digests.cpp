#include "sim/run/input_digests.h"

#include <utility>

#include "sim/base/io/file_digest.h"
#include "sim/script/spec/named_files.h"

namespace sim {

std::vector<InputFile> input_digests(const Scenario& scenario) {
  std::vector<InputFile> inputs;
  for (const NamedFile& each : named_files(scenario)) {
    if (auto digest = sha256_of_file(each.path)) {
      inputs.push_back({each.name, std::move(*digest)});
    }
  }
  return inputs;
}

}  // namespace sim
