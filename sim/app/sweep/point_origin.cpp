#include "sim/app/sweep/point_origin.h"

#include "sim/base/build_info.h"
#include "sim/base/json/parse_json.h"

namespace sim {
namespace {

std::string text_in(const json_t* object, const char* key) {
  return std::string(string_of(json_object_get(object, key)));
}

}  // namespace

PointOrigin own_origin() {
  return {HERDSIM_VERSION, std::string(kBuildCommit), std::string(kBuildArchitecture), {}};
}

PointOrigin read_origin(const json_t* run) {
  const json_t* const program = json_object_get(run, "herdsim");
  PointOrigin origin = {text_in(program, "version"),
                        text_in(program, "commit"),
                        text_in(program, "architecture"),
                        {}};
  const json_t* const inputs = json_object_get(run, "inputs");
  for (std::size_t i = 0; i < json_array_size(inputs); ++i) {
    const json_t* const input = json_array_get(inputs, i);
    origin.inputs[text_in(input, "file")] = text_in(input, "sha256");
  }
  return origin;
}

std::string join_origins(PointOrigin& all, const PointOrigin& one) {
  if (one.version != all.version) return "is from another version (" + one.version + ")";
  if (one.commit != all.commit) return "is from another commit (" + one.commit + ")";
  if (one.architecture != all.architecture) {
    return "is from another architecture (" + one.architecture + ")";
  }
  for (const auto& [file, digest] : one.inputs) {
    const auto known = all.inputs.emplace(file, digest).first;
    if (known->second != digest) return "was made from another " + file;
  }
  return "";
}

}  // namespace sim
