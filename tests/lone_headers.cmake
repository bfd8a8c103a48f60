# Compiles each header of core/ and sim/ alone, so that each includes what it needs. A source that
# includes its own header first has proven that already; every other header gets a source of its own.
# A build with sanitizers would show no more.
if(HERDSIM_SANITIZE)
  return()
endif()
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
  ${PROJECT_SOURCE_DIR}/core/*.h ${PROJECT_SOURCE_DIR}/sim/*.h)
set(lone_sources "")
foreach(header ${headers})
  string(REGEX REPLACE "\\.h$" ".cpp" source ${header})
  set(first "")
  if(EXISTS ${PROJECT_SOURCE_DIR}/${source})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${source})
    file(STRINGS ${PROJECT_SOURCE_DIR}/${source} first REGEX "^#include" LIMIT_COUNT 1)
  endif()
  if(first STREQUAL "#include \"${header}\"")
    continue()
  endif()
  set(lone_source ${CMAKE_CURRENT_BINARY_DIR}/lone/${header}.cpp)
  file(CONFIGURE OUTPUT ${lone_source} CONTENT "#include \"${header}\"\n" @ONLY)
  list(APPEND lone_sources ${lone_source})
endforeach()
add_library(lone_headers OBJECT ${lone_sources})
target_link_libraries(lone_headers PRIVATE herdsim_sim)
# Together in one file they would not be alone.
set_target_properties(lone_headers PROPERTIES UNITY_BUILD OFF)
target_compile_options(lone_headers PRIVATE -O0)
